package settings

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// reader reads the configuration, goes on after what it cannot read, and says where that is.
type reader struct {
	rules []*policy.Rule
	errs  field.ErrorList
	notes []string // on what can be read and does nothing
}

func (r *reader) invalid(at *field.Path, value any, format string, args ...any) {
	r.errs = append(r.errs, field.Invalid(at, value, fmt.Sprintf(format, args...)))
}

func (r *reader) rule(at *field.Path, id string) *policy.Rule {
	for _, rule := range r.rules {
		if rule.ID == id {
			return rule
		}
	}
	r.invalid(at, id, "no rule has this id; 'bucketwarden rules' lists all")
	return nil
}

func (r *reader) ruleset(in *v1alpha1.Ruleset) *ruleset {
	spec := field.NewPath("spec")
	out := &ruleset{name: in.Name, ownership: policy.Ownership(in.Spec.AssumedOwnership), places: true}
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
	out.keys = r.keys(spec.Child("keys"), in.Spec.Keys)
	out.cap = r.limit(spec.Child("cap"), in.Name, in.Spec.Cap)
	return out
}

var keyARN = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9*-]+:[0-9*]+:(key|alias)/[A-Za-z0-9/_*-]+$`)

func (r *reader) keys(at *field.Path, arns []string) (out []string) {
	for i, arn := range arns {
		if keyARN.MatchString(arn) {
			out = append(out, arn)
			continue
		}
		r.invalid(at.Index(i), arn, "not the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/*")
	}
	return out
}

// account is "" for what is no account.
func (r *reader) account(at *field.Path, id string) string {
	if id != "" && (len(id) != 12 || strings.Trim(id, "0123456789") != "") {
		r.invalid(at, id, "not 12 digits")
		return ""
	}
	return id
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

func (r *reader) level(at *field.Path, level v1alpha1.Level) policy.Level {
	if level == "" {
		return ""
	}
	out, err := policy.ParseLevel(string(level))
	if err != nil {
		r.invalid(at, level, "must be privileged, baseline or restricted; until then restricted applies")
		return policy.Restricted
	}
	return out
}

// selector is nil for all. One that cannot be read selects nothing by itself, which for a Ruleset would be the milder side.
func (r *reader) selector(at *field.Path, in *metav1.LabelSelector) labels.Selector {
	if in == nil {
		return nil
	}
	out, err := metav1.LabelSelectorAsSelector(in)
	if err != nil {
		r.invalid(at, "", "%v", err)
		return nil
	}
	return out
}

func (r *reader) kinds(at *field.Path, names []string) []string {
	for i, name := range names {
		if !slices.ContainsFunc(source.All(), func(s source.Source) bool { return kindFits([]string{name}, s.GroupKind()) }) {
			r.invalid(at.Index(i), name, "not a kind that Bucketwarden knows; write for example BucketPolicy or BucketPolicy.s3.aws.upbound.io")
		}
	}
	return names
}

func (r *reader) limit(at *field.Path, name string, statements []apiextensionsv1.JSON) []policy.Limit {
	doc := r.document(at, statements)
	if doc == nil {
		return nil
	}
	return []policy.Limit{{Name: "Ruleset " + name, Document: doc}}
}

// document makes a document of statements, nil of none. What S3 would refuse in a policy is refused here too.
func (r *reader) document(at *field.Path, statements []apiextensionsv1.JSON) *iam.Document {
	if len(statements) == 0 {
		return nil
	}
	parts := make([]string, len(statements))
	for i, s := range statements {
		parts[i] = string(s.Raw)
	}
	text := `{"Version":"` + iam.Version2012 + `","Statement":[` + strings.Join(parts, ",") + `]}`
	in := policy.NewInput(policy.BucketPolicy, text, policy.Bucket{})
	var syntax *iam.SyntaxError
	switch {
	case errors.As(in.Unreadable, &syntax):
		r.errs = append(r.errs, &field.Error{Type: field.ErrorTypeInvalid, Field: within(at, syntax.Path), BadValue: field.OmitValueType{}, Detail: syntax.Reason})
		return nil
	case in.Unreadable != nil:
		r.invalid(at, field.OmitValueType{}, "%v", in.Unreadable)
		return nil
	}
	before := len(r.errs)
	for _, f := range policy.Run(r.rules, in).Findings {
		// That a policy names its own bucket alone cannot be asked of what is for all buckets.
		if f.Rule.Severity == policy.SeverityError && f.Ceiling == policy.Off && f.Rule.ID != rules.ForeignResource.ID {
			r.errs = append(r.errs, &field.Error{
				Type: field.ErrorTypeInvalid, Field: within(at, f.At), BadValue: field.OmitValueType{}, Detail: f.Rule.ID + " " + f.Message,
			})
		}
	}
	if len(r.errs) > before {
		return nil
	}
	return in.Document
}

// within puts a place in a document, Statement[1].Action, where its statement stands: spec.forbid[1].Action.
func within(at *field.Path, in iam.Path) string {
	return at.String() + strings.TrimPrefix(string(in), "Statement")
}

func (r *reader) exemption(in *v1alpha1.Exemption) *exemption {
	spec := field.NewPath("spec")
	at, m := spec.Child("match"), in.Spec.Match
	out := &exemption{
		name: in.Name, rules: map[string]bool{}, kinds: r.kinds(at.Child("kinds"), m.Kinds), selector: r.selector(at.Child("namespaceSelector"), m.NamespaceSelector),
		namespaces: patterns(m.Namespaces), names: patterns(m.Names), buckets: patterns(m.Buckets),
	}
	if out.selector == nil && len(out.namespaces)+len(out.names)+len(out.buckets) == 0 {
		r.errs = append(r.errs, field.Required(at, "select objects with namespaces, namespaceSelector, names or buckets"))
	}
	if len(in.Spec.Rules) == 0 {
		r.errs = append(r.errs, field.Required(spec.Child("rules"), "list the rules that this Exemption is about"))
	}
	if strings.TrimSpace(in.Spec.Reason) == "" {
		r.errs = append(r.errs, field.Required(spec.Child("reason"), "say why"))
	}
	for i, id := range in.Spec.Rules {
		at := spec.Child("rules").Index(i)
		switch rule := r.rule(at, id); {
		case rule == nil:
		case rule.Severity == policy.SeverityError:
			r.invalid(at, id, "cannot be exempted: S3 itself would refuse this policy, or it cannot be read")
		case len(in.Spec.Grants) > 0 && !rule.Accepts:
			r.invalid(at, id, "%s does not judge what is granted; exempt it in a separate Exemption without grants", id)
		}
		out.rules[id] = true
	}
	out.grants = r.document(spec.Child("grants"), in.Spec.Grants)
	if in.Spec.ExpiresAt != nil {
		out.until = in.Spec.ExpiresAt.Time
	}
	return out
}

func patterns(names []string) []glob.Pattern {
	var out []glob.Pattern
	for _, n := range names {
		out = append(out, glob.Compile(n))
	}
	return out
}
