package authz

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// TestDocuments runs testdata/documents: NAME.json is a document, NAME.requests what it makes of requests, one a line:
// PRINCIPAL ACTION RESOURCE [CONTEXT] => DECISION [[STATEMENTS] REASON]. arn:aws:s3::: is left out of resources.
func TestDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/documents/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(archive.Files); i += 2 {
			document, requests := archive.Files[i], archive.Files[i+1]
			name := strings.TrimSuffix(document.Name, ".json")
			if requests.Name != name+".requests" {
				t.Fatalf("%s: %s is followed by %s", file, document.Name, requests.Name)
			}
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				testDocument(t, string(document.Data), string(requests.Data))
			})
		}
	}
}

func testDocument(t *testing.T, text, requests string) {
	doc := parse(t, text)
	for line := range strings.Lines(requests) {
		in, want, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if !ok {
			t.Fatalf("no => in %q", line)
		}
		req := request(t, in)
		res := Decide(doc, req)
		got := string(res.Decision)
		if strings.Contains(want, " ") {
			got = fmt.Sprintf("%s %v %s", res.Decision, res.Statements, res.Reason)
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s\n(%s)", in, got, want, res.Reason)
		}
		explained, _ := Explain(doc, req)
		if diff := cmp.Diff(res, explained); diff != "" {
			t.Errorf("%s: Explain decides otherwise:\n%s", in, diff)
		}
		denied := res.Decision == ImplicitDeny || res.Decision == ExplicitDeny
		if res.NotAllowed != denied && res.Decision != Undecided {
			t.Errorf("%s: NotAllowed is %v", in, res.NotAllowed)
		}
	}
}

func parse(t testing.TB, text string) *iam.Document {
	t.Helper()
	doc, err := iam.Parse(text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return doc
}

func request(t *testing.T, line string) Request {
	t.Helper()
	fields := strings.SplitN(line, " ", 4)
	if len(fields) < 3 {
		t.Fatalf("too few fields in %q", line)
	}
	req := Request{Principal: fields[0], Action: fields[1], Resource: fields[2]}
	if req.Resource != "*" && !strings.HasPrefix(req.Resource, "arn:") {
		req.Resource = "arn:aws:s3:::" + req.Resource
	}
	if len(fields) == 4 {
		if err := json.Unmarshal([]byte(fields[3]), &req.Context); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
	}
	return req
}

// TestConditions runs testdata/conditions.txt: CONDITION | CONTEXT | yes, no or maybe.
func TestConditions(t *testing.T) {
	cases, err := os.ReadFile("testdata/conditions.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Decision{"yes": Allowed, "no": ImplicitDeny, "maybe": Undecided}
	for line := range strings.Lines(string(cases)) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) != 3 || want[strings.TrimSpace(cells[2])] == "" {
			t.Fatalf("malformed case %q", line)
		}
		doc := parse(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":`+cells[0]+`}}`)
		req := request(t, "anonymous s3:GetObject b/k "+cells[1])
		if got := Decide(doc, req); got.Decision != want[strings.TrimSpace(cells[2])] {
			t.Errorf("%s got %s: %s", line, got.Decision, got.Reason)
		}
	}
}
