package report

import (
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/policy/plain"
)

// Subject says which policy an answer is about. A bare document has no object and no field, and its bucket may be unknown.
type Subject struct {
	File   string        `json:"file"`
	Line   int           `json:"line"` // of the object or the document in the file, from 1
	Object *objectOutput `json:"object"`
	Field  string        `json:"field"`
	Bucket string        `json:"bucket"`
}

// NewSubject returns where a policy stands.
func NewSubject(p files.Policy) *Subject {
	return &Subject{
		File: strings.ToValidUTF8(p.Item.File.Name, "\ufffd"), Line: p.Item.Line, // JSON has no other names
		Object: objectOf(p.Item), Field: p.Field, Bucket: p.Bucket.Name.Value,
	}
}

// String names the policy on one line: "a.yaml:12: BucketPolicy team-a/logs spec.forProvider.policy, bucket logs".
func (s Subject) String() string {
	return plain.Line(fmt.Sprintf("%s:%d: %s", s.File, s.Line, s.name()))
}

// name names the policy without its place.
func (s Subject) name() string {
	text := nameOf(s.Object)
	if s.Field != "" {
		text += " " + s.Field
	}
	if s.Bucket != "" {
		text += ", bucket " + s.Bucket
	}
	return text
}

// Plain reports whether an answer needs no name: it is about the only policy, and that is a bare document.
func Plain(all []files.Policy) bool { return len(all) == 1 && all[0].Item.Object == nil }
