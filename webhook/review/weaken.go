package review

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Weakens says what deleting the object takes away from a bucket that stays, "" for nothing.
func (v Review) Weakens() string {
	const deleting = "bucketwarden: deleting this "
	if v.Reading.Source.Kind == "Bucket" {
		return ""
	}
	if text := held(v.Reading.Documents, v.bucket); text != "" {
		return deleting + text
	}
	if block, ok := v.Reading.BlockPublicAccess(); ok && !block.Absent {
		return deleting + "turns off Block Public Access"
	}
	if len(v.Reading.Ownership) > 0 {
		return deleting + "removes the Object Ownership setting; ACLs may take effect again"
	}
	return ""
}

// Empties says what an update takes away from a bucket by removing its policy, or by emptying it, "" for nothing.
func (v Review) Empties() string { return v.emptied }

// empties is what Empties says of an update.
func (v Review) empties(old Review) string {
	left := slices.ContainsFunc(v.Reading.Documents, func(d source.Embedded) bool { return !d.Shadowed && strings.TrimSpace(d.Raw) != "" })
	if left || v.Reading.Source.OnIdentity() || !v.Sends() || !v.follows(old) {
		return ""
	}
	if text := held(old.Reading.Documents, old.bucket); text != "" {
		return "bucketwarden: this update " + text
	}
	return ""
}

// held says what goes with the policies of a bucket: what they deny, or else what they alone allow. "" stands for nothing, as for
// grants to the bucket's own account, whose identity policies may give the same.
func held(documents []source.Embedded, bucket policy.Bucket) string {
	who := ""
	for _, d := range documents {
		doc, err := iam.Parse(d.Raw)
		if err != nil || d.Shadowed {
			continue
		}
		for _, s := range doc.Statements {
			if s.Effect == iam.Deny {
				return "removes the policy's Deny statements from the bucket"
			}
			if who == "" && s.Effect == iam.Allow && s.Principal != nil {
				who = outside(s.Principal, bucket)
			}
		}
	}
	if who == "" {
		return ""
	}
	return "removes the access that only the policy gives, such as that of " + who
}

// outside returns one of the principals whom only the policy of the bucket can let in, "" where there is none for certain.
func outside(p *iam.Principal, bucket policy.Bucket) string {
	if p.Any {
		return "everyone"
	}
	for _, e := range p.Entries {
		switch id := e.ID.Text; {
		case e.Type == "AWS" && id == "*":
			return "everyone"
		case e.Type == "Service", e.Type == "CanonicalUser", e.Type == "AWS" && strings.HasPrefix(id, "arn:aws:iam::cloudfront:"):
			return Line(id, mostName)
		case e.Type == "AWS" && bucket.Owner.Explicit() && !strings.Contains(id, bucket.Owner.Value):
			return Line(id, mostName)
		}
	}
	return ""
}

// mostName is how many characters of a principal a warning shows.
const mostName = 80
