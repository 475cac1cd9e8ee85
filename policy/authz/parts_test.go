package authz

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

func oneStatement(t *testing.T, version, element string) *iam.Document {
	t.Helper()
	doc, err := iam.Parse(`{"Version":"` + version + `","Statement":[{"Effect":"Allow","Action":"*","Resource":"*",` + element + `}]}`)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// decided is the match that a decision about a document of one Allow reveals.
func decided(doc *iam.Document, r Request) Match {
	switch Decide(doc, r).Decision {
	case Allowed:
		return Yes
	case ImplicitDeny:
		return No
	}
	return Maybe
}

var partPrincipals = []string{
	Anonymous, "cloudtrail.amazonaws.com", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/u",
	"arn:aws:iam::111122223333:role/r", "arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:sts::444455556666:assumed-role/r/s",
	"arn:aws:sts::111122223333:federated-user/u",
}

func TestMatchPrincipal(t *testing.T) {
	ids := []string{
		`"*"`, `{"AWS":"*"}`, `{"AWS":"111122223333"}`, `{"AWS":["arn:aws:iam::111122223333:root","arn:aws:iam::444455556666:user/x"]}`,
		`{"AWS":"arn:aws:iam::111122223333:role/r"}`, `{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s"}`, `{"AWS":"arn:aws:iam::*:user/u"}`,
		`{"Service":"cloudtrail.amazonaws.com"}`, `{"Service":"*"}`, `{"Federated":"graph.facebook.com"}`, `{"CanonicalUser":"79a59d"}`, `{"Other":"x"}`,
		`{"AWS":["111122223333","arn:aws:iam::111122223333:role/r","arn:aws:sts::111122223333:assumed-role/r/s"]}`,
	}
	contexts := []Context{nil, {"aws:FederatedProvider": {"graph.facebook.com"}}, {"aws:FederatedProvider": {"www.amazon.com"}}}
	seen := map[Match]int{}
	for _, id := range ids {
		for _, element := range []string{`"Principal":`, `"NotPrincipal":`} {
			doc := oneStatement(t, iam.Version2012, element+id)
			for _, p := range partPrincipals {
				for _, c := range contexts {
					got := MatchPrincipal(doc, &doc.Statements[0], p, c)
					want := decided(doc, Request{Principal: p, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: c})
					if got != want {
						t.Errorf("%s%s %s %v, and %s by itself", element, id, p, want, got)
					}
					seen[got]++
				}
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("no variety: %v", seen)
	}
	doc := oneStatement(t, iam.Version2012, `"Principal":"*"`)
	if got := MatchPrincipal(doc, &doc.Statements[0], "nobody", nil); got != Maybe {
		t.Errorf(`"nobody", which is no principal, %s`, got)
	}
	identity := oneStatement(t, iam.Version2012, `"Sid":"x"`)
	if got := MatchPrincipal(identity, &identity.Statements[0], Anonymous, nil); got != Yes {
		t.Errorf("an identity policy %s", got)
	}
}

func TestMatchCondition(t *testing.T) {
	conditions := []string{
		`"StringEquals":{"s3:prefix":["a","b"]}`, `"StringNotEquals":{"s3:prefix":"a"}`, `"StringLikeIfExists":{"s3:prefix":"a*"}`,
		`"ForAllValues:StringEquals":{"s3:prefix":"a"}`, `"ForAnyValue:StringNotEquals":{"s3:prefix":"a"}`, `"Null":{"s3:prefix":"true"}`,
		`"NumericLessThan":{"s3:prefix":"10"}`, `"NumericNotEquals":{"s3:prefix":"ten"}`, `"DateLessThan":{"s3:prefix":"2030"}`,
		`"IpAddress":{"s3:prefix":"10.0.0.0/8"}`, `"Bool":{"s3:prefix":"true"}`, `"BinaryEquals":{"s3:prefix":"QUFB"}`,
		`"ArnLike":{"s3:prefix":"arn:aws:s3:::*"}`, `"StringSame":{"s3:prefix":"a"}`, `"StringEquals":{"s3:prefix":"${*}"}`,
	}
	values := [][]string{{}, {"a"}, {"ab"}, {""}, {"*"}, {"a", "b"}, {"5"}, {"true"}, {"10.1.2.3"}, {"QUFB"}, {"arn:aws:s3:::b"}, {"2000000000"}}
	seen := map[Match]int{}
	for _, text := range conditions {
		doc := oneStatement(t, iam.Version2012, `"Principal":"*","Condition":{`+text+`}`)
		check := func(values []string, present bool, context Context) {
			got := MatchCondition(doc, &doc.Statements[0].Condition[0], values, present)
			want := decided(doc, Request{Principal: Anonymous, Action: "s3:ListBucket", Resource: "arn:aws:s3:::b", Context: context})
			if got != want {
				t.Errorf("%s and %q: %s, and %s by itself", text, values, want, got)
			}
			seen[got]++
		}
		check([]string{"a"}, false, nil)
		for _, v := range values {
			check(v, true, Context{"s3:prefix": v})
		}
	}
	if len(seen) != 3 {
		t.Errorf("no variety: %v", seen)
	}
}

func TestDerivedKeys(t *testing.T) {
	tests := []struct{ in, want string }{
		{Anonymous, `{"aws:PrincipalAccount":"anonymous","aws:PrincipalType":"Anonymous","aws:userid":"anonymous"}`},
		{"cloudtrail.amazonaws.com", `{"aws:PrincipalIsAWSService":"true","aws:PrincipalServiceName":"cloudtrail.amazonaws.com",` +
			`"aws:PrincipalServiceNamesList":"cloudtrail.amazonaws.com"}`},
		{"arn:aws:iam::111122223333:root", `{"aws:PrincipalAccount":"111122223333","aws:PrincipalArn":"arn:aws:iam::111122223333:root",` +
			`"aws:PrincipalIsAWSService":"false","aws:PrincipalType":"Account","aws:userid":"111122223333"}`},
		{"arn:aws:iam::111122223333:user/path/u", `{"aws:PrincipalAccount":"111122223333","aws:PrincipalArn":"arn:aws:iam::111122223333:user/path/u",` +
			`"aws:PrincipalIsAWSService":"false","aws:PrincipalType":"User","aws:username":"u"}`},
		{"arn:aws:sts::111122223333:assumed-role/r/s", `{"aws:PrincipalAccount":"111122223333","aws:PrincipalArn":"arn:aws:iam::111122223333:role/r",` +
			`"aws:PrincipalIsAWSService":"false","aws:PrincipalType":"AssumedRole"}`},
	}
	for _, tt := range tests {
		got, err := json.Marshal(DerivedKeys(tt.in))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestParseDate(t *testing.T) {
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		in   string
		want []time.Time
		form DateForm
	}{
		{"2026-01-02T03:04:05Z", []time.Time{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, Date},
		{"2026-01-01T00:00:00.5Z", []time.Time{day.Add(500 * time.Millisecond)}, Date},
		{"2026-01-01T00:00Z", []time.Time{day}, Date},
		{"2026-01", []time.Time{day}, Date},
		{"1767225600", []time.Time{day}, Date},
		{"0", []time.Time{time.Unix(0, 0)}, Date},
		{"2026", []time.Time{day, time.Unix(2026, 0)}, Date},
		{"2026-01-01T00:00:00+0000", nil, OpenDate},
		{"2026-01-01T00:00:00+00", nil, OpenDate},
		{"2026-01-01T00:00:00", nil, OpenDate},
		{"2026-01-01T0:00Z", nil, OpenDate},
		{"2026-01-01T00:00:00,5Z", nil, OpenDate},
		{"2026-01-01T24:00:00Z", nil, OpenDate},
		{"2026-01-01 00:00:00 +0000 UTC", nil, OpenDate},
		{"2026-13-01", nil, OpenDate},
		{"2026/01/01", nil, OpenDate},
		{"2026-W01-1", nil, OpenDate},
		{"20260101", []time.Time{time.Unix(20260101, 0)}, Date},
		{"20260101000000", nil, OpenDate},
		{"20260101T000000Z", nil, OpenDate},
		{"1767225600000", nil, OpenDate},
		{"1767225600.5", nil, OpenDate},
		{"+1767225600", nil, OpenDate},
		{"99999999999999999999", nil, OpenDate},
		{"10000-01-01T00:00:00Z", nil, OpenDate},
		{"31.12.2026", nil, NoDate},
		{"2026-01-*", nil, NoDate},
		{"tomorrow", nil, NoDate},
		{"", nil, NoDate},
	}
	for _, tt := range tests {
		got, form := ParseDate(tt.in)
		if form != tt.form || !slices.EqualFunc(got, tt.want, time.Time.Equal) {
			t.Errorf("%s: %v of form %d, want %v of form %d", tt.in, got, form, tt.want, tt.form)
		}
	}
}

func TestCompile(t *testing.T) {
	resolve := func(key string) (value glob.Pattern, present, known bool) {
		switch key {
		case "aws:username":
			return glob.Literal("a*n"), true, true
		case "aws:PrincipalTag/none":
			return glob.Pattern{}, false, true
		case "s3:RequestObjectTagKeys": // of several values, so none that counts
			return glob.Literal("x"), true, true
		}
		return glob.Pattern{}, false, false
	}
	type operand struct {
		Text                     string
		Open, Nothing, Malformed bool
	}
	tests := []struct {
		in   string
		want operand
	}{
		{"plain", operand{Text: "plain"}},
		{"b/*", operand{Text: "b/*"}},
		{"b/${aws:username}/*", operand{Text: "b/a${*}n/*"}},
		{"${aws:username}", operand{Text: "a*n"}},
		{"b/${aws:username, 'x'}/?", operand{Text: "b/a${*}n/?"}},
		{"b/${aws:PrincipalTag/none}", operand{Text: "b/", Nothing: true}},
		{"b/${aws:PrincipalTag/none, 'x*'}/*", operand{Text: "b/x${*}/*"}},
		{"b/${s3:RequestObjectTagKeys}", operand{Text: "b/", Nothing: true}},
		{"b/${aws:PrincipalTag/any}/k", operand{Text: "b/*/k", Open: true}},
		{"b/${aws:PrincipalTag/any, 'x'}/k", operand{Text: "b/*/k", Open: true}},
		{"${aws:PrincipalTag/any}${aws:PrincipalTag/none}", operand{Text: "*", Open: true, Nothing: true}},
		{"b/${*}/*", operand{Text: "b/${*}/*"}},
		{"b/${?}${$}", operand{Text: "b/?$"}},
		{"b/${aws:username", operand{Malformed: true}},
		{"b/${}", operand{Malformed: true}},
		{"${aws:username}${", operand{Malformed: true}},
	}
	doc := oneStatement(t, iam.Version2012, `"Principal":"*"`)
	for _, tt := range tests {
		o := Compile(doc, tt.in, glob.Compile, resolve)
		if diff := cmp.Diff(tt.want, operand{o.Pattern.Text(), o.Open, o.Nothing, o.Malformed}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.in, diff)
		}
	}
	if o := Compile(doc, "a*${aws:username}", glob.Literal, resolve); o.Pattern != glob.Literal("a*a*n") {
		t.Errorf("as a literal %+v", o)
	}
	old := oneStatement(t, iam.Version2008, `"Principal":"*"`)
	if o := Compile(old, "${aws:username}", glob.Compile, resolve); o.Pattern != glob.Literal("${aws:username}") {
		t.Errorf("in the older version %+v", o)
	}
}

func TestVariables(t *testing.T) {
	tests := []struct {
		in, alike string
		list      []Variable
		ok        bool
	}{
		{"b/*", "b/*", nil, true},
		{"b/${AWS:username}/*", "b/${aws:username}/*", []Variable{{Key: "AWS:username"}}, true},
		{"b/${aws:username, 'x'}", "b/${aws:username}", []Variable{{"aws:username", "x", true}}, true},
		{"${*}${aws:userid}${a:b}", "${*}${aws:userid}${a:b}", []Variable{{Key: "aws:userid"}, {Key: "a:b"}}, true},
		{"b/${aws:username", "", nil, false},
	}
	doc := oneStatement(t, iam.Version2012, `"Principal":"*"`)
	for _, tt := range tests {
		list, alike, ok := Variables(doc, tt.in)
		if diff := cmp.Diff(tt.list, list); diff != "" || alike != tt.alike || ok != tt.ok {
			t.Errorf("%s: %q, %v (-want +got):\n%s", tt.in, alike, ok, diff)
		}
	}
}
