package authz

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// trace collects Explanations. A nil trace collects nothing and costs nothing.
type trace struct {
	statements []Explanation
}

func (t *trace) begin(i int, s *iam.Statement) {
	if t != nil {
		t.statements = append(t.statements, Explanation{Statement: i, Sid: s.Sid, Effect: s.Effect})
	}
}

func (t *trace) end(v verdict) {
	if t != nil {
		t.statements[len(t.statements)-1].Match = v.match
	}
}

func (t *trace) add(at iam.Path, v verdict, why string) {
	if v.open != "" {
		why += "; " + string(v.open)
	}
	last := &t.statements[len(t.statements)-1]
	last.Elements = append(last.Elements, Element{at, v.match, why})
}

func (t *trace) principals(e *evaluation, s *iam.Statement, v verdict) {
	if t == nil {
		return
	}
	name, p := "Principal", s.Principal
	if p == nil && s.NotPrincipal != nil {
		name, p = "NotPrincipal", s.NotPrincipal
	}
	var ids []*iam.Value
	switch {
	case p == nil:
	case p.Any:
		ids = []*iam.Value{p.Value}
	default:
		for _, entry := range p.Entries {
			ids = append(ids, entry.ID)
		}
	}
	t.add(s.Value.Path().Field(name), v, e.matched(e.req.Principal, ids, v))
}

func (t *trace) list(e *evaluation, s *iam.Statement, name, subject string, list, not []*iam.Value, v verdict) {
	if t == nil {
		return
	}
	if list == nil && not != nil {
		name, list = "Not"+name, not
	}
	t.add(s.Value.Path().Field(name), v, e.matched(subject, list, v))
}

// matched says which of the document's values the subject is matched by.
func (e *evaluation) matched(subject string, values []*iam.Value, v verdict) string {
	switch {
	case v.open != "":
		return subject
	case v.at != nil:
		return subject + " is matched by " + e.shown(v.at)
	}
	return subject + " matches none of " + e.listed(values)
}

func (t *trace) condition(e *evaluation, s *iam.Statement, c *iam.Condition, values []string, present bool, v verdict) {
	if t == nil {
		return
	}
	has := c.Key + " is absent"
	if present {
		quoted := make([]string, len(values))
		for i, value := range values {
			quoted[i] = strconv.Quote(value)
		}
		has = c.Key + " is " + few(quoted)
	}
	at := s.Value.Path().Field("Condition").Field(c.Operator).Field(c.Key)
	t.add(at, v, fmt.Sprintf("%s, the document has %s", has, e.listed(c.Values)))
}

func (e *evaluation) listed(values []*iam.Value) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = e.shown(v)
	}
	return few(out)
}

// few joins what a person can take in.
func few(items []string) string {
	const most = 5
	switch {
	case len(items) == 0:
		return "nothing"
	case len(items) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(items[:most], ", "), len(items)-most)
	}
	return strings.Join(items, ", ")
}

// shown is one value of the document, with its variables replaced.
func (e *evaluation) shown(v *iam.Value) string {
	text := strconv.Quote(v.Text)
	if e.variable(v.Text) < 0 {
		return text
	}
	p, open := e.expand(v, glob.Compile)
	switch open.match {
	case Yes:
		return text + " (" + p.Text() + ")"
	case Maybe:
		return text
	}
	return text + " (a variable without a value)"
}
