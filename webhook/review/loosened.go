package review

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// ratchetSettings marks what stands of the findings about settings: those about a public access block or an ACL while none of
// it is opened, all others with their text.
func (v *Review) ratchetSettings(old Review) {
	p := v.past(old, -1)
	shadowed := map[string]int{}
	for _, f := range old.Findings {
		if f.document < 0 && old.shadowed(f) {
			shadowed[old.text(f)]++
			p.texts[old.text(f)]--
		}
	}
	for i := range v.Findings {
		f := &v.Findings[i]
		if f.document >= 0 || f.Action < policy.Warn || !p.rules[f.Rule.ID] {
			continue
		}
		what := v.text(*f)
		switch {
		case v.shadowed(*f):
			if f.Standing = shadowed[what] > 0; f.Standing {
				shadowed[what]--
			}
		case f.Rule.ID == rules.PublicAccessBlockOpen.ID:
			f.Standing = !v.opensBlock(old)
		case f.Rule.ID == rules.PublicACL.ID, f.Rule.ID == rules.ACLsEnabled.ID:
			f.Standing = !v.opensACL(old)
		case p.texts[what] > 0:
			p.texts[what]--
			f.Standing = true
		}
	}
}

// shadowed reports whether another field counts in place of the one that a finding about a setting names.
func (v Review) shadowed(f Finding) bool {
	behind := func(canned []source.Setting) bool {
		return slices.ContainsFunc(canned[min(1, len(canned)):], func(s source.Setting) bool {
			return source.FieldPath(s.Pointer) == f.Field
		})
	}
	return behind(v.Reading.ACL.Canned) || behind(v.Reading.ObjectACL.Canned)
}

// opensBlock reports whether a switch of the public access block is off that was on.
func (v Review) opensBlock(old Review) bool {
	was := switches(old.bucket)
	for i, on := range switches(v.bucket) {
		if on.opened(was[i]) {
			return true
		}
	}
	return false
}

// switchesOfACLs is how many of the switches are about ACLs.
const switchesOfACLs = 2

// switches are the four of a public access block, those about ACLs first.
func switches(b policy.Bucket) [4]lock {
	block, known := b.PublicAccessBlock.Value, b.PublicAccessBlock.Known()
	return [4]lock{
		lockOf(known, block.BlockPublicAcls), lockOf(known, block.IgnorePublicAcls),
		lockOf(known, block.BlockPublicPolicy), lockOf(known, block.RestrictPublicBuckets),
	}
}

// opensACL reports whether an ACL grants something that it did not grant, or what kept it from counting is gone.
func (v Review) opensACL(old Review) bool {
	was := switches(old.bucket)
	for i, on := range switches(v.bucket) {
		if i < switchesOfACLs && on.opened(was[i]) {
			return true
		}
	}
	if disabled(old.bucket) && !disabled(v.bucket) {
		return true
	}
	return grantsMore(old.bucket.ACL, v.bucket.ACL) || grantsMore(old.bucket.ObjectACL, v.bucket.ObjectACL) || v.opensLogs(old)
}

// opensLogs is opensACL for the server access logs.
func (v Review) opensLogs(old Review) bool {
	if len(v.logs.ObjectACL.Value.Grants) == 0 {
		return false
	}
	return v.logs.Name.Value != old.logs.Name.Value || disabled(old.logs) && !disabled(v.logs) ||
		grantsMore(old.logs.ObjectACL, v.logs.ObjectACL)
}

// grantsMore reports whether an ACL grants something that the one before did not.
func grantsMore(before, now policy.Fact[policy.ACL]) bool {
	granted := grantsOf(before.Value)
	return slices.ContainsFunc(grantsOf(now.Value), func(g policy.Grant) bool {
		return !slices.ContainsFunc(granted, func(h policy.Grant) bool { return covers(h, g) })
	})
}

// grantsOf returns what an ACL grants, also by a canned one. One that AWS does not explain is a permission of its own.
func grantsOf(a policy.ACL) []policy.Grant {
	var out []policy.Grant
	canned := strings.ToLower(strings.TrimSpace(a.Canned))
	known, ok := ownership.BucketGrants(ownership.ACL(canned))
	if !ok && canned != "" {
		out = append(out, policy.Grant{Permission: "ACL " + canned})
	}
	for _, g := range known {
		out = append(out, policy.Grant{Permission: g.Permission, URI: ownership.Groups + g.Group})
	}
	for _, g := range a.Grants {
		g.Field = ""
		out = append(out, g)
	}
	return out
}

// covers reports whether a grant gives all that another one does.
func covers(a, b policy.Grant) bool {
	if a.Permission == "FULL_CONTROL" {
		b.Permission = a.Permission
	}
	if a.URI == ownership.Groups+ownership.AllUsers && b.URI == ownership.Groups+ownership.AuthenticatedUsers {
		b.URI = a.URI
	}
	return a == b
}
