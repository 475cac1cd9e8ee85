package audit

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/policy"
)

// Group is an API group of reports.
type Group string

// The groups: the one that tools write now, and the one before it.
const (
	OpenReports   Group = "openreports.io"
	PolicyReports Group = "wgpolicyk8s.io"
)

// ParseGroup reads a group's name.
func ParseGroup(s string) (Group, error) {
	switch g := Group(s); g {
	case OpenReports, PolicyReports:
		return g, nil
	}
	return "", fmt.Errorf("group %q must be %s or %s", s, OpenReports, PolicyReports)
}

// kind returns the kind of the reports on namespaced objects, or on cluster-scoped ones.
func (g Group) kind(namespaced bool) schema.GroupVersionKind {
	out := schema.GroupVersionKind{Group: string(g), Version: "v1alpha1", Kind: "Report"}
	if g == PolicyReports {
		out.Version, out.Kind = "v1alpha2", "PolicyReport"
	}
	if !namespaced {
		out.Kind = "Cluster" + out.Kind
	}
	return out
}

// severity returns the name that the group has for it. The older group knows three.
func severity(s policy.Severity, group Group) string {
	switch {
	case group == PolicyReports:
		return min(max(s, policy.Low), policy.High).String()
	case s == policy.SeverityError:
		return policy.Critical.String()
	}
	return s.String()
}
