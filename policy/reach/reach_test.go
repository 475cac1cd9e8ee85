package reach

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

const shop = `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/site/*"},
	{"Effect": "Allow", "Principal": {"AWS": ["111122223333", "444455556666"]}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::shop/in/*",
		"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
	{"Effect": "Deny", "Principal": {"AWS": "444455556666"}, "Action": "s3:*", "NotResource": "arn:aws:s3:::shop/site/*"}]}`

func parse(t *testing.T, text string) *iam.Document {
	t.Helper()
	doc, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestRows(t *testing.T) {
	rows, more := Rows(parse(t, shop))
	var got []string
	for _, r := range rows {
		var cells []string
		for i, c := range r.Cells {
			if c.Word != "" {
				cells = append(cells, Kinds()[i]+" "+string(c.Word)+" "+strings.Join(c.Resources, " "))
			}
		}
		got = append(got, r.Who+": "+strings.Join(cells, "; "))
	}
	want := []string{
		"anyone on the internet: read yes arn:aws:s3:::shop/site/*",
		"any AWS account: read yes arn:aws:s3:::shop/site/*",
		"111122223333: write if arn:aws:s3:::shop/in/*",
		"444455556666: write denied arn:aws:s3:::shop/in/*",
	}
	if diff := cmp.Diff(want, got); diff != "" || more != 0 {
		t.Errorf("%d more (-want +got):\n%s", more, diff)
	}
}

// Only so many principals are looked into; the others are counted.
func TestRowsLeftOut(t *testing.T) {
	var ids []string
	for i := range mostRows + 3 {
		ids = append(ids, fmt.Sprintf(`"%012d"`, 100000000000+i))
	}
	rows, more := Rows(parse(t, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": [`+strings.Join(ids, ",")+`]}, "Action": "s3:GetObject", "Resource": "*"}}`))
	if len(rows) != 2+mostRows || more != 3 {
		t.Errorf("%d rows, %d more", len(rows), more)
	}
}

func TestAsk(t *testing.T) {
	doc := parse(t, shop)
	a := Ask(doc, nil, space.Steps(5_000_000))
	if a.Anonymous.Answer != space.Found || a.World.Answer != space.Found || a.External != nil {
		t.Errorf("%v, %v, %v", a.Anonymous.Answer, a.World.Answer, a.External)
	}
	trusted := doc.Only(func(s *iam.Statement) bool { return !s.Principal.Any })
	if a = Ask(trusted, &public.Trust{Accounts: []string{"111122223333"}}, space.Steps(5_000_000)); a.World.Answer != space.None ||
		a.External.Answer != space.None {
		t.Errorf("%v, %v", a.World.Answer, a.External.Answer)
	}
}

func TestGrants(t *testing.T) {
	got := Grants(parse(t, `{"Statement": [{"Effect": "Deny"}, {"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "NotAction": "s3:Get*", "Resource": ["a", "b"]}]}`))
	want := []Grant{{Principal: `all but {"AWS":"1"}`, Actions: []string{"all but s3:Get*"}, Resources: []string{"a", "b"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
