package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program/programtest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

func TestColour(t *testing.T) {
	f, err := manifest.Parse("a.yaml", `{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": {"name": "logs"}, "spec": {"policy": "{"}}`)
	if err != nil {
		t.Fatal(err)
	}
	in := files.Of(f)
	all := slices.Collect(in.Judge(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Baseline}))
	for _, colour := range []bool{false, true} {
		var b bytes.Buffer
		if err := writeText(&b, in, slices.Values(all), look{colour: colour}); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(b.String(), "^"); lines > 0 {
			t.Errorf("%d excerpts without a terminal", lines)
		}
		red := strings.Count(b.String(), "\x1b[31m")
		if want := map[bool]int{true: 1 + len(all[0].Findings)}[colour]; red != want {
			t.Errorf("colour %t: %d red words, want %d, in %q", colour, red, want, b.String())
		}
	}
}

func TestExcerptOfEachFinding(t *testing.T) {
	f, err := manifest.Parse("a.yaml", "apiVersion: s3.aws.upbound.io/v1beta1\nkind: BucketACL\nmetadata: {name: a}\nspec:\n  forProvider:\n    acl: public-read\n")
	if err != nil {
		t.Fatal(err)
	}
	in := files.Of(f)
	var b bytes.Buffer
	if err := writeText(&b, in, in.Judge(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Baseline}), look{excerpts: true}); err != nil {
		t.Fatal(err)
	}
	const want = "a.yaml:6:10: BW205 "
	if !strings.HasPrefix(b.String(), want) || !strings.Contains(b.String(), "\n 6 |     acl: public-read\n   |          ^\n") {
		t.Errorf("got %s\nwant %s... and the line", &b, want)
	}
}

func TestLookFor(t *testing.T) {
	tty := programtest.Terminal(t)
	tests := []struct {
		env  string
		want bool
	}{
		{"", true}, {"NO_COLOR", false}, {"TERM", true},
	}
	for _, tt := range tests {
		env := func(name string) string { return map[string]string{tt.env: "1"}[name] }
		if got, want := lookFor(tty, env), (look{colour: tt.want, excerpts: true}); got != want {
			t.Errorf("with %s: %+v, want %+v", tt.env, got, want)
		}
		if got := lookFor(&bytes.Buffer{}, env); got != plainly {
			t.Errorf("with %s: a buffer gets %+v", tt.env, got)
		}
	}
	if lookFor(tty, func(string) string { return "dumb" }).colour {
		t.Error("colours a dumb terminal")
	}
}

func TestEveryRuleHasAPage(t *testing.T) {
	for _, r := range rules.All {
		text := string(Rule(r))
		for _, want := range []string{r.ID + " " + r.Name, "\nBad: ", "\nGood: ", "\n  which differs in\n    @@", r.Sources[0]} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", r.ID, want, text)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "\n",
		"one":                   "one\n",
		"one  two three":        "one two\nthree\n",
		"averylongword b c d e": "averylongword\nb c d e\n",
	} {
		if diff := cmp.Diff(want, wrap(in, 7)); diff != "" {
			t.Errorf("%q: -want +got\n%s", in, diff)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("é", 200)
	tests := []struct {
		text         string
		line, column int
		want         string
	}{
		{`  acl: public-read`, 7, 8, " 7 |   acl: public-read\n   |        ^\n"},
		{"\t\"a\": 1", 12, 2, " 12 |  \"a\": 1\n    |  ^\n"},
		{"", 1, 1, " 1 | \n   | ^\n"},
		{"ab", 1, 99, " 1 | ab\n   |   ^\n"},
		{"\x1b[31mx", 1, 6, " 1 | \\x1b[31mx\n   |         ^\n"},
		{long, 1, 101, " 1 | ..." + strings.Repeat("é", 160) + "\n   | " + strings.Repeat(" ", 63) + "^\n"},
		{long, 1, 1, " 1 | " + strings.Repeat("é", 100) + "...\n   | ^\n"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, plainly.excerpt(tt.text, tt.line, tt.column, 0)); diff != "" {
			t.Errorf("%.20q: -want +got\n%s", tt.text, diff)
		}
	}
}

// FuzzText shows whatever is found in any file on a terminal, and holds that no line of output has more than was meant: the place, what
// is found, and the line of the file in text that commands no terminal.
func FuzzText(f *testing.F) {
	for _, m := range manifests(f) {
		f.Add(m.Text)
	}
	f.Add("\ufeff{\"Version\": \"2012-10-17\",\r\n\t\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}")
	f.Fuzz(func(t *testing.T, text string) {
		file, _ := manifest.Parse("a.yaml", text)
		in := files.Of(file)
		all := slices.Collect(in.Judge(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Restricted}))
		var b bytes.Buffer
		if err := writeText(&b, in, slices.Values(all), look{excerpts: true}); err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, j := range all {
			found += len(j.Findings)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		for i := 0; found > 0 && i < 3*found; i += 3 {
			if !strings.HasPrefix(lines[i], "a.yaml:") || !strings.Contains(lines[i+1], " | ") || !strings.HasSuffix(lines[i+2], "^") {
				t.Fatalf("not a finding with its line:\n%s", strings.Join(lines[i:i+3], "\n"))
			}
			if strings.Contains(lines[i+1], "\x1b") {
				t.Fatalf("a command for a terminal: %q", lines[i+1])
			}
		}
	})
}
