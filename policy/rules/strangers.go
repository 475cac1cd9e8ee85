package rules

import (
	"fmt"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// strangers asks whether a document of the Input lets somebody in whom it does not name, for anything that is not accepted.
func strangers(in policy.Input, doc *iam.Document, accepted *iam.Document) space.Verdict {
	everybody := space.AnonymousCallers | space.Strangers
	if !slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool { return s.Effect == iam.Allow && everybody.MayUse(&s) }) {
		return space.Verdict{Answer: space.None}
	}
	except := slices.Concat([]*iam.Document{accepted}, unanswered(in), in.Accepted)
	v := public.Access(doc, in.Budget.Share(space.AdmissionBudget), except...)
	if v.Answer == space.Undecided {
		if wide, ok := anyValue(doc); ok && public.Access(wide, in.Budget.Share(space.AdmissionBudget), except...).Answer == space.None {
			return space.Verdict{Answer: space.None} // by both readings, and BW802 speaks of it
		}
	}
	return v
}

// opening is what BW201 and BW202 say: one finding for each statement that lets strangers in.
func opening(in policy.Input, accepted *iam.Document) []policy.Finding {
	if in.Document == nil {
		return nil
	}
	var out []policy.Finding
	whole := true // nobody gets in once what is found is removed
	for s, v := range opened(remaining(in), func(doc *iam.Document) space.Verdict {
		return strangers(in, doc, accepted)
	}) {
		if v.Answer == space.Undecided {
			more := undecided(in, v)
			if s == nil && len(out) > 0 && len(more) > 0 {
				more[0].Message = "further statements may allow anyone on the internet, or any AWS account; name the principals that need access there, too"
			}
			out, whole = append(out, more...), false
			continue
		}
		v.Witness = spelled(v.Witness)
		f := about(s, s.Principal.Value.Path(), "%s can use %s on %s; allow only the principals that need access",
			caller(v.Witness), verbatim(v.Witness.Action), resource(in, v.Witness))
		f.Witness = v.Witness
		f.Fix = &policy.Fix{
			Class: policy.Narrowing, Description: "remove the public statement", Edits: []iam.Edit{{At: s.Value.Path()}},
		}
		out = append(out, f)
	}
	for i := range out {
		if !whole {
			out[i].Fix = nil
		}
	}
	return out
}

// undecided says why nobody knows who gets in. Where S3 refuses the document as it is, that is said already.
func undecided(in policy.Input, v space.Verdict) []policy.Finding {
	if refusedAnyway(in) {
		return nil
	}
	const format = "could not prove that this is not public; %s; name the principals that need access"
	f := policy.Finding{Message: fmt.Sprintf(format, oneLine(v.Reason))} // the reason is the whole document
	if v.At != "" {
		f = about(&in.Document.Statements[v.At.Statement()], v.At, format, oneLine(v.Reason))
	}
	f.Certainty = policy.Undecided
	return []policy.Finding{f}
}
