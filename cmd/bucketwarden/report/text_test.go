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
		if err := writeText(&b, in, slices.Values(all), colour); err != nil {
			t.Fatal(err)
		}
		red := strings.Count(b.String(), "\x1b[31m")
		if want := map[bool]int{true: 1 + len(all[0].Findings)}[colour]; red != want {
			t.Errorf("colour %t: %d red words, want %d, in %q", colour, red, want, b.String())
		}
	}
}

func TestWantsColour(t *testing.T) {
	tty := programtest.Terminal(t)
	tests := []struct {
		env  string
		want bool
	}{
		{"", true}, {"NO_COLOR", false}, {"TERM", true},
	}
	for _, tt := range tests {
		env := func(name string) string { return map[string]string{tt.env: "1"}[name] }
		if got := wantsColour(tty, env); got != tt.want {
			t.Errorf("with %s: %t, want %t", tt.env, got, tt.want)
		}
		if wantsColour(&bytes.Buffer{}, env) {
			t.Errorf("with %s: colours a buffer", tt.env)
		}
	}
	if wantsColour(tty, func(string) string { return "dumb" }) {
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
