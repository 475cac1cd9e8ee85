package space

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// TestPartitions: an account of one partition is not that of another with the same number, and an escape spells it too.
func TestPartitions(t *testing.T) {
	const allow = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":%s},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}`
	for _, tt := range []struct{ old, new string }{
		{`"arn:aws:iam::111122223333:root"`, `["arn:aws:iam::111122223333:root","arn:aws-cn:iam::111122223333:root"]`},
		{`"arn:aws:iam::111122223333:root"`, `["arn:aws:iam::111122223333:root","arn:aws:iam::11112222333\u0034:root"]`},
	} {
		old, new := parse(t, fmt.Sprintf(allow, tt.old)), parse(t, fmt.Sprintf(allow, tt.new))
		if v := NewAccess(old, new, Steps(ample)); v.Answer != Found {
			t.Errorf("%s: %v %s", tt.new, v.Answer, v.Reason)
		}
	}
}

// TestShortcuts holds what is told of two statements by their text against the search, which takes no shortcut.
func TestShortcuts(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	g := gen{rand.New(rand.NewPCG(11, 12))}
	var insides, aparts int
	for range 6_000 {
		doc, other := parse(t, g.document(g.IntN(8) == 0)), parse(t, g.document(g.IntN(8) == 0))
		if g.IntN(2) == 0 {
			other = parse(t, g.nearby(doc))
		}
		s, o := &doc.Statements[0], &other.Statements[0]
		if doc.HasVariables() == other.HasVariables() && newLooks(Steps(ample).open()).inside(s, o) {
			switch v := searched(doc, other, false); v.Answer {
			case Found:
				t.Fatalf("%s\nis not inside\n%s\n%v", doc.Text(), other.Text(), v.Witness)
			case None:
				insides++
			}
		}
		looks := newLooks(Steps(ample).open())
		if looks.apart(looks.of(s), looks.of(o)) {
			switch v := searched(doc, other, true); v.Answer {
			case Found:
				t.Fatalf("%s\nis not apart from\n%s\n%v", doc.Text(), other.Text(), v.Witness)
			case None:
				aparts++
			}
		}
	}
	if insides < 200 || aparts < 200 {
		t.Errorf("%d insides and %d aparts are too few to tell", insides, aparts)
	}
}

// searched asks for a request that the first statement of doc matches and that of other does not, or with both matches
// too.
func searched(doc, other *iam.Document, both bool) Verdict {
	q := question{docs: wholes([]*iam.Document{doc, other}), budget: Steps(ample).open()}
	q.confirm = func(r authz.Request) authz.Match {
		return certainty(isAllowed(alone(doc), r, true)).and(isAllowed(alone(other), r, both))
	}
	q.build = func(u *universe) (boxes, cover []box) {
		boxes, cover = u.boxes(doc, &doc.Statements[0]), u.boxes(other, &other.Statements[0])
		if both {
			return meets(boxes, cover), u.axioms
		}
		return boxes, append(cover, u.axioms...)
	}
	return q.ask()
}

// alone returns the document with its first statement, as an Allow.
func alone(doc *iam.Document) *iam.Document {
	s := doc.Statements[0]
	s.Effect = iam.Allow
	return doc.With(s)
}

// nearby returns a document with one member or value of the first statement more, less or different.
func (g gen) nearby(doc *iam.Document) string {
	s := doc.Statements[0].Value
	m := s.Members[g.IntN(len(s.Members))]
	edit := iam.Edit{At: m.Value.Path()}
	switch m.Name {
	case "Action", "NotAction":
		edit.New = iam.NewStrings(g.pick(genActions...), m.Value.Text)
	case "Resource", "NotResource":
		edit.New = iam.NewStrings(g.pick(genResources...), m.Value.Text)
	case "Condition":
	default:
		return doc.Text()
	}
	text, err := doc.Apply([]iam.Edit{edit})
	if err != nil {
		panic(err)
	}
	return text
}

// TestOpenElements: what a statement that lacks an element, or has it twice, or names principals by wildcards may match
// is left open, and so is what a wildcard matches across the first colons of an ARN, and an empty string of ForAllValues.
func TestOpenElements(t *testing.T) {
	const none = `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`
	const all = `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
	for _, tt := range []struct{ old, new string }{
		{none, `{"Effect":"Allow","Principal":"*","Action":"s3:*"}`},
		{none, `{"Effect":"Allow","Principal":"*","Resource":"arn:aws:s3:::b/*"}`},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","NotAction":"s3:*","Resource":"*"}`,
			`{"Effect":"Allow","Principal":"*","Action":"ec2:*","Resource":"*"}`},
		{`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"NotPrincipal":{"AWS":"444455556666"},"Action":"*","Resource":"*"}`, all},
		{none, `{"Effect":"Allow","Principal":{"Service":"cloudtrail.*"},"Action":"s3:*","Resource":"*"}`},
		{none, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app-*"},"Action":"s3:*","Resource":"*"}`},
		{none, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::11*22:user/x?"},"Action":"s3:*","Resource":"*"}`},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:*:b/a/k"}`,
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/a/k"}`},
		{none, `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","NotResource":"arn:*:b/a/k"},
			{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/a/k"}`},
		{none, `{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{` +
			`"ForAllValues:StringEquals":{"s3:RequestObjectTagKeys":"a"},"ForAnyValue:StringEquals":{"s3:RequestObjectTagKeys":""}}}`},
		{all, all + `,{"Principal":"*","Action":"*","Resource":"*"},{"Principal":"*","Action":"*","Resource":"*"}`},
		{none + `,{"Principal":"*","Action":"*","Resource":"*"}`, `{"Principal":"*","Action":"*","Resource":"*"}`},
	} {
		old, new := parse(t, `{"Statement":[`+tt.old+`]}`), parse(t, `{"Statement":[`+tt.new+`]}`)
		if v := NewAccess(old, new, Steps(ample)); v.Answer != Undecided {
			t.Errorf("%s to %s: %v %v", tt.old, tt.new, v.Answer, v.Witness)
		}
	}
}
