package webhook

import (
	"maps"
	"slices"

	admissionregistration "k8s.io/api/admissionregistration/v1"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// judged lists every kind that exists to be judged, in all versions: an object is read by its shape.
func judged(operations ...admissionregistration.OperationType) []admissionregistration.RuleWithOperations {
	plurals := map[string][]string{}
	for _, s := range source.All() {
		plurals[s.Group] = append(plurals[s.Group], s.Plural)
	}
	all := admissionregistration.AllScopes
	var out []admissionregistration.RuleWithOperations
	for _, group := range slices.Sorted(maps.Keys(plurals)) {
		out = append(out, admissionregistration.RuleWithOperations{
			Operations: operations,
			Rule: admissionregistration.Rule{
				APIGroups: []string{group}, APIVersions: []string{"*"}, Resources: plurals[group], Scope: &all,
			},
		})
	}
	return out
}

// configuring lists what the configuration is made of. Its webhook ignores its own failure: what slips by and cannot be read is
// not in force, and namespaces must never depend on it.
func configuring() []admissionregistration.RuleWithOperations {
	cluster := admissionregistration.ClusterScope
	rule := func(group, version string, resources ...string) admissionregistration.RuleWithOperations {
		return admissionregistration.RuleWithOperations{
			Operations: []admissionregistration.OperationType{admissionregistration.Create, admissionregistration.Update},
			Rule: admissionregistration.Rule{
				APIGroups: []string{group}, APIVersions: []string{version}, Resources: resources, Scope: &cluster,
			},
		}
	}
	return []admissionregistration.RuleWithOperations{
		rule(v1alpha1.GroupVersion.Group, "*", "rulesets", "exemptions"), rule("", "v1", "namespaces"),
	}
}

// relabelling spares the call for a namespace whose levels stay what they are.
func relabelling() []admissionregistration.MatchCondition {
	return []admissionregistration.MatchCondition{{
		Name: "levels-change",
		Expression: "request.resource.resource != 'namespaces' || " +
			"['" + settings.EnforceLabel + "', '" + settings.WarnLabel + "', '" + settings.AuditLabel + "'].exists(l, " +
			"(has(object.metadata.labels) && l in object.metadata.labels ? object.metadata.labels[l] : '') != " +
			"(oldObject != null && has(oldObject.metadata.labels) && l in oldObject.metadata.labels ? oldObject.metadata.labels[l] : ''))",
	}}
}

// notDeleting spares the call for an object that is on its way out: removing its finalizers is never refused.
func notDeleting() []admissionregistration.MatchCondition {
	return []admissionregistration.MatchCondition{{
		Name:       "not-being-deleted",
		Expression: "request.operation == 'DELETE' || !has(object.metadata.deletionTimestamp)",
	}}
}
