package report

import (
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/reach"
)

// cellWords are the words of a cell and what they mean, in the order in which the legend has them.
var cellWords = [...][2]string{
	{string(reach.Yes), "a request shows it"}, {string(reach.If), "only under a condition"}, {string(reach.Unclear), "undecided"},
	{string(reach.Denied), "allowed, but denied again"},
}

// accessMap writes who can do what by a document, as a region with a name of its own. Of one that cannot be read, or is of users and
// roles, there is nothing to say.
func (p *htmlPage) accessMap(text, by, name string, open bool) {
	doc, err := iam.Parse(text)
	if err != nil || len(doc.Statements) == 0 || doc.IsIdentityPolicy() {
		return
	}
	rows, more := reach.Rows(doc)
	var attributes []string
	if open {
		attributes = []string{"open", "open"}
	}
	p.open("details", attributes...)
	p.element("summary", "Who can do what by "+by)
	p.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", name)
	p.open("table")
	p.open("thead")
	p.open("tr")
	p.element("th", "who", "scope", "col")
	for _, k := range reach.Kinds() {
		p.element("th", k, "scope", "col")
	}
	p.end("tr")
	p.end("thead")
	p.open("tbody")
	for _, r := range rows {
		p.open("tr")
		p.element("th", r.Who, "scope", "row")
		for _, c := range r.Cells {
			p.accessCell(c)
		}
		p.end("tr")
	}
	p.end("tbody")
	p.end("table")
	p.end("div")
	var legend []string
	for _, w := range cellWords {
		legend = append(legend, w[0]+": "+w[1])
	}
	note := strings.Join(legend, "; ") + ". A Deny may take away part of what a cell says."
	if more > 0 {
		note += fmt.Sprintf(" %d more principals are not shown.", more)
	}
	p.element("p", note, "class", "place")
	p.end("details")
}

func (p *htmlPage) accessCell(c reach.Cell) {
	if c.Word == "" {
		p.element("td", "–")
		return
	}
	const most = 3 // resources; the rest is in the policy
	p.open("td", "class", string(c.Word), "title", c.Example)
	p.element("b", string(c.Word))
	for i, r := range c.Resources {
		if i == most {
			p.element("small", fmt.Sprintf("and %d more", len(c.Resources)-most))
			break
		}
		p.element("small", r)
	}
	p.end("td")
}
