package program

import "testing"

// FuzzParseSettings holds that a text gives settings with places in it, or an error with one.
func FuzzParseSettings(f *testing.F) {
	for _, seed := range []string{"", "a: b\nc: [d, e]\n", "- a\n", "a: b\na: c\n", "a: {b: c}\n", "a: !!null\n", "a: &a [*a]\n", "\t", "a: 'b\n\n c'"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, line, err := ParseSettings(text)
		if (err != nil) != (line > 0) || err != nil && len(all) > 0 {
			t.Errorf("%q: %d settings, line %d, %v", text, len(all), line, err)
		}
		for _, s := range all {
			if s.Line < 1 || s.Err == nil && !s.List && len(s.Values) != 1 {
				t.Errorf("%q: %+v", text, s)
			}
		}
	})
}
