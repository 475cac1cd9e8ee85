package lines

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/plain"
)

// Simulator answers requests, one line each, in their order. It holds one line at a time.
type Simulator struct {
	Policies []files.Policy // for lines without a policy, which get an answer of each; none when they need one
	Explain  bool           // as text, statement by statement
}

// query is one line of input.
type query struct {
	ID     jsontext.Value `json:"id"`
	Policy jsontext.Value `json:"policy"`
	authz.Request
}

type answer struct {
	ID              jsontext.Value `json:"id"`
	*report.Subject                // nil where nothing but one document, or the line itself, has a policy
	authz.Result
}

// asked is a policy that a request is put to.
type asked struct {
	*report.Subject
	doc *iam.Document
}

type failure struct {
	ID    jsontext.Value `json:"id"`
	Error string         `json:"error"`
}

// Run answers all lines of in. The error counts those that it could not answer.
func (s Simulator) Run(in io.Reader, out io.Writer) error { return Answer(in, out, s.answer) }

// answer is what one line gets, and whether that is a decision. err is why the line could not be read.
func (s Simulator) answer(line []byte, number int, err error) (text []byte, ok bool) {
	id := jsontext.Value("null")
	var q query
	if err == nil {
		id, err = identify(line)
	}
	if err == nil {
		err = program.DescribeJSON(line, json.Unmarshal(line, &q, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(true)))
	}
	if err == nil {
		err = q.Validate()
	}
	var all []asked
	if err == nil {
		all, err = s.about(q)
	}
	switch {
	case s.Explain && err != nil:
		return []byte(plain.Line(fmt.Sprintf("%s: error: %v", title(id, number), err)) + "\n"), false
	case err != nil:
		return Marshal(failure{id, err.Error()}), false
	}
	for _, a := range all {
		if s.Explain {
			text = append(text, explain(title(id, number), a, q.Request)...)
		} else {
			text = append(text, Marshal(answer{id, a.Subject, authz.Decide(a.doc, q.Request)})...)
		}
	}
	return text, true
}

// about returns the policies that a request is put to: the line's own, else all that there are.
func (s Simulator) about(q query) ([]asked, error) {
	if q.Policy != nil {
		doc, err := iam.Parse(string(q.Policy))
		if err != nil {
			return nil, fmt.Errorf("policy: %w", err)
		}
		return []asked{{doc: doc}}, nil
	}
	if len(s.Policies) == 0 {
		return nil, errors.New(`there is no policy; add "policy" to the line, or use --policy`)
	}
	var out []asked
	for _, p := range s.Policies {
		a := asked{doc: p.Document}
		if !report.Plain(s.Policies) {
			a.Subject = report.NewSubject(p)
		}
		out = append(out, a)
	}
	return out, nil
}

// Marshal returns a value as one line of JSON.
func Marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // the parts are strings, numbers and an id that was valid JSON
	}
	return append(plain.JSON(text), '\n')
}

// title is how --explain calls a line.
func title(id jsontext.Value, number int) string {
	if string(id) == "null" {
		return fmt.Sprint("line ", number)
	}
	return "id " + string(id)
}

func explain(title string, a asked, req authz.Request) []byte {
	result, statements := authz.Explain(a.doc, req)
	if a.Subject != nil {
		title += ": " + a.Subject.String()
	}
	text := plain.Line(fmt.Sprintf("%s: %s: %s", title, result.Decision, result.Reason)) + "\n"
	for _, s := range statements {
		at := fmt.Sprintf("Statement[%d]", s.Statement)
		sid := ""
		if s.Sid != "" {
			sid = " " + plain.Quote(s.Sid, 64)
		}
		text += fmt.Sprintf("  %s%s %s: %s\n", at, sid, plain.Line(string(s.Effect)), s.Match)
		for _, e := range s.Elements {
			text += "    " + plain.Line(fmt.Sprintf("%s: %s: %s", strings.TrimPrefix(string(e.At), at+"."), e.Match, e.Why)) + "\n"
		}
	}
	return []byte(text)
}
