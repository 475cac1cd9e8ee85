package policytest

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// repair makes all fixes and shows that they are safe. The document is nil when there is nothing to edit.
func repair(r *policy.Rule, in policy.Input, findings []policy.Finding) (*iam.Document, error) {
	fixes := edits(findings)
	if len(fixes) == 0 {
		return nil, nil
	}
	fixed, err := fix.Apply(in.Document, fixes)
	if err != nil {
		return nil, err
	}
	if err := proven(in, fixed, fixes); err != nil {
		return fixed, err
	}
	again := policy.Run([]*policy.Rule{r}, in.With(fixed.Text())).Findings
	if len(edits(again)) > 0 {
		return fixed, fmt.Errorf("the fixed document can be fixed again:\n%s", describe(again))
	}
	return fixed, nil
}

// proven shows that the fixes are what their classes say.
func proven(in policy.Input, fixed *iam.Document, fixes []policy.Fix) error {
	class := policy.Equivalent
	for _, f := range fixes {
		switch f.Class {
		case policy.Equivalent:
		case policy.Narrowing:
			class = policy.Narrowing
		default:
			return fmt.Errorf("fix %q has no class", f.Description)
		}
	}
	if _, err := fix.Prove(in, fixed, class); err != nil {
		return fmt.Errorf("the fix is not %s: %w", class, err)
	}
	return nil
}

// edits returns the fixes that change the document.
func edits(findings []policy.Finding) []policy.Fix {
	var out []policy.Fix
	for _, f := range findings {
		if f.Fix != nil && len(f.Fix.Edits) > 0 {
			out = append(out, *f.Fix)
		}
	}
	return out
}
