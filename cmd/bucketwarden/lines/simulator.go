package lines

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/plain"
)

// Simulator answers requests, one line each, in their order. It holds one line at a time.
type Simulator struct {
	Policy  *iam.Document // for lines without a policy, nil when they need one
	Explain bool          // as text, statement by statement
}

// query is one line of input.
type query struct {
	ID     jsontext.Value `json:"id"`
	Policy jsontext.Value `json:"policy"`
	authz.Request
}

type answer struct {
	ID jsontext.Value `json:"id"`
	authz.Result
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
	doc := s.Policy
	if err == nil {
		doc, err = q.document(s.Policy)
	}
	switch {
	case s.Explain && err != nil:
		return []byte(plain.Line(fmt.Sprintf("%s: error: %v", title(id, number), err)) + "\n"), false
	case s.Explain:
		return explain(title(id, number), doc, q.Request), true
	case err != nil:
		return Marshal(failure{id, err.Error()}), false
	}
	return Marshal(answer{id, authz.Decide(doc, q.Request)}), true
}

func (q query) document(otherwise *iam.Document) (*iam.Document, error) {
	if q.Policy == nil {
		if otherwise == nil {
			return nil, errors.New(`there is no policy; add "policy" to the line, or use --policy`)
		}
		return otherwise, nil
	}
	doc, err := iam.Parse(string(q.Policy))
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return doc, nil
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

func explain(title string, doc *iam.Document, req authz.Request) []byte {
	result, statements := authz.Explain(doc, req)
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
