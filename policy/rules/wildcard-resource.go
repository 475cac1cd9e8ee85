package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
)

// Where the object names a profile, what is beyond it is BW408's.
var wildcardResource = &policy.Rule{
	ID:      "BW705",
	Name:    "wildcard-resource",
	Summary: "an Allow grants all objects to a caller that uses only one folder",
	Why: "A service that delivers logs writes under its own folder, and a caller that may list only one prefix needs " +
		"nothing elsewhere. If it may use the whole bucket, a mistake or a stolen key reaches what other teams keep " +
		"there.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html",
	},
	Severity: policy.Medium,
	Baseline: policy.Audit, Restricted: policy.Warn,
	Access: true,
	Check:  checkWildcardResource,
}

func checkWildcardResource(in policy.Input) []policy.Finding {
	profiled := in.Profile != nil && in.Profile.Err == nil
	if profiled || in.Kind != policy.BucketPolicy || in.Document == nil || home(in) == "" {
		return nil
	}
	var out []policy.Finding
	for s := range statements(in) {
		i := slices.IndexFunc(s.Resource, func(v *iam.Value) bool { return v.Text == home(in)+"/*" })
		if s.Effect != iam.Allow || i < 0 || s.Principal == nil || s.Action == nil {
			continue
		}
		folders, why := foldersOfServices(s), "writes only to"
		if folders == nil {
			folders, why = foldersListed(in, s), "lists only"
		}
		if folders == nil {
			continue
		}
		out = append(out, inFolders(in, s, s.Resource[i], folders, why))
	}
	return out
}

// inFolders is the finding about a statement on all objects, and the fix that puts the folders in their place.
func inFolders(in policy.Input, s *iam.Statement, all *iam.Value, folders []string, why string) policy.Finding {
	f := about(s, all.Path(), "grants all objects to %s, which %s %s; write that folder instead of *",
		quoted(s.Principal.Entries[0].ID.Text, 48), why, quoted(strings.TrimLeft(strings.Join(folders, ", "), "*"), 40))
	if len(folders) > 1 {
		return f
	}
	f.Fix = &policy.Fix{
		Class: policy.Narrowing, Description: "write " + home(in) + "/" + folders[0],
		Edits: []iam.Edit{{At: all.Path(), New: iam.NewString(home(in) + "/" + folders[0])}},
	}
	return f
}

// foldersOfServices are the patterns of keys to which every service of a statement keeps, nil when one does not, or is not
// known to.
func foldersOfServices(s *iam.Statement) []string {
	var out []string
	for _, e := range s.Principal.Entries {
		known := profiles.Of(e.ID.Text)
		if e.Type != "Service" || len(known) == 0 {
			return nil
		}
		for _, p := range known {
			for _, n := range p.Needs() {
				if n.Keys == "" {
					continue
				}
				if strings.Trim(n.Keys, "*") == "" {
					return nil
				}
				if !slices.Contains(out, n.Keys) {
					out = append(out, n.Keys)
				}
			}
		}
	}
	return out
}

// foldersListed are the folders that the same principals may list, by other statements; nil when they may list all.
func foldersListed(in policy.Input, s *iam.Statement) []string {
	var out []string
	for t := range statements(in) {
		if t.Effect != iam.Allow || t.Principal == nil || !samePrincipals(s, t) || !listing.by(t) {
			continue
		}
		folders := prefixes(t)
		if folders == nil {
			return nil
		}
		out = append(out, folders...)
	}
	return out
}

var listing = grantOf([]string{"s3:ListBucket"})

// samePrincipals reports whether two statements are about the same roles and users, each by its name.
func samePrincipals(s, t *iam.Statement) bool {
	of := func(s *iam.Statement) (out []string) {
		for _, e := range s.Principal.Entries {
			out = append(out, e.Type+" "+e.ID.Text)
		}
		slices.Sort(out)
		return out
	}
	return !anybody(s) && !anybody(t) && slices.Equal(of(s), of(t))
}

// prefixes are the folders, as patterns, of the keys that a statement allows to list; nil when it allows more, or none.
func prefixes(s *iam.Statement) []string {
	var out []string
	for _, c := range s.Condition {
		op, ok := iam.ParseOperator(c.Operator)
		if !ok || !holds(op) || op.Comparison != iam.StringLike && op.Comparison != iam.StringEquals || !strings.EqualFold(c.Key, "s3:prefix") {
			continue
		}
		for _, v := range c.Values {
			switch folder := strings.TrimSuffix(v.Text, "*"); {
			case folder == "" && v.Text != "" || strings.ContainsAny(folder, "*?$"):
				return nil
			case strings.HasSuffix(folder, "/") && !slices.Contains(out, folder+"*"):
				out = append(out, folder+"*")
			}
		}
	}
	return out
}
