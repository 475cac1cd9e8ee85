package review

import (
	"context"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Document judges one policy by itself, with no object around it: that of the bucket or, where nobody is named in it, that of a
// user or a role, about the bucket and those that the inventory knows. Its findings have no Field, and there is no Patch: Fixed
// holds what the fixes make of it.
func (r Reviewer) Document(ctx context.Context, text string, bucket policy.Bucket, inventory Inventory) Review {
	out := Review{bucket: bucket, narrowing: r.Narrowing, settings: r.settings(settings.Subject{})}
	out.settings.Assume(&out.bucket)
	out.Reading.Documents = []source.Embedded{{Raw: text}}
	in := policy.Input{
		Kind: policy.BucketPolicy, Bucket: out.bucket, Trust: out.settings.Trusts[0],
		Forbidden: out.settings.Forbidden, Caps: out.settings.Caps, Keys: out.settings.Keys,
		Budget: space.NewBudget(ctx, reviewBudget),
	}.With(text)
	if in.Document != nil && len(in.Document.Statements) > 0 && in.Document.IsIdentityPolicy() {
		in.Kind, in.Bucket = policy.IdentityPolicy, policy.Bucket{}
		in.Buckets = bucketsOf(in, map[string]any{}, source.Reading{}, inventory)
		if out.bucket.Name.Known() {
			in.Buckets[out.bucket.Name.Value] = out.bucket
		}
	}
	if onAccessPoints(in.Document) {
		in.Kind = policy.AccessPointPolicy
	}
	in.Profile = r.profileOf(source.Reading{}, in.Bucket, in.Document)
	out.inputs = []policy.Input{in}
	out.judge(r, out.inputs[0], 0)
	if in.Profile != nil {
		out.judge(r, policy.Input{Kind: policy.Settings, Bucket: in.Bucket, Profile: in.Profile}, -1)
	}
	out.fixDocument(0, out.Reading.Documents[0])
	out.Patch = nil
	return out
}

// onAccessPoints reports whether every Resource of a policy that names principals is an access point or an object behind one:
// no bucket takes such a policy.
func onAccessPoints(d *iam.Document) bool {
	if d == nil || len(d.Statements) == 0 || d.IsIdentityPolicy() {
		return false
	}
	for _, s := range d.Statements {
		if len(s.Resource) == 0 || slices.ContainsFunc(s.Resource, func(v *iam.Value) bool { return !isAccessPoint(v.Text) }) {
			return false
		}
	}
	return true
}

func isAccessPoint(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && parts[2] == "s3" && strings.HasPrefix(parts[5], "accesspoint/")
}

// OnIdentity reports whether it is about policies of users, roles or groups.
func (v Review) OnIdentity() bool {
	return len(v.inputs) > 0 && v.inputs[0].Kind == policy.IdentityPolicy
}

// Sid returns the Sid of the statement that a finding is in, "" when it has none.
func (v Review) Sid(f Finding) string {
	if f.document < 0 || v.inputs[f.document].Document == nil {
		return ""
	}
	statements := v.inputs[f.document].Document.Statements
	if i := f.At.Statement(); i >= 0 && i < len(statements) {
		return statements[i].Sid
	}
	return ""
}
