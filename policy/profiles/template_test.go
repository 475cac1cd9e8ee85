package profiles

import (
	"strings"
	"testing"
	texttemplate "text/template"
)

var templates = []string{
	"", "plain", "a{{.x}}b{{.y}}", "{{if .x}}yes {{.x}}{{end}}.", "{{if .x}}yes{{else}}no{{.y}}{{end}}",
	"{{if .x}}{{if .y}}both{{else}}x alone{{end}}{{else}}{{if .y}}y alone{{end}}{{end}}!", "{ {.x} }}",
}

// TestTemplate compares with the library, which reads the same.
func TestTemplate(t *testing.T) {
	for _, text := range templates {
		for _, values := range []map[string]string{{}, {"x": "1"}, {"y": `"2"`}, {"x": "1", "y": "{{.x}}"}} {
			var got, want strings.Builder
			ours, err := parseTemplate(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			ours.fill(&got, values)
			if err := texttemplate.Must(texttemplate.New("").Option("missingkey=zero").Parse(text)).Execute(&want, values); err != nil {
				t.Fatal(err)
			}
			if got.String() != want.String() {
				t.Errorf("%s with %v: %q, want %q", text, values, got.String(), want.String())
			}
		}
	}
}

func TestTemplateErrors(t *testing.T) {
	for text, want := range map[string]string{
		"a {{.x":                           "{{.x is not closed",
		"{{range .x}}{{end}}":              "{{range .x}} is none of {{.name}}, {{if .name}}, {{else}}, {{end}}",
		"a{{end}}":                         "{{end}} closes nothing",
		"{{else}}":                         "{{else}} closes nothing",
		"{{if .x}}a":                       "{{if .x}} has no {{end}}",
		"{{if .x}}a{{else}}b":              "{{if .x}} has no {{end}}",
		"{{if .x}}{{else}}{{else}}{{end}}": "{{if .x}} has no {{end}}",
	} {
		if _, err := parseTemplate(text); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}
