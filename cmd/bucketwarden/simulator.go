package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// simulator answers requests, one line each, in their order. It holds one line at a time.
type simulator struct {
	doc     *iam.Document // for lines without a policy, nil when they need one
	explain bool
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

func (s simulator) run(in io.Reader, out io.Writer) error {
	lines := newLines(in)
	w := bufio.NewWriter(out)
	answered, failed := 0, 0
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return errors.Join(w.Flush(), err)
		}
		if len(bytes.TrimSpace(line)) == 0 && err == nil {
			continue
		}
		answered++
		if !s.answer(w, line, lines.number, err) {
			failed++
		}
		// Somebody may be waiting for this answer before asking the next question.
		if lines.drained() {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d lines could not be answered", failed, answered)
	}
	return nil
}

// answer writes what one line gets, and reports whether that is a decision. A write error stays with w.
func (s simulator) answer(w io.Writer, line []byte, number int, err error) bool {
	id := jsontext.Value("null")
	var q query
	if err == nil {
		id, err = identify(line)
	}
	if err == nil {
		err = describe(json.Unmarshal(line, &q, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(true)))
	}
	if err == nil {
		err = q.Validate()
	}
	doc := s.doc
	if err == nil {
		doc, err = q.document(s.doc)
	}
	switch {
	case s.explain:
		explain(w, doc, q.Request, id, number, err)
	case err != nil:
		printJSON(w, failure{id, err.Error()})
	default:
		printJSON(w, answer{id, authz.Decide(doc, q.Request)})
	}
	return err == nil
}

func (q query) document(otherwise *iam.Document) (*iam.Document, error) {
	if q.Policy == nil {
		if otherwise == nil {
			return nil, errors.New(`there is no policy; put one into the line as "policy", or give --policy`)
		}
		return otherwise, nil
	}
	doc, err := iam.Parse(string(q.Policy))
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return doc, nil
}

func printJSON(w io.Writer, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // the parts are strings, numbers and an id that was valid JSON
	}
	w.Write(append(text, '\n')) //nolint:errcheck // a bufio.Writer keeps it for Flush
}

func explain(w io.Writer, doc *iam.Document, req authz.Request, id jsontext.Value, number int, err error) {
	name := "id " + string(id)
	if string(id) == "null" {
		name = fmt.Sprint("line ", number)
	}
	if err != nil {
		fmt.Fprintf(w, "%s: error: %v\n", name, err)
		return
	}
	result, statements := authz.Explain(doc, req)
	fmt.Fprintf(w, "%s: %s: %s\n", name, result.Decision, result.Reason)
	for _, s := range statements {
		at := fmt.Sprintf("Statement[%d]", s.Statement)
		sid := ""
		if s.Sid != "" {
			sid = fmt.Sprintf(" %q", s.Sid)
		}
		fmt.Fprintf(w, "  %s%s %s: %s\n", at, sid, s.Effect, s.Match)
		for _, e := range s.Elements {
			fmt.Fprintf(w, "    %s: %s: %s\n", strings.TrimPrefix(string(e.At), at+"."), e.Match, e.Why)
		}
	}
}
