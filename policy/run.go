package policy

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Report is what all rules found in one Input, in the order of the document.
type Report struct {
	Findings []Finding
}

// Run looks at one Input with every rule. It is pure and safe for concurrent use.
func Run(rules []*Rule, in Input) Report {
	var out Report
	tooLarge := in.tooLarge()
	for _, r := range rules {
		if in.Kind == IdentityPolicy && !r.Identities || tooLarge && !r.AnySize {
			continue
		}
		for _, f := range r.Check(in) {
			f.Rule = r
			f.Line, f.Column = in.position(f)
			if f.Certainty == "" {
				f.Certainty = Proved
			}
			out.Findings = append(out.Findings, f)
		}
	}
	slices.SortStableFunc(out.Findings, Order)
	return out
}

// tooLarge tells whether S3 refuses the document for its size, however it is written.
func (in Input) tooLarge() bool {
	return (in.Kind == BucketPolicy || in.Kind == AccessPointPolicy) && len(in.Text) > iam.MostKept && in.Document != nil &&
		in.Document.Root().Least() > iam.MostKept
}

// Order compares findings of one document by their places in it, and then by rule.
func Order(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule.ID, b.Rule.ID))
}

func (in Input) position(f Finding) (line, column int) {
	var syntax *iam.SyntaxError
	switch {
	case f.Field != "":
		return 0, 0
	case in.Document != nil:
		return in.Document.PositionOf(f.At)
	case errors.As(in.Unreadable, &syntax):
		return syntax.Line, syntax.Column
	}
	return 0, 0
}

var (
	ruleID   = regexp.MustCompile(`^BW[1-9][0-9]{2}$`)
	ruleName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// Validate refuses a list of rules that a person could not rely on: repeated ids or names, missing words, no check.
func Validate(rules []*Rule) error {
	ids, names := map[string]bool{}, map[string]bool{}
	var errs []error
	for _, r := range rules {
		complain := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("rule %s: %s", r.ID, fmt.Sprintf(format, args...)))
		}
		switch {
		case !ruleID.MatchString(r.ID):
			complain("the id is not BW and three digits")
		case ids[r.ID]:
			complain("the id is taken")
		case !ruleName.MatchString(r.Name):
			complain("name %q is not lower-case words joined by dashes", r.Name)
		case names[r.Name]:
			complain("name %q is taken", r.Name)
		case r.Summary == "" || r.Why == "" || len(r.Sources) == 0:
			complain("summary, why or sources are missing")
		case r.Controls.unreadable() != "":
			complain("%q is no control", r.Controls.unreadable())
		case r.Severity < Info || r.Severity > SeverityError:
			complain("unknown severity %d", r.Severity)
		case r.Baseline > Deny || r.Restricted > Deny || r.Unfixed > Deny:
			complain("unknown action")
		case (r.Baseline == Patch || r.Restricted == Patch) && (r.Unfixed == Off || r.Unfixed == Patch):
			complain("a rule that patches needs an action for what it cannot fix")
		case r.Check == nil:
			complain("no check")
		}
		ids[r.ID], names[r.Name] = true, true
	}
	return errors.Join(errs...)
}
