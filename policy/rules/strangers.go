package rules

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// What the rules about public access cite.
const (
	blockPublicAccess = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
	conditionKeys     = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
	multivaluedKeys   = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html"
)

// reads and writes are what a bucket policy can grant, and both together are all of it. Tagging is a write: tags decide
// what lifecycle rules delete and, in a condition, who gets in.
var (
	reads  = actionsOf(catalog.List, catalog.Read)
	writes = actionsOf(catalog.Tagging, catalog.Write, catalog.PermissionsManagement)
)

func actionsOf(levels ...catalog.Level) []string {
	var out []string
	for a := range catalog.Actions() {
		if a.InBucketPolicy() && slices.Contains(levels, a.Level()) {
			out = append(out, a.Name())
		}
	}
	return out
}

// allBut returns a document that allows everybody everything but some actions.
func allBut(actions []string) *iam.Document {
	return iam.NewDocument(map[string]any{"Effect": iam.Allow, "Principal": "*", "Resource": "*", "NotAction": actions})
}

// strangers asks whether the document lets somebody in whom it does not name, for anything that is not accepted.
func strangers(in policy.Input, accepted *iam.Document) space.Verdict {
	everybody := space.AnonymousCallers | space.Strangers
	if !slices.ContainsFunc(in.Statements(), func(s iam.Statement) bool { return s.Effect == iam.Allow && everybody.MayUse(&s) }) {
		return space.Verdict{Answer: space.None}
	}
	doc := remaining(in)
	except := append([]*iam.Document{accepted}, in.Accepted...)
	v := space.Public(doc, in.Budget.Share(space.AdmissionBudget), except...)
	if v.Answer == space.Undecided {
		if wide, ok := anyValue(doc); ok && space.Public(wide, in.Budget.Share(space.AdmissionBudget), except...).Answer == space.None {
			return space.Verdict{Answer: space.None} // by both readings, and BW802 speaks of it
		}
	}
	return v
}

// remaining returns the document without what other rules speak of: an Allow with NotPrincipal is BW702's, and to BW102 is left
// a document that lacks an element.
func remaining(in policy.Input) *iam.Document {
	complete := resourcePolicy(in) && len(checkMissingElement(in)) == 0
	ours := func(s *iam.Statement) bool { return complete && (s.Effect == iam.Deny || s.NotPrincipal == nil) }
	if !slices.ContainsFunc(in.Document.Statements, func(s iam.Statement) bool { return !ours(&s) }) {
		return in.Document
	}
	return only(in.Document, ours)
}

// only returns the document with some of its statements.
func only(doc *iam.Document, keep func(*iam.Statement) bool) *iam.Document {
	out := *doc
	out.Statements = slices.Collect(filtered(doc, keep))
	return &out
}

func filtered(doc *iam.Document, keep func(*iam.Statement) bool) iter.Seq[iam.Statement] {
	return func(yield func(iam.Statement) bool) {
		for i := range doc.Statements {
			if s := &doc.Statements[i]; keep(s) && !yield(*s) {
				return
			}
		}
	}
}

// opening is what BW201 and BW202 say: one finding for each statement that lets strangers in.
func opening(in policy.Input, accepted *iam.Document) []policy.Finding {
	if in.Document == nil {
		return nil
	}
	var out []policy.Finding
	whole := true // nobody gets in once what is found is removed
	for s, v := range opened(remaining(in), func(doc *iam.Document) space.Verdict {
		part := in
		part.Document = doc
		return strangers(part, accepted)
	}) {
		if v.Answer == space.Undecided {
			more := undecided(in, v.Reason)
			if s == nil && len(out) > 0 && len(more) > 0 {
				more[0].Message = "further statements may allow anyone on the internet, or any AWS account; name the principals that need it there too"
			}
			out, whole = append(out, more...), false
			continue
		}
		f := about(s, s.Principal.Value.Path(), "lets %s use %s on %s; name the principals that need it",
			caller(v.Witness), verbatim(v.Witness.Action), verbatim(v.Witness.Resource))
		f.Witness = v.Witness
		f.Fix = &policy.Fix{
			Class: policy.Narrowing, Description: "remove what lets in everybody", Edits: []iam.Edit{{At: s.Value.Path()}},
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
func undecided(in policy.Input, reason string) []policy.Finding {
	if refusedAnyway(in) {
		return nil
	}
	const format = "whether it lets in everybody is undecided; %s; name the principals that need it"
	place, why, _ := strings.Cut(reason, ": ")
	f := policy.Finding{Message: fmt.Sprintf(format, oneLine(reason))} // the reason is the whole document
	if at := iam.Path(place); at.Statement() >= 0 {
		f = about(&in.Document.Statements[at.Statement()], at, format, oneLine(why))
	}
	f.Certainty = policy.Undecided
	return []policy.Finding{f}
}

// refusedAnyway tells whether S3 refuses the document for a condition that makes no sense to it.
func refusedAnyway(in policy.Input) bool {
	return slices.ContainsFunc(checkConditions(in), func(f policy.Finding) bool { return f.Ceiling == policy.Off })
}

// caller is who sends a request, in words.
func caller(r *authz.Request) string {
	if provider, ok := r.Context.Lookup("aws:FederatedProvider"); ok {
		return "anyone who signs in with " + quoted(provider[0], 40)
	}
	if r.Principal == authz.Anonymous {
		return "anyone on the internet"
	}
	return "any AWS account"
}

// verbatim is a text as it is, where it is short and plain; an action that a pattern allows need not be either.
func verbatim(s string) string {
	if q := quoted(s, 44); q != strconv.Quote(s) || q[1:len(q)-1] != s {
		return q
	}
	return s
}
