package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// The bucket's own account is another matter: its administrators decide about its roles anyway. So are AWS's, whose roles
// nobody can name, and an account that is not trusted at all, which is BW401's.
var wholeAccountPrincipal = &policy.Rule{
	ID:      "BW406",
	Name:    "whole-account-principal",
	Summary: "an Allow names a whole account instead of the roles that need access",
	Why: "An account as principal, by its id or its root, means every user and role in it, including those created later: " +
		"the administrators of that account decide who has access here. Name the roles, or limit the Allow by " +
		"aws:PrincipalArn or a tag of the principal.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
	},
	Severity: policy.Medium,
	Baseline: policy.Audit, Restricted: policy.Warn,
	Access: true,
	Check:  checkWholeAccounts,
}

func checkWholeAccounts(in policy.Input) []policy.Finding {
	var out []policy.Finding
	asked := 0
	trust, _ := trusted(in)
	for s := range statements(in) {
		account := wholeAccount(in, s)
		if account == nil || narrowsCallers(s) || in.Trust != nil && !inside(s, trust, true) {
			continue
		}
		if asked++; asked > mostAsked {
			v := space.Verdict{Reason: "there are more such statements than are checked"}
			return append(out, unsure(in, s, v, "it allows every role of an account")...)
		}
		doc := in.Document.Only(func(t *iam.Statement) bool { return t.Effect == iam.Deny || t == s })
		v := space.Access(doc, space.NamedCallers, in.Budget.Share(partBudget), namedCallers(in, doc)...)
		switch v.Answer {
		case space.Undecided:
			out = append(out, unsure(in, s, v, "it allows every role of an account")...)
		case space.Found:
			f := about(s, account.Path(), "every role that account %s's administrators allow has access; name the roles that need it",
				accountOf(account.Text))
			f.Witness = v.Witness
			out = append(out, f)
		}
	}
	return out
}

// wholeAccount is the first principal of an Allow that is an account other than the bucket's own.
func wholeAccount(in policy.Input, s *iam.Statement) *iam.Value {
	if s.Effect != iam.Allow || s.Principal == nil {
		return nil
	}
	for _, e := range s.Principal.Entries {
		id := accountOf(e.ID.Text)
		root := id == e.ID.Text || strings.HasSuffix(e.ID.Text, ":root")
		if e.Type == "AWS" && root && len(id) == 12 && strings.Trim(id, "0123456789") == "" && id != in.Bucket.Owner.Value &&
			!catalog.IsLoadBalancerAccount(id) {
			return e.ID
		}
	}
	return nil
}

// narrowsCallers reports whether a condition lets in only callers with one of some names or tags.
func narrowsCallers(s *iam.Statement) bool {
	return slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
		op, ok := iam.ParseOperator(c.Operator)
		key := strings.ToLower(c.Key)
		named := key == "aws:principalarn" || key == "aws:userid" || key == "aws:username" || strings.HasPrefix(key, "aws:principaltag/")
		return ok && named && holds(op) && op.Comparison != iam.Null && !slices.ContainsFunc(c.Values, func(v *iam.Value) bool { return namesAll(v.Text) })
	})
}

// namesAll reports whether a name leaves everything open but the account and the kind of caller.
func namesAll(name string) bool {
	if parts := strings.SplitN(name, ":", 6); len(parts) == 6 {
		name = parts[5]
	}
	return strings.Trim(strings.NewReplacer("role/", "", "user/", "", "root", "").Replace(name), "*?") == ""
}

// namedCallers accepts the roles and users that the document names, by principal or in a condition, and the bucket's own account.
func namedCallers(in policy.Input, doc *iam.Document) []*iam.Document {
	var out []*iam.Document
	var arns []string
	for s := range statements(in) {
		for _, p := range []*iam.Principal{s.Principal, s.NotPrincipal} {
			if p == nil {
				continue
			}
			for _, e := range p.Entries {
				if e.Type == "AWS" && strings.HasPrefix(e.ID.Text, "arn:") && !strings.HasSuffix(e.ID.Text, ":root") {
					arns = append(arns, e.ID.Text)
				}
			}
		}
	}
	if len(arns) > 0 {
		out = append(out, allowing(accepting(), `{"AWS": `+iam.NewStrings(arns...).Compact()+`}`, "*", []string{"*"}, "{}"))
	}
	if owner := in.Bucket.Owner; owner.Known() {
		out = append(out, accepting(condition{"StringEquals": {"aws:PrincipalAccount": {owner.Value}}}))
	}
	for _, s := range doc.Statements {
		for _, c := range s.Condition {
			if s.Effect == iam.Deny && isOneOf(c.Key, []string{"aws:PrincipalArn", "aws:userid"}) {
				for _, v := range c.Values {
					if !namesAll(v.Text) && !strings.Contains(v.Text, "${") {
						out = append(out, accepting(condition{"StringLike": {c.Key: {v.Text}}}))
					}
				}
			}
		}
	}
	return out
}
