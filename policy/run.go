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

// Run looks at one Input with every rule. It is pure and safe for concurrent use. Each rule is checked once, also where others
// ask for its findings.
func Run(rules []*Rule, in Input) Report {
	var out Report
	in.memo = newMemo(rules, in.Document)
	for i, r := range rules {
		for _, f := range in.memo.checked[i].findings(&in, r) {
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

// Findings returns what a rule says of the Input, whether it is one of those that are run or not: nothing where it yields, or
// is not asked about such an Input. Rule, Line and Column are not filled in. The caller does not change them.
func (in Input) Findings(r *Rule) []Finding { return in.findings(r) }

// findings is Findings for an Input that the caller has to itself.
func (in *Input) findings(r *Rule) []Finding {
	m := in.known()
	if m == nil {
		return in.check(r)
	}
	if c := m.of(r); c != nil {
		return c.findings(in, r)
	}
	return Once(*in, r, func() []Finding { return in.check(r) })
}

func (c *checked) findings(in *Input, r *Rule) []Finding {
	c.once.Do(func() { c.found = in.check(r) })
	return c.found
}

// check asks a rule. An Input is large, so that a copy is made for the check alone.
func (in *Input) check(r *Rule) []Finding {
	if in.Kind == IdentityPolicy && !r.Identities || in.Kind == NeighbourPolicy && !r.Neighbours || !r.AnySize && in.tooLarge() {
		return nil
	}
	if slices.ContainsFunc(r.Yields.Document, func(other *Rule) bool { return len(in.findings(other)) > 0 }) {
		return nil
	}
	before := in.rule
	in.rule = r
	found := r.Check(*in)
	in.rule = before
	return found
}

// Yields reports whether the rule that is being checked leaves the statement of a place to another one.
func (in Input) Yields(at iam.Path) bool {
	statement := at.Statement()
	return in.rule != nil && statement >= 0 && slices.ContainsFunc(in.rule.Yields.Statement, func(other *Rule) bool {
		return slices.ContainsFunc(in.Findings(other), func(f Finding) bool { return f.At.Statement() == statement })
	})
}

// tooLarge reports whether S3 refuses the document for its size, however it is written.
func (in *Input) tooLarge() bool {
	return (in.Kind == BucketPolicy || in.Kind == AccessPointPolicy) && len(in.Text) > iam.MostKept && in.Document != nil &&
		Once(*in, sizeKey{}, func() bool { return in.Document.Root().Least() > iam.MostKept })
}

// sizeKey is the key of tooLarge.
type sizeKey struct{}

// Order compares findings of one document by their places in it, and then by rule.
func Order(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule.ID, b.Rule.ID))
}

// yieldsTo reports whether a rule yields to another one, or to one that does; seen are those that have been looked at.
func (r *Rule) yieldsTo(other *Rule, seen map[*Rule]bool) bool {
	return slices.ContainsFunc(slices.Concat(r.Yields.Document, r.Yields.Statement), func(next *Rule) bool {
		if next == other {
			return true
		}
		again := seen[next]
		seen[next] = true
		return !again && next.yieldsTo(other, seen)
	})
}

func (in *Input) position(f Finding) (line, column int) {
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
		case r.yieldsTo(r, map[*Rule]bool{}):
			complain("it yields to itself")
		}
		ids[r.ID], names[r.Name] = true, true
	}
	return errors.Join(errs...)
}
