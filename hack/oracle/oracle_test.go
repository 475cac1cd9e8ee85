package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

var update = flag.Bool("update", false, "write the table in README.md again")

func TestSameSeedSamePairs(t *testing.T) {
	for group := range 100 {
		a, b := generate(7, group), generate(7, group)
		for i := range a {
			if a[i].String() != b[i].String() {
				t.Fatalf("pair %d is\n%s\nand then\n%s", a[i].id, a[i], b[i])
			}
		}
	}
}

func TestPairsAreRequestsAndDocuments(t *testing.T) {
	decisions := map[authz.Decision]int{}
	for group := range 500 {
		for _, p := range generate(1, group) {
			doc, err := iam.Parse(p.document())
			if err != nil {
				t.Fatalf("%v in %s", err, p)
			}
			if err := p.request.Validate(); err != nil {
				t.Fatalf("%v in %s", err, p)
			}
			decisions[authz.Decide(doc, p.request).Decision]++
		}
	}
	for _, d := range []authz.Decision{authz.Allowed, authz.ImplicitDeny, authz.ExplicitDeny} {
		if decisions[d] < 2000/10 {
			t.Errorf("%s for %d of 2000 pairs: a walkover", d, decisions[d])
		}
	}
	if decisions[authz.Undecided] > 2000/10 {
		t.Errorf("Undecided for %d of 2000 pairs: they are compared with nothing", decisions[authz.Undecided])
	}
}

func TestPairReadsBack(t *testing.T) {
	for group := range 100 {
		for _, p := range generate(3, group) {
			got, err := readPair([]byte(p.String()))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(p.String(), got.String()); diff != "" {
				t.Fatal(diff)
			}
		}
	}
}

// stubborn differs from us on every document that contains a text.
type stubborn struct {
	ours
	text string
}

func (s stubborn) answers(pairs []pair) ([]answer, error) {
	out := make([]answer, len(pairs))
	for i, p := range pairs {
		doc, err := iam.Parse(p.document())
		if err != nil {
			return nil, err
		}
		out[i].decision = authz.Decide(doc, p.request).Decision
		if strings.Contains(p.document(), s.text) {
			out[i].decision = "Contrary"
		}
	}
	return out, nil
}

func TestMinimise(t *testing.T) {
	const policy = `{"Version": "2008-10-17", "Statement": [
		{"Effect": "Deny", "NotPrincipal": {"AWS": ["111122223333", "777788889999"]}, "NotAction": ["ec2:*"], "Resource": "*"},
		{"Effect": "Allow", "Principal": {"AWS": ["111122223333", "444455556666"]}, "Action": ["s3:GetObject", "s3:Put*"],
		 "Resource": ["arn:aws:s3:::b/*"], "Condition": {
			"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"], "aws:SourceVpce": "vpce-1"}, "Bool": {"aws:SecureTransport": true}}}]}`
	for _, c := range []struct{ text, want, context string }{
		{"vpc-2", `{"Statement":{"Action":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-2"}},"Effect":"Allow",` +
			`"Principal":"*","Resource":"*"},"Version":"2012-10-17"}`, `{"aws:SourceVpc":"vpc-2"}`},
		{"s3:Put*", `{"Statement":{"Action":"s3:Put*","Effect":"Allow","Principal":"*","Resource":"*"},"Version":"2012-10-17"}`, `{}`},
		{"ec2:*", `{"Statement":{"Effect":"Deny","NotAction":"ec2:*","Principal":"*","Resource":"*"},"Version":"2012-10-17"}`, `{}`},
		{"2008-10-17", `{"Statement":{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"},"Version":"2008-10-17"}`, `{}`},
	} {
		p, err := readPair([]byte(`{"policy": ` + policy + `, "principal": "arn:aws:iam::111122223333:user/alice",
			"action": "s3:GetObject", "resource": "arn:aws:s3:::b/x", "context": {"aws:SourceVpc": "vpc-2", "aws:UserAgent": "x"}}`))
		if err != nil {
			t.Fatal(err)
		}
		by := stubborn{text: c.text}
		all, err := compare(by, []pair{p})
		if err != nil {
			t.Fatal(err)
		}
		got, err := minimise(by, all[0])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got.pair.document()); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
		if diff := cmp.Diff(c.context, encode(got.pair.request.Context)); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
		if got.pair.request.Principal != authz.Anonymous {
			t.Errorf("%s: the principal is still %s", c.text, got.pair.request.Principal)
		}
	}
}

