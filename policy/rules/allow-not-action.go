package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// In a Deny both are the usual way to spare a few.
var allowNotAction = &policy.Rule{
	ID:      "BW703",
	Name:    "allow-not-action",
	Summary: "an Allow with NotAction or NotResource grants everything that it does not name",
	Why: "An Allow that names exceptions grants the rest. NotAction s3:DeleteBucket includes PutBucketPolicy, " +
		"PutBucketOwnershipControls, and every action that AWS will ever add. NotResource with a prefix includes the " +
		"bucket itself and every prefix created later. List what you want to grant, or deny what you do not.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access:     true,
	Identities: true,
	Check:      checkAllowNot,
}

func checkAllowNot(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		if s.Effect != iam.Allow {
			continue
		}
		if v := s.Value.Member("NotAction"); v != nil && s.Action == nil {
			f := about(s, v.Path(), "Allow with NotAction grants every action that is not named, including future ones; list in "+
				"Action the actions that are used")
			if resourcePolicy(in) { // what else a role may do is not for S3's list
				f.Fix = named(s)
			}
			out = append(out, f)
		}
		if v := s.Value.Member("NotResource"); v != nil && s.Resource == nil {
			out = append(out, about(s, v.Path(), "Allow with NotResource grants everything that is not named, including the bucket "+
				"itself; list in Resource what you want to grant"))
		}
	}
	return out
}

// mostNamed is how many actions a list may have that a person is to read.
const mostNamed = 40

// named is the fix that names the actions of today which a NotAction leaves over. There is none where they are many, or where
// nothing would be left.
func named(s *iam.Statement) *policy.Fix {
	var left []string
	reach := policy.Reach(s.Resource)
	for a := range catalog.Actions() {
		is := func(v *iam.Value) bool { return fits(v.Text, a.Name()) }
		refused := func(c iam.Condition) bool {
			key, known := catalog.LookupKey(c.Key)
			return !known || !takes(a, key, c.Key)
		}
		if strings.HasPrefix(a.Name(), "s3:") && a.InBucketPolicy() && policy.Applies(a, reach) &&
			!slices.ContainsFunc(s.NotAction, is) && !slices.ContainsFunc(s.Condition, refused) {
			left = append(left, a.Name())
		}
	}
	if len(left) == 0 || len(left) > mostNamed || len(s.Resource) == 0 {
		return nil
	}
	at := s.Value.Path()
	return &policy.Fix{Class: policy.Narrowing, Description: "name the actions", Edits: []iam.Edit{
		{At: at.Field("NotAction")}, {At: at.Field("Action"), New: iam.NewStrings(left...)},
	}}
}
