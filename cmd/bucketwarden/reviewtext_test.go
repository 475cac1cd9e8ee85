package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/rules"
)

func TestColour(t *testing.T) {
	in, all := judgeText(t, `{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": {"name": "logs"}, "spec": {"policy": "{"}}`)
	for _, colour := range []bool{false, true} {
		var b bytes.Buffer
		if err := writeText(&b, in, all, colour); err != nil {
			t.Fatal(err)
		}
		red := strings.Count(b.String(), "\x1b[31m")
		if want := map[bool]int{true: 1 + len(all[0].Findings)}[colour]; red != want {
			t.Errorf("colour %t: %d red words, want %d, in %q", colour, red, want, b.String())
		}
	}
}

// terminal returns something that the system takes for a terminal.
func terminal(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestWantsColour(t *testing.T) {
	tty := terminal(t)
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

func TestProgress(t *testing.T) {
	if p := newProgress(&bytes.Buffer{}, 9, "files"); p.out != nil {
		t.Error("shows itself on what is no terminal")
	}
	if p := newProgress(terminal(t), 9, "files"); p.out == nil {
		t.Error("does not show itself on a terminal")
	}
	var b bytes.Buffer
	early := newProgress(terminal(t), 9, "files")
	early.out = &b
	early.show(1)
	early.end()
	if b.Len() > 0 {
		t.Errorf("short work shows %q", b.String())
	}
	late := &progress{out: &b, of: 9, what: "files"} // began long ago
	late.show(3)
	late.end()
	if got, want := b.String(), "\r3 of 9 files\r\x1b[K"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEveryRuleHasAPage(t *testing.T) {
	for _, r := range rules.All {
		text := string(page(r))
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