// What the engine shows is confirmed by a peer that is of our opinion, and refuted by one that is not.
func TestConfirm(t *testing.T) {
	for _, tt := range []struct {
		text string
		want witnessTally
	}{
		{"no policy has this", witnessTally{claims: 2, confirmed: 2}},
		{`"Statement"`, witnessTally{claims: 2, confirmed: 1, differ: 1}},
	} {
		by := stubborn{text: tt.text}
		tally := newTally([]peer{by})
		claims := firstClaims(t)
		if err := tally.confirm(by, claims); err != nil {
			t.Fatal(err)
		}
		if tally.witnesses != tt.want || len(tally.unexplained) != tt.want.differ {
			t.Errorf("%+v and %d unexplained, want %+v", tally.witnesses, len(tally.unexplained), tt.want)
		}
		claims[0].allowed = false
		if err := tally.confirm(by, claims); err == nil {
			t.Error("nobody minds a witness that is none")
		}
	}
}

// firstClaims returns the two claims of the first witness of new access.
func firstClaims(t *testing.T) []claim {
	t.Helper()
	for i := range 20 {
		claims, err := witnesses(1, i)
		if err != nil {
			t.Fatal(err)
		}
		if len(claims) > 1 && !claims[1].allowed {
			return claims[:2]
		}
	}
	t.Fatal("no new access in 20 pairs")
	return nil
}

// Each class has an example: a difference that is in its smallest form and in no earlier class.
func TestKnown(t *testing.T) {
	t.Run("versitygw", func(t *testing.T) { testKnown(t, versity{}) })
	t.Run("iam-simulate", func(t *testing.T) {
		const dir = "../../bin/oracle"
		s, err := startSimulator(t.Context(), dir)
		if err != nil {
			t.Fatalf("%v; make oracle installs iam-simulate, with node and npm", err)
		}
		defer s.close()
		testKnown(t, s)
	})
}

func testKnown(t *testing.T, by peer) {
	files, err := filepath.Glob(filepath.Join("testdata", by.name(), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string]bool{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		examples[name] = true
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := readPair(text)
		if err != nil {
			t.Fatal(err)
		}
		all, err := compare(by, []pair{p})
		if err != nil {
			t.Fatal(err)
		}
		if all[0].relation() != differs {
			t.Errorf("%s: both say %s; if that stays so, the class has to go", file, all[0].ours.Decision)
		} else if k, _ := explain(by, all[0]); k.name != name {
			t.Errorf("%s: the class is %q", file, k.name)
		}
	}
	for _, k := range classes() {
		if k.peer == by.name() && !examples[k.name] {
			t.Errorf("testdata/%s/%s.json is missing: go run . -examples testdata", k.peer, k.name)
		}
	}
}

func TestREADME(t *testing.T) {
	const begin, end = "<!-- classes -->\n", "<!-- end -->\n"
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := bytes.Cut(readme, []byte(begin))
	table, after, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		t.Fatalf("README.md has no %q and %q", begin, end)
	}
	var want strings.Builder
	fmt.Fprint(&want, "| peer | class | what the peer does | what AWS's page says | right |\n|---|---|---|---|---|\n")
	for _, k := range classes() {
		fmt.Fprintf(&want, "| %s | [%s](testdata/%s/%s.json) | %s | [%s](https://docs.aws.amazon.com/IAM/latest/UserGuide/%s) | %s |\n",
			k.peer, k.name, k.peer, k.name, k.says, k.decides, k.page, k.right)
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(string(before)+begin+want.String()+end+string(after)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), string(table)); diff != "" {
		t.Errorf("go test -run README -update writes the table again:\n%s", diff)
	}
}
