package report

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

//go:embed review.css
var reviewCSS string

// writeHTML writes a review as one page that needs nothing else: no script, no network. The sums stand before what they count.
func writeHTML(w io.Writer, in *files.Inputs, all iter.Seq[files.Judged]) error {
	var p, objects htmlPage
	summary := newSummary(in)
	for j := range all {
		summary.add(j)
		objects.object(j)
	}
	p.WriteString("<!DOCTYPE html>\n")
	p.open("html", "lang", "en")
	p.head()
	p.open("body")
	p.element("a", "Skip to the objects", "class", "skip", "href", "#objects")
	p.summary(summary)
	p.open("main", "id", "objects")
	if len(in.Errs) > 0 {
		p.open("section", "class", "errors")
		p.element("h2", "Could not be read")
		for _, err := range in.Errs {
			p.element("p", err.Error())
		}
		p.end("section")
	}
	p.WriteString(objects.String())
	p.end("main")
	p.end("body")
	p.end("html")
	_, err := io.WriteString(w, p.String())
	return err
}

func (p *htmlPage) head() {
	sum := sha256.Sum256([]byte(reviewCSS))
	p.open("head")
	p.void("meta", "charset", "utf-8")
	p.void("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
	p.void("meta", "http-equiv", "Content-Security-Policy", "content",
		"default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	p.element("title", "Bucket policies, reviewed")
	p.WriteString("<style>" + reviewCSS + "</style>\n") // as its hash stands above; the program's own
	p.end("head")
}

func (p *htmlPage) summary(s summaryOutput) {
	verdicts := []struct {
		verdict review.Verdict
		n       int
		what    string
	}{{review.Deny, s.Denied, "denied"}, {review.Patch, s.Patched, "patched"}, {review.Warn, s.Warned, "warned"}, {review.Admit, s.Admitted, "admitted"}}
	p.open("header")
	p.element("h1", "Bucket policies, reviewed")
	p.element("p", s.text(), "class", "place")
	p.open("ul", "class", "tally")
	for _, v := range verdicts {
		p.open("li", "class", string(v.verdict))
		p.element("b", strconv.Itoa(v.n))
		p.text(v.what)
		p.end("li")
	}
	p.end("ul")
	p.open("fieldset")
	p.element("legend", "Show")
	p.radio("show-all", "all", true)
	for _, v := range verdicts {
		p.radio("show-"+string(v.verdict), v.what, false)
	}
	p.end("fieldset")
	p.end("header")
}

func (p *htmlPage) radio(id, label string, checked bool) {
	attributes := []string{"type", "radio", "name", "show", "id", id}
	if checked {
		attributes = append(attributes, "checked", "checked")
	}
	p.open("label")
	p.void("input", attributes...)
	p.text(" " + label)
	p.end("label")
}

func (p *htmlPage) object(j files.Judged) {
	verdict := string(j.Verdict())
	p.open("article", "class", verdict)
	p.open("h2")
	p.text(nameOf(objectOf(j.Item)))
	p.element("span", verdict, "class", "chip")
	p.end("h2")
	p.element("p", fmt.Sprintf("%s:%d", j.Item.File.Name, j.Item.Line), "class", "place")
	if len(j.Findings) > 0 {
		p.open("ul", "class", "findings")
		for _, f := range j.Findings {
			p.finding(f)
		}
		p.end("ul")
	}
	for _, f := range j.Fixed {
		p.open("details")
		p.element("summary", "What is patched "+cmp.Or(f.Field, "in the document"))
		p.diff(udiff.Unified("before", "after", f.Old, f.New))
		p.end("details")
	}
	for _, d := range j.Reading.Documents {
		by := cmp.Or(d.Field, "the document")
		p.accessMap(d.Raw, by, fmt.Sprintf("Access by %s at %s:%d", by, j.Item.File.Name, j.Item.Line), verdict == string(review.Deny))
	}
	p.end("article")
}

func (p *htmlPage) finding(f review.Finding) {
	p.open("li", "class", f.Action.String())
	p.open("p")
	p.element("strong", f.Rule.ID+" "+f.Rule.Name)
	for _, chip := range []string{f.Action.String(), f.Rule.Severity.String()} {
		p.element("span", chip, "class", "chip")
	}
	if f.Certainty == policy.Undecided {
		p.element("span", "undecided", "class", "chip")
	}
	p.end("p")
	p.element("p", f.Message)
	place := f.Field
	if f.Line > 0 {
		place = strings.TrimSpace(fmt.Sprintf("%s line %d, column %d", f.Field, f.Line, f.Column))
	}
	p.element("p", place, "class", "place")
	for _, a := range f.Assumptions {
		p.element("p", "Assumed: "+a)
	}
	if f.Witness != nil {
		p.open("p")
		p.text("For example: ")
		p.element("code", f.Witness.String())
		p.end("p")
	}
	if f.Fix != nil {
		p.element("p", "Fix ("+string(f.Fix.Class)+"): "+f.Fix.Description)
	}
	if f.Exempted != "" {
		p.element("p", "Accepted by Exemption "+f.Exempted)
	}
	p.end("li")
}

func (p *htmlPage) diff(text string) {
	p.open("pre")
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "+") && !strings.HasPrefix(line, "+++"):
			p.element("ins", line)
		case strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "---"):
			p.element("del", line)
		default:
			p.text(line)
			p.WriteString("\n")
		}
	}
	p.end("pre")
}
