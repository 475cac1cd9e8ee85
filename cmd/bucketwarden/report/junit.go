package report

import (
	"encoding/xml"
	"io"
	"iter"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// junitSuites is the form of test results that Jenkins and GitLab read: a suite for each file, a case for each object.
//
// https://github.com/testmoapp/junitxml
type junitSuites struct {
	XMLName  xml.Name      `xml:"testsuites"`
	Name     string        `xml:"name,attr"`
	Tests    int           `xml:"tests,attr"`
	Failures int           `xml:"failures,attr"`
	Errors   int           `xml:"errors,attr"`
	Suites   []*junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
	Error   *junitFailure `xml:"error"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a failure for each object that would be refused, and an error for what cannot be read. What else was found
// is a case's output.
func writeJUnit(w io.Writer, in *files.Inputs, all iter.Seq[files.Judged]) error {
	out := junitSuites{Name: "bucketwarden review"}
	for j := range all {
		name := plain.Line(j.Item.File.Name)
		if n := len(out.Suites); n == 0 || out.Suites[n-1].Name != name {
			out.Suites = append(out.Suites, &junitSuite{Name: name})
		}
		s := out.Suites[len(out.Suites)-1]
		c := newJUnitCase(j)
		s.Cases = append(s.Cases, c)
		s.Tests++
		if c.Failure != nil {
			s.Failures++
			out.Failures++
		}
	}
	if len(in.Errs) > 0 {
		s := &junitSuite{Name: "files", Tests: len(in.Errs), Errors: len(in.Errs)}
		for _, err := range in.Errs {
			s.Cases = append(s.Cases, junitCase{Class: "files", Name: "read", Error: &junitFailure{"unreadable", plain.Line(err.Error()), ""}})
		}
		out.Suites, out.Errors = append(out.Suites, s), len(in.Errs)
	}
	for _, s := range out.Suites {
		out.Tests += s.Tests
	}
	text, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}

func newJUnitCase(j files.Judged) junitCase {
	file := plain.Line(j.Item.File.Name)
	out := junitCase{Class: file, Name: nameOf(objectOf(j.Item)), File: file, Line: j.Item.Line}
	var refused []review.Finding
	var lines, others []string
	for _, f := range j.Findings {
		if f.Action != policy.Deny {
			others = append(others, findingText(f))
			continue
		}
		refused = append(refused, f)
		line := findingText(f)
		if f.Witness != nil {
			line += "\n  for example " + f.Witness.String()
		}
		lines = append(lines, line)
	}
	if len(refused) > 0 {
		out.Failure = &junitFailure{refused[0].Rule.ID, refused[0].Text(), strings.Join(lines, "\n")}
	}
	out.Output = strings.Join(others, "\n")
	return out
}
