package authz

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestExplain runs testdata/explain.txtar: NAME.json is a document, NAME.request a request and NAME.why the explanation.
func TestExplain(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/explain.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+2 < len(archive.Files); i += 3 {
		document, in, want := archive.Files[i], archive.Files[i+1], archive.Files[i+2]
		result, statements := Explain(parse(t, string(document.Data)), request(t, strings.TrimSpace(string(in.Data))))
		var got strings.Builder
		fmt.Fprintln(&got, result.Decision)
		for _, s := range statements {
			fmt.Fprintf(&got, "%d %q %s %s\n", s.Statement, s.Sid, s.Effect, s.Match)
			for _, e := range s.Elements {
				fmt.Fprintf(&got, "%s %s: %s\n", e.At, e.Match, e.Why)
			}
		}
		if diff := cmp.Diff(string(want.Data), got.String()); diff != "" {
			t.Errorf("%s: %s", document.Name, diff)
		}
	}
}

func TestExplainNeedsARequest(t *testing.T) {
	result, statements := Explain(parse(t, `{"Statement":[]}`), Request{Principal: "x"})
	if result.Decision != Undecided || result.Reason != "action is missing" || statements != nil {
		t.Errorf("got %v, %v", result, statements)
	}
}

func TestDecideDoesNotTrace(t *testing.T) {
	doc := parse(t, `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":["s3:Get*","s3:Put*"],
		"Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"s3:prefix":"a"},"Null":{"s3:delimiter":"true"}}}}`)
	req := Request{Principal: "cloudtrail.amazonaws.com", Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k"}
	plain := testing.AllocsPerRun(100, func() { Decide(doc, req) })
	traced := testing.AllocsPerRun(100, func() { Explain(doc, req) })
	if plain > 10 || traced < plain+10 {
		t.Errorf("Decide allocates %v times, Explain %v", plain, traced)
	}
}
