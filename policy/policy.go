// Package policy is the vocabulary of Bucketwarden and the driver of its rules. It knows nothing of Kubernetes:
// a Rule looks at an Input and says what is wrong; what to do about it is decided by a Level.
package policy

import (
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Rule is one least-privilege check. Rules are constants: no state, no I/O, no clock.
type Rule struct {
	ID       string   // "BW301"; never changed, never reused
	Name     string   // "acl-action-with-acls-disabled": its file, its testdata folder
	Summary  string   // one clause, lower case, no full stop
	Why      string   // two to four sentences for the person who was refused
	Sources  []string // where AWS says so
	Controls Controls // who else looks for it
	Severity Severity
	// Baseline and Restricted are what each level does about a finding. Patch falls back to Unfixed for a finding
	// without a fix.
	Baseline, Restricted, Unfixed Action
	// Accepts rules leave out what Input.Accepted allows: an exemption may accept a part of what they find.
	Accepts bool
	// AnySize has the rule look also at what S3 refuses for its size. Of the others such a document is asked nothing: it never
	// takes effect, and may be long to keep them at work.
	AnySize bool
	// Access rules are about what the statement allows that they name. In an update such a finding stands only while the
	// statement allows no request that the policy before did not; of rules that have Accepts, while they find nothing once
	// all that the policy before allowed is accepted. All other findings stand with the text that they are about.
	Access bool
	// Identities has the rule look at the policies of users, roles and groups too, which name no principal.
	Identities bool
	// Neighbours has the rule look at the policies of services beside S3 too: those of Object Lambda, Outposts, Tables, Vectors.
	Neighbours bool
	// Yields are the rules that come first.
	Yields Yields
	// Check returns what the rule finds. Run and Findings call it, and nothing else does: only where no rule of Yields.Document
	// found anything.
	Check func(Input) []Finding
}

// Yields are rules that another one leaves the word to: where one of them speaks, it is silent. What depends on more than
// where they speak, the other one's Check asks of Input.Findings.
type Yields struct {
	Document  []*Rule // where one of them found anything in the document; Run sees to it
	Statement []*Rule // where one of them found something about the same statement; Check asks Input.Yields
}

// Severity says how bad a finding is, worst last.
type Severity uint8

// The severities. SeverityError marks what S3 itself refuses or what cannot be read.
const (
	Info Severity = iota + 1
	Low
	Medium
	High
	Critical
	SeverityError
)

// String returns the severity as rule tables and reports write it.
func (s Severity) String() string {
	return [...]string{"", "info", "low", "medium", "high", "critical", "error"}[s]
}

// Certainty says whether a finding holds under every reading of AWS's documentation and of what is not known.
type Certainty string

// The certainties.
const (
	Proved    Certainty = "proved"
	Undecided Certainty = "undecided"
)

// Finding is one thing wrong at one place. Run fills Rule, Line and Column, so a check cannot mislabel itself.
type Finding struct {
	Rule    *Rule
	At      iam.Path // in the document: "Statement[2].Principal"; "" for the document, or when Field says where
	Line    int      // in the document, from 1; 0 when the finding is not in a document
	Column  int      // in characters, from 1
	Field   string   // of the object, when the finding is not in its document: "spec.acl"
	Message string   // what it permits and what to do, one line
	// Certainty is Proved when left empty. Assumptions are what the finding rests on: "Object Ownership is ... (AWS
	// default since April 2023)".
	Certainty   Certainty
	Assumptions []string
	Witness     *authz.Request // one request that shows it, nil where none applies
	Fix         *Fix           // nil when no fix is known to be safe
	// Ceiling is the most that any level does about this finding: Warn for "nearly too large". Off sets none.
	Ceiling Action
}

// Fix is data, so that a driver can show it, apply it, merge it or drop it.
type Fix struct {
	Class       Class
	Description string // what it does, one clause
	Edits       []iam.Edit
	Unset       []string // fields of the object itself to remove: "spec.acl"
	// Set are fields of the object itself that are there and get another value, a string or a boolean. Their names may differ
	// from the object's in case.
	Set map[string]any
}

// Class says what a fix may change.
type Class string

// The classes of fixes.
const (
	Equivalent Class = "Equivalent" // no request that S3 would serve is lost
	Narrowing  Class = "Narrowing"  // some are, on purpose
)

// Kind is what sort of document an Input holds.
type Kind uint8

// The kinds. Settings is an object that declares settings of a bucket but no document.
const (
	Settings Kind = iota
	BucketPolicy
	AccessPointPolicy
	IdentityPolicy
	NeighbourPolicy // of what a service beside S3 keeps: see Input.Service
)

// Input is what a rule looks at: one document, or none, and what is known about its bucket.
type Input struct {
	Kind       Kind
	Service    string        // prefix of the actions of a NeighbourPolicy: "s3vectors", one of catalog.Neighbours
	Text       string        // the document as S3 would get it
	Document   *iam.Document // nil for Settings and for an unreadable Text
	Unreadable error         // why Text cannot be read
	Bucket     Bucket
	// Buckets are those that the policy of a user, role or group names, by their names, as far as anything is known.
	Buckets   map[string]Bucket
	Old       *iam.Document // what an update replaces; nil for a new document, and where the old one cannot be read
	Trust     *public.Trust // whom the cluster owner trusts, nil when nobody said
	Forbidden []Limit       // what each allows must never be granted
	Caps      []Limit       // whatever is granted must be allowed by each
	Keys      []Keys        // each names what objects must be encrypted with
	Profile   *Profile      // nil when nobody said what the bucket is for
	// Accepted are documents: what they allow is accepted, by rules that have Accepts.
	Accepted []*iam.Document
	// Budget is what all questions about the Input may take together; of the zero Budget each has its own.
	Budget space.Budget

	memo *memo // of the Run that the Input is a part of
	rule *Rule // that is checked
}

// Limit is a document that somebody drew up to hold others to.
type Limit struct {
	Name     string // of whoever did: "Ruleset production"
	Document *iam.Document
}

// Keys are KMS keys that somebody has chosen.
type Keys struct {
	Name string   // of whoever did: "Ruleset production"
	ARNs []string // * stands for any text
}

// Statements returns the document's statements, none when there is no readable document.
func (in Input) Statements() []iam.Statement {
	if in.Document == nil {
		return nil
	}
	return in.Document.Statements
}

// NewInput parses text.
func NewInput(kind Kind, text string, bucket Bucket) Input {
	return Input{Kind: kind, Bucket: bucket}.With(text)
}

// With returns the Input with another document, about which all the rest is known as well.
func (in Input) With(text string) Input {
	in.Text = text
	in.Document, in.Unreadable = iam.Parse(text)
	in.memo, in.rule = nil, nil
	return in
}
