package inventory

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// The settings of which S3 keeps one for each bucket.
const (
	policySetting    = "policy"
	ownershipSetting = "Object Ownership"
	blockSetting     = "public access block"
)

// hasPolicy reports whether an object sends a policy for the bucket itself.
func hasPolicy(r source.Reading) bool {
	return len(r.Documents) > 0 && !r.Source.OnAccessPoint() && !r.Source.OnIdentity()
}

// rivals are those of an object, of which the first object for each setting counts.
type rivals struct {
	r     source.Reading
	own   policy.Bucket // what the object declares by itself
	found []policy.Rival
}

// hear takes in what another object says.
func (v *rivals) hear(who string, says said) {
	if v.r.Mode.ObserveOnly || v.r.Deleting || strings.ContainsAny(v.r.Name.Literal, "${}") {
		return // nothing is sent, or a template's text is no name that two objects share
	}
	if says.policy && hasPolicy(v.r) {
		v.add(policySetting, who, v.r.Documents[0].Field)
	}
	if own := v.own.Ownership; own.Known() && says.ownership != "" && says.ownership != string(own.Value) {
		v.add(ownershipSetting, who, own.From)
	}
	if own := v.own.PublicAccessBlock; own.Known() && says.block != "" && !sameSwitches(own.Value, decode[policy.PublicAccessBlock](says.block)) {
		v.add(blockSetting, who, own.From)
	}
}

func (v *rivals) add(setting, who, field string) {
	if !slices.ContainsFunc(v.found, func(r policy.Rival) bool { return r.Setting == setting }) {
		v.found = append(v.found, policy.Rival{Setting: setting, Object: who, Field: field})
	}
}

// sameSwitches reports whether two blocks mean the same to S3, which takes a switch that is left out for off.
func sameSwitches(a, b policy.PublicAccessBlock) bool {
	on := func(b *bool) bool { return b != nil && *b }
	return on(a.BlockPublicAcls) == on(b.BlockPublicAcls) && on(a.BlockPublicPolicy) == on(b.BlockPublicPolicy) &&
		on(a.IgnorePublicAcls) == on(b.IgnorePublicAcls) && on(a.RestrictPublicBuckets) == on(b.RestrictPublicBuckets)
}
