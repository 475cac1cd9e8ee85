// Package manifest reads files that hold Kubernetes objects or bare policy documents, and changes fields in them
// without touching any other byte. It decodes YAML as kubectl does, so that an object is what the API server would get.
package manifest

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxSize is the most bytes that one file may have.
const MaxSize = 32 << 20

// File is the text of one file and what was found in it.
type File struct {
	Name  string // "-" for standard input
	Text  string
	Items []*Item // in the order of the text
	// Configuration are the objects that say how to judge: Rulesets, Exemptions, Namespaces and ProviderConfigs.
	Configuration []*Item
	// PassedOver counts the documents, and the items of lists, that are of no known kind.
	PassedOver int
	// Skipped counts the same by what they are: an API version and kind, or the policy of another service.
	Skipped map[string]int
	// Neighbours are the bare policies among them.
	Neighbours []Neighbour
	// Notes name what is known and cannot be read.
	Notes []string
	// Near name what may be a slip: kinds, groups and fields that are one edit from known ones.
	Near []string

	breaks lines  // of Text, once somebody has asked
	path   string // of what Name leads to, links resolved; "" for standard input
}

// Item is one object of a kind that package source knows, or one bare policy document.
type Item struct {
	File     *File
	Line     int            // in the file, from 1
	Object   map[string]any // as the API server decodes it; nil for a bare document
	Document string         // a bare document's text; "" for an object
	// Template objects are made again for each use of what they stand in, and say nothing of others. Filled says what is not
	// there yet.
	Template bool
	Filled   Filled

	doc     *document
	pointer string            // of the object in its document, which may be a list
	moved   map[string]string // pointers in the document of fields that stand elsewhere, by path
}

// Neighbour is a bare policy document that is not a bucket's.
type Neighbour struct {
	Item *Item
	Kind string // "a policy of SQS"
}

// skip counts a document that is not judged.
func (f *File) skip(kind string) {
	f.PassedOver++
	if f.Skipped == nil {
		f.Skipped = map[string]int{}
	}
	f.Skipped[kind]++
}

// kindNamed names what a document is, which may be nothing of Kubernetes.
func kindNamed(version, kind string) string {
	if version == "" || kind == "" {
		return "no Kubernetes object"
	}
	return version + " " + kind
}

// document is one YAML document of a stream, or one JSON value.
type document struct {
	start, end int // bytes in the file
	line       int // of start, from 1
	json       bool
	within     *within // nil for a document of the file
	root       *node   // while it is read
	value      any     // nil unless it holds something known
}

// Error says where a file cannot be read, and why.
type Error struct {
	File   string
	Line   int // from 1; 0 for the whole file
	Column int // from 1; 0 when not known
	Reason string
}

// Error returns place and reason as compilers write them.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Column > 0 {
		fmt.Fprintf(&b, ":%d", e.Column)
	}
	return b.String() + ": " + e.Reason
}

// Parse finds what there is to review in text. The error joins one *Error for each document that cannot be read; the
// File holds the rest.
func Parse(name, text string) (*File, error) {
	f := &File{Name: name, Text: text}
	if !utf8.ValidString(text) {
		return f, &Error{File: name, Reason: "not UTF-8 text"}
	}
	documents, notJSON := splitJSON(text)
	if notJSON != nil {
		documents = splitYAML(text)
	}
	var errs []error
	templates := false
	for _, d := range documents {
		err := f.read(d, len(documents) == 1)
		if err == nil {
			continue
		}
		template := strings.Contains(text[d.start:d.end], "{{")
		if !template || !templates { // one such line for a file is enough
			errs = append(errs, f.explain(err, d, notJSON))
		}
		templates = templates || template
	}
	return f, errors.Join(errs...)
}

// Again parses the text of a file again, by whoever knows more kinds now. The error is as Parse's.
func (f *File) Again() (*File, error) {
	again, err := Parse(f.Name, f.Text)
	again.path = f.path
	return again, err
}

// explain says more of a document that is no YAML: a template, or JSON with a mistake in it.
func (f *File) explain(err *Error, d *document, notJSON *Error) error {
	before, _, template := strings.Cut(f.Text[d.start:d.end], "{{")
	switch {
	case template:
		err = &Error{Line: d.line + strings.Count(before, "\n")}
		err.Reason = "this is a template, not YAML; render it first: helm template CHART | bucketwarden review -"
	case !d.json && looksLikeJSON(f.Text):
		err = notJSON
		if strings.HasPrefix(f.Text[newLines(f.Text).offset(f.Text, err.Line, err.Column):], "${") {
			err.Reason = "${...} is a placeholder; render it first, as with flux envsubst or terraform"
		}
	}
	err.File = f.Name
	return err
}

// looksLikeJSON reports whether a text begins as JSON does, or as JSON with a comment before it.
func looksLikeJSON(text string) bool {
	text = strings.TrimLeft(text, "\ufeff \t\r\n")
	for strings.HasPrefix(text, "//") || strings.HasPrefix(text, "/*") {
		end := "\n"
		if text[1] == '*' {
			end = "*/"
		}
		_, rest, _ := strings.Cut(text[2:], end)
		text = strings.TrimLeft(rest, " \t\r\n")
	}
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}
