package lines

import (
	"fmt"
	"io"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Batch answers a file of JSON lines: each is read as a Q, and what answer makes of it gets the line's id. - is for in.
func Batch[Q any](in io.Reader, out io.Writer, name string, answer func(id jsontext.Value, q Q) (any, error)) error {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("--batch %s: %w", name, program.Cause(err))
		}
		defer f.Close() //nolint:errcheck // nothing was written to it
		in = f
	}
	err := Answer(in, out, func(line []byte, _ int, err error) (text []byte, ok bool) {
		id, q, err := question[Q](line, err)
		var result any
		if err == nil {
			result, err = answer(id, q)
		}
		if err != nil {
			return Marshal(failure{id, err.Error()}), false
		}
		return Marshal(result), true
	})
	if err != nil {
		return fmt.Errorf("--batch %s: %w", name, err)
	}
	return nil
}

// question reads a line, if it could be read so far. Its id is null until it is known.
func question[Q any](line []byte, err error) (id jsontext.Value, q Q, _ error) {
	id = jsontext.Value("null")
	if err == nil {
		id, err = identify(line)
	}
	if err == nil {
		err = program.DescribeJSON(line, json.Unmarshal(line, &q, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(true)))
	}
	return id, q, err
}

// Document reads a policy that stands in a line under a name.
func Document(name string, text jsontext.Value) (*iam.Document, error) {
	if text == nil {
		return nil, fmt.Errorf("%s: the policy is missing", name)
	}
	doc, err := iam.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}
