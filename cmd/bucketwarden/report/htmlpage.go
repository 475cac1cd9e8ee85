package report

import (
	"html"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/plain"
)

// htmlPage is HTML as it is written, well-formed as XML too. All text goes through text, so that nobody can write a tag but the
// program. The library's html/template does the same, but calls methods by their names: see policy/profiles.
type htmlPage struct{ strings.Builder }

// open writes a start tag; attributes are names, each before its value.
func (p *htmlPage) open(name string, attributes ...string) { p.tag(name, ">", attributes) }

// void writes an element that has no content.
func (p *htmlPage) void(name string, attributes ...string) { p.tag(name, "/>", attributes) }

func (p *htmlPage) tag(name, end string, attributes []string) {
	p.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		p.WriteString(" " + attributes[i] + `="`)
		p.text(attributes[i+1])
		p.WriteString(`"`)
	}
	p.WriteString(end)
}

func (p *htmlPage) end(name string) { p.WriteString("</" + name + ">\n") }

// element writes an element that holds a text.
func (p *htmlPage) element(name, text string, attributes ...string) {
	p.open(name, attributes...)
	p.text(text)
	p.end(name)
}

// text writes a text that anybody may have written, on one line.
func (p *htmlPage) text(s string) { p.WriteString(html.EscapeString(plain.Line(s))) }
