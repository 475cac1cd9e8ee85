package rules

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// What most rules cite.
const (
	s3Actions       = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"
	s3Policies      = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html"
	s3ACLs          = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"
	objectOwnership = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"
	iamGrammar      = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
)

// resourcePolicy tells whether the Input is a document that S3 keeps with a bucket or an access point. Policies of
// users and roles follow other rules.
func resourcePolicy(in policy.Input) bool {
	return in.Document != nil && (in.Kind == policy.BucketPolicy || in.Kind == policy.AccessPointPolicy)
}

// statements yields what S3 keeps with a bucket or an access point and, to rules that ask for them, what IAM keeps about S3.
func statements(in policy.Input) iter.Seq[*iam.Statement] {
	return func(yield func(*iam.Statement) bool) {
		identity := in.Kind == policy.IdentityPolicy
		if !resourcePolicy(in) && !identity || in.Document == nil {
			return
		}
		for i := range in.Document.Statements {
			s := &in.Document.Statements[i]
			if identity && !slices.ContainsFunc(s.Action, ofS3) && len(s.NotAction) == 0 {
				continue
			}
			if !yield(s) {
				return
			}
		}
	}
}

// ofS3 tells whether an action, or a pattern of actions, may be one of S3's.
func ofS3(action *iam.Value) bool {
	service, _, _ := strings.Cut(action.Text, ":")
	return glob.MatchFold(service, "s3") || glob.MatchFold(service, "s3express")
}

// keptByIAM holds findings about what S3 refuses down to a warning in the policy of a user or role: IAM keeps it there, and it does
// nothing.
func keptByIAM(in policy.Input, findings []policy.Finding) []policy.Finding {
	if in.Kind == policy.IdentityPolicy {
		return ceiled(findings)
	}
	return findings
}

// about is a finding in a statement, which it names: `Statement[1] "Write": ...`.
func about(s *iam.Statement, at iam.Path, format string, args ...any) policy.Finding {
	name := string(s.Value.Path())
	if s.Sid != "" {
		name += " " + quoted(s.Sid, 24)
	}
	return policy.Finding{At: at, Message: name + ": " + fmt.Sprintf(format, args...)}
}

// anyAbout tells whether one of the findings is about a statement.
func anyAbout(findings []policy.Finding, statement int) bool {
	return slices.ContainsFunc(findings, func(f policy.Finding) bool { return f.At.Statement() == statement })
}

// value shows what a document says, which may be anything, in one short line.
func value(s string) string { return quoted(s, 60) }

func quoted(s string, most int) string { return plain.Quote(s, most) }

// names is a list of names that any text can be compared with, made once.
type names []name

type name struct {
	text  string
	lower string
	runes []rune // of lower
}

func namesOf(texts iter.Seq[string]) names {
	var out names
	for t := range texts {
		lower := strings.ToLower(t)
		out = append(out, name{t, lower, []rune(lower)})
	}
	return out
}

// nearest returns the name that s was probably meant to be: "; did you mean s3:GetObject?", or "" when none is near
// or the budget does not allow for a look.
func (l names) nearest(budget space.Budget, s string) string {
	if !budget.Take(costOfName) {
		return ""
	}
	const most = 3 // edits; more is another word
	best, found := most+1, ""
	runes := []rune(strings.ToLower(s))
	for _, n := range l {
		if len(n.runes)-len(runes) > most || len(runes)-len(n.runes) > most {
			continue
		}
		// No maximal cost is given: with one, the distance of v1.2.3 can come out too small.
		if d, _, _ := levenshtein.Calculate(runes, n.runes, 0, 1, 1, 1); d < best {
			best, found = d, n.text
		}
	}
	if found == "" {
		return ""
	}
	return "; did you mean " + found + "?"
}

// costOfName is what it takes to hold a text against a list of names, in steps.
const costOfName = 200

// fits tells whether an action is what an Action element says, in any case.
func fits(element, action string) bool {
	if !strings.ContainsAny(element, "*?") { // as most do not
		return strings.EqualFold(element, action)
	}
	return glob.MatchFold(element, action)
}

// matches tells whether a pattern matches one of the names, in any case.
func (l names) matches(pattern string) bool {
	p := glob.Compile(strings.ToLower(pattern))
	return slices.ContainsFunc(l, func(n name) bool { return p.Match(n.lower) })
}
