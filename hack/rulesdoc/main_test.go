package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
)

func TestRender(t *testing.T) {
	rule := &policy.Rule{
		ID: "BW999", Name: "fake", Summary: "a thing is wrong", Why: "Because.", Sources: []string{"https://example.com/a"},
		Severity: policy.High, Baseline: policy.Patch, Restricted: policy.Deny, Unfixed: policy.Warn,
		Controls: policy.Controls{SecurityHub: []string{"S3.1", "S3.2"}, AccessAnalyzer: []string{"CheckIt"}},
	}
	first, second := &policy.Rule{ID: "BW901", Name: "first"}, &policy.Rule{ID: "BW902", Name: "second"}
	rule.Yields = policy.Yields{Document: []*policy.Rule{first}, Statement: []*policy.Rule{first, second}}
	testdata := fstest.MapFS{
		"fake/bad-a.txtar":       {Data: []byte("Another.\n-- findings --\nx\n\tfix: Narrowing: y\n")},
		"fake/bad-example.txtar": {Data: []byte("The first.\n-- policy.json --\n{}\n-- findings --\nx\n-- fixed.json --\n{ }\n")},
		"fake/ok-a.txtar":        {Data: []byte("Fine.\n-- bucket.yaml --\n" + strings.Repeat("a\n", 25) + strings.Repeat("é", 241) + "\n")},
		"fake/ok-b.txtar":        {Data: []byte("Fine too.\n")},
	}
	got, err := render([]*policy.Rule{rule}, testdata)
	if err != nil {
		t.Fatal(err)
	}
	want := head + `| [BW999](#bw999-fake) | fake | high | Narrowing | Patch/Warn | Deny | a thing is wrong | Security Hub S3.1, S3.2 |

## BW999 fake

A thing is wrong.

Because.

**Bad**: The first.

` + "```json\n{}\n```\n\n```text\nx\n```\n\n**Good**: Fine.\n\n```yaml\n" + strings.Repeat("a\n", 24) + "...\n```" + `

It is silent where [BW901](#bw901-first) found anything in the document.

It is silent where [BW901](#bw901-first) or [BW902](#bw902-second) found something about the same statement.

Related controls: Security Hub S3.1, S3.2; Access Analyzer CheckIt.

Sources:
- <https://example.com/a>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	delete(testdata, "fake/ok-a.txtar")
	delete(testdata, "fake/ok-b.txtar")
	if _, err := render([]*policy.Rule{rule}, testdata); err == nil || err.Error() != "rule fake has no ok- case" {
		t.Error(err)
	}
}

func TestClipWidth(t *testing.T) {
	if got := clip(strings.Repeat("é", 241) + "\n"); got != strings.Repeat("é", 240)+"...\n" {
		t.Errorf("%q", got)
	}
}

func TestWithList(t *testing.T) {
	rule := &policy.Rule{ID: "BW999", Name: "fake", Summary: "a thing is wrong", Severity: policy.High, Baseline: policy.Warn, Restricted: policy.Deny}
	const page = "Text.\n```console\n$ bucketwarden rules\n%s```\nMore.\n```\n"
	got, err := withList(fmt.Sprintf(page, "ID\nold\n"), []*policy.Rule{rule})
	want := fmt.Sprintf(page, "ID     NAME  SEVERITY  BASELINE  RESTRICTED  SUMMARY\nBW999  fake  high      Warn      Deny        a thing is wrong\n")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, err := withList("Text.\n", nil); err == nil || err.Error() != `the page has no block with "$ bucketwarden rules\n"` {
		t.Error(err)
	}
}
