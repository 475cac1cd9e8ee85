package main

import (
	"fmt"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// runBatch answers a file of JSON lines: each is read as a Q, and what answer makes of it gets the line's id.
func runBatch[Q any](cmd *cobra.Command, name string, answer func(id jsontext.Value, q Q) (any, error)) error {
	in := cmd.InOrStdin()
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("--batch %s: %w", name, program.Cause(err))
		}
		defer f.Close() //nolint:errcheck // nothing was written to it
		in = f
	}
	err := answerLines(in, cmd.OutOrStdout(), func(line []byte, _ int, err error) (text []byte, ok bool) {
		id := jsontext.Value("null")
		var q Q
		if err == nil {
			id, err = identify(line)
		}
		if err == nil {
			err = program.DescribeJSON(json.Unmarshal(line, &q, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(true)))
		}
		var out any
		if err == nil {
			out, err = answer(id, q)
		}
		if err != nil {
			return marshal(failure{id, err.Error()}), false
		}
		return marshal(out), true
	})
	if err != nil {
		return fmt.Errorf("--batch %s: %w", name, err)
	}
	return nil
}

// lineDocument reads a policy that stands in a line under a name.
func lineDocument(name string, text jsontext.Value) (*iam.Document, error) {
	if text == nil {
		return nil, fmt.Errorf("%s: the policy is missing", name)
	}
	doc, err := iam.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}
