package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

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

// anyAbout reports whether one of the findings is about a statement.
func anyAbout(findings []policy.Finding, statement int) bool {
	return slices.ContainsFunc(findings, func(f policy.Finding) bool { return f.At.Statement() == statement })
}

// value shows what a document says, which may be anything, in one short line.
func value(s string) string { return quoted(s, 60) }

func quoted(s string, most int) string { return plain.Quote(s, most) }

// verbatim is a text as it is, where it is short and plain; an action that a pattern allows need not be either.
func verbatim(s string) string {
	if q := quoted(s, 44); q != strconv.Quote(s) || q[1:len(q)-1] != s {
		return q
	}
	return s
}

// shown is the beginning of a list.
func shown(list []string) string {
	const most = 2
	var out []string
	for _, v := range list[:min(most, len(list))] {
		out = append(out, value(v))
	}
	if len(list) > most {
		out = append(out, "...")
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// oneLine clips a reason that quotes a hostile document, and shows what does not print as U+FFFD.
func oneLine(s string) string {
	const most = 300 // characters
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s))
	if len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return string(runes)
}

// ceiled holds findings down to a warning.
func ceiled(findings []policy.Finding) []policy.Finding {
	for i := range findings {
		findings[i].Ceiling = policy.Warn
	}
	return findings
}

// unsure is the finding that nobody knows something; none where S3 refuses the document as it is. what says what, "whether"
// left out; s is nil for the whole document.
func unsure(in policy.Input, s *iam.Statement, v space.Verdict, what string) []policy.Finding {
	if refusedAnyway(in) {
		return nil
	}
	f := policy.Finding{Message: "it is undecided whether " + what + "; " + oneLine(v.Why())}
	if s != nil {
		f = about(s, s.Value.Path(), "it is undecided whether %s; %s", what, oneLine(whyAbout(s, v)))
	}
	f.Certainty = policy.Undecided
	return []policy.Finding{f}
}

// whyAbout is why an answer is undecided, for a sentence that names statement s already.
func whyAbout(s *iam.Statement, v space.Verdict) string {
	if v.At == s.Value.Path() {
		return v.Reason
	}
	return v.Why()
}

// service is a service as the document names it.
func service(in policy.Input, principal string) string {
	if !strings.Contains(in.Text, principal) {
		return "any service"
	}
	return quoted(principal, 48)
}

// servicesOf is where a statement says which services it lets in.
func servicesOf(s *iam.Statement) iam.Path {
	for _, e := range s.Principal.Entries {
		if e.Type == "Service" {
			return e.ID.Path()
		}
	}
	return s.Principal.Value.Path()
}
