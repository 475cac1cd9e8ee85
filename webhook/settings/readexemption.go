package settings

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/glob"
)

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
