package rules

import (
	"regexp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

var deletedPrincipal = &policy.Rule{
	ID:      "BW111",
	Name:    "deleted-principal",
	Summary: "a principal is the unique id of a deleted role or user",
	Why: "S3 stores a role or user by its unique id, and shows that id after the role is deleted. A new role of the same " +
		"name has another id and gets no access. So such an Allow allows nobody and a Deny denies nobody, but readers of " +
		"the policy take it for existing access.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"INVALID_ROLE_REFERENCE", "INVALID_USER_REFERENCE"}},
	Severity: policy.Medium,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Neighbours: true,
	Check:      checkDeleted,
}

var uniqueID = regexp.MustCompile(`^A(IDA|ROA)[A-Z0-9]{12,}$`)

func checkDeleted(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		for _, p := range [...]*iam.Principal{s.Principal, s.NotPrincipal} {
			if p == nil {
				continue
			}
			for _, e := range p.Entries {
				if e.Type != "AWS" || !uniqueID.MatchString(e.ID.Text) {
					continue
				}
				f := about(s, e.ID.Path(), "%s is the unique id of a deleted role or user; remove it, or write the ARN of the one that "+
					"replaced it", value(e.ID.Text))
				if at := withoutEntry(in.Document, s, p, e); at != "" && s.Effect == iam.Allow && p == s.Principal {
					f.Fix = &policy.Fix{
						Class: policy.Narrowing, Description: "remove the deleted principal", Edits: []iam.Edit{{At: at}},
					}
				}
				out = append(out, f)
			}
		}
	}
	return out
}

// withoutEntry is what has to go for a principal to go: the statement where it is the only one, "" where that is the last
// statement, and the list of its type where it is the only one of that.
func withoutEntry(doc *iam.Document, s *iam.Statement, p *iam.Principal, e iam.PrincipalEntry) iam.Path {
	others, same := 0, 0
	for _, o := range p.Entries {
		if o.ID == e.ID || o.Type == "AWS" && uniqueID.MatchString(o.ID.Text) {
			continue
		}
		if others++; o.Type == e.Type {
			same++
		}
	}
	switch {
	case others == 0 && len(doc.Statements) < 2:
		return ""
	case others == 0:
		return s.Value.Path()
	case same == 0:
		return p.Value.Path().Field(e.Type)
	}
	return e.ID.Path()
}
