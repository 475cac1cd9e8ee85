package report

import (
	"strings"
	"testing"
)

func FuzzHTMLText(f *testing.F) {
	f.Add(`<a b="c">&'`)
	f.Fuzz(func(t *testing.T, text string) {
		var p htmlPage
		p.element("p", text, "title", text)
		if n := strings.Count(p.String(), "<"); n != 2 {
			t.Errorf("%q makes %d tags: %s", text, n, p.String())
		}
	})
}
