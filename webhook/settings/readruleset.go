package settings

import (
	"fmt"
	"regexp"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/public"
)

func (r *reader) ruleset(in *v1alpha1.Ruleset) *ruleset {
	spec := field.NewPath("spec")
	out := &ruleset{name: in.Name, ownership: policy.Ownership(in.Spec.AssumedOwnership), places: true}
	r.declared = r.declarations(spec.Child("kinds"), in.Spec.Kinds)
	out.declared = r.declared
	if m := in.Spec.Match; m != nil {
		at := spec.Child("match")
		out.namespaces = r.selector(at.Child("namespaceSelector"), m.NamespaceSelector)
		out.objects = r.selector(at.Child("objectSelector"), m.ObjectSelector)
		out.kinds, out.providerConfigs = r.kinds(at.Child("kinds"), m.Kinds), m.ProviderConfigs
		out.places = m.ObjectSelector == nil && len(m.ProviderConfigs) == 0
	}
	r.voices(spec, in.Spec, out)
	if t := in.Spec.Trust; t != nil {
		trust := public.Trust(*t)
		if err := trust.Validate(); err != nil {
			r.invalid(spec.Child("trust"), "", "%v", err)
		}
		out.trust = &trust
	}
	if o := in.Spec.Owner; o != nil {
		at := spec.Child("owner")
		out.owner, out.owners = r.account(at.Child("default"), o.Default), map[string]string{}
		for i, c := range o.ProviderConfigs {
			out.owners[c.Name] = r.account(at.Child("providerConfigs").Index(i).Child("account"), c.Account)
		}
	}
	switch out.ownership {
	case "", policy.BucketOwnerEnforced, policy.BucketOwnerPreferred, policy.ObjectWriter:
	default:
		r.invalid(spec.Child("assumedOwnership"), out.ownership, "must be %s, %s or %s",
			policy.BucketOwnerEnforced, policy.BucketOwnerPreferred, policy.ObjectWriter)
		out.ownership = ""
	}
	out.forbid = r.limit(spec.Child("forbid"), in.Name, in.Spec.Forbid)
	out.keys = r.arns(spec.Child("keys"), in.Spec.Keys, keyARN, "not the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/*")
	out.roles = r.arns(spec.Child("controllers"), in.Spec.Controllers, policy.ControllerARN,
		"not the ARN of a role or user, such as arn:aws:iam::111122223333:role/crossplane")
	out.cap = r.limit(spec.Child("cap"), in.Name, in.Spec.Cap)
	return out
}

var keyARN = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9*-]+:[0-9*]+:(key|alias)/[A-Za-z0-9/_*-]+$`)

// arns returns those that have the form of what they are to name.
func (r *reader) arns(at *field.Path, arns []string, form *regexp.Regexp, complaint string) (out []string) {
	for i, arn := range arns {
		if form.MatchString(arn) {
			out = append(out, arn)
			continue
		}
		r.invalid(at.Index(i), arn, "%s", complaint)
	}
	return out
}

// voices reads levels and single rules. The level's voice is the one that the rules speak in too.
func (r *reader) voices(spec *field.Path, in v1alpha1.RulesetSpec, out *ruleset) {
	out.level = r.level(spec.Child("level"), in.Level)
	enforced := voice{level: out.level, rules: map[string]policy.Action{}, most: policy.Deny}
	for i, a := range in.Rules {
		at := spec.Child("rules").Index(i)
		rule := r.rule(at.Child("id"), a.ID)
		action, err := policy.ParseAction(a.Action)
		if err != nil {
			r.invalid(at.Child("action"), a.Action, `must be Deny, Patch, Warn, Audit or Off; YAML reads a bare Off as false, so write "Off" in quotes`)
		} else if rule != nil {
			enforced.rules[a.ID] = action
			r.inert(at, out, action)
		}
	}
	out.voices = append(out.voices, enforced)
	if level := r.level(spec.Child("warn"), in.Warn); level != "" {
		out.voices = append(out.voices, voice{level: level, most: policy.Warn})
	}
	if level := r.level(spec.Child("audit"), in.Audit); level != "" {
		out.voices = append(out.voices, voice{level: level, most: policy.Audit})
	}
}

// inert notes an action that lowers nothing, as the strictest counts.
func (r *reader) inert(at *field.Path, set *ruleset, action policy.Action) {
	switch {
	case action > policy.Audit:
	case set.level == "":
		r.notes = append(r.notes, fmt.Sprintf("%s.action: %s lowers nothing without spec.level, because the level of the namespace or the default applies too",
			at, action))
	case !set.places:
		r.notes = append(r.notes, fmt.Sprintf("%s.action: %s lowers nothing in a Ruleset that selects by object labels or by ProviderConfig", at, action))
	}
}

func (r *reader) limit(at *field.Path, name string, statements []apiextensionsv1.JSON) []policy.Limit {
	doc := r.document(at, statements)
	if doc == nil {
		return nil
	}
	return []policy.Limit{{Name: "Ruleset " + name, Document: doc}}
}
