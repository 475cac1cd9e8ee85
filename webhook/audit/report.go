package audit

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
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

const (
	name           = "bucketwarden" // of who reports
	managedBy      = "app.kubernetes.io/managed-by"
	hashAnnotation = "bucketwarden.dev/hash"

	mostResults = 100  // of one report
	mostText    = 1000 // characters of a message
	mostName    = 200  // of the object's name within its report's
)

// m is a JSON object.
type m = map[string]any

// report is what is written about one object.
type report struct {
	*unstructured.Unstructured
	digest digest
}

func (r report) key() client.ObjectKey { return client.ObjectKeyFromObject(r) }

// hash stands for a document. It is long enough that nobody finds two, one good and one bad, that have the same.
type hash [16]byte

func (h hash) String() string { return hex.EncodeToString(h[:]) }

func sum(v any) hash {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers have a JSON
	}
	long := sha256.Sum256(text)
	return hash(long[:len(hash{})])
}

// digest stands for a report, without the times of its results, and for its results alone.
type digest struct{ all, results hash }

// String returns the digest as the annotation has it.
func (d digest) String() string { return d.all.String() + "-" + d.results.String() }

// parseDigest reads an annotation. One that we have not written is that of no report.
func parseDigest(s string) (d digest) {
	all, results, _ := strings.Cut(s, "-")
	if len(all) == 2*len(d.all) && len(results) == 2*len(d.results) {
		_, _ = hex.Decode(d.all[:], []byte(all)) // what is no hex ends up as the digest of no report
		_, _ = hex.Decode(d.results[:], []byte(results))
	}
	return d
}

// newReport renders an outcome. rules is how many rules the object was judged by.
func newReport(o outcome, group Group, rules int) report {
	results, counts := o.results(group), m{}
	for _, result := range []string{"pass", "fail", "warn", "error", "skip"} {
		counts[result] = int64(0)
	}
	if o.err != nil {
		counts["error"] = int64(1)
	} else {
		found := map[*policy.Rule]bool{}
		for _, f := range o.review.Findings {
			counts[resultOf(f)] = counts[resultOf(f)].(int64) + 1
			found[f.Rule] = true
		}
		counts["pass"] = int64(rules - len(found))
	}
	object := o.object
	u := &unstructured.Unstructured{Object: m{
		"metadata": m{
			"name":   reportName(object),
			"labels": m{managedBy: name},
			"ownerReferences": []any{m{
				"apiVersion": object.APIVersion, "kind": object.Kind, "name": object.Name, "uid": string(object.UID),
				"controller": false, "blockOwnerDeletion": false,
			}},
		},
		"scope":   scope(object),
		"summary": counts,
		"results": results,
	}}
	if group == OpenReports {
		u.Object["source"] = name
	}
	u.SetGroupVersionKind(group.kind(object.Namespace != ""))
	u.SetNamespace(object.Namespace)
	d := digest{sum(u.Object), sum(results)}
	u.SetAnnotations(map[string]string{hashAnnotation: d.String()})
	return report{u, d}
}

func scope(o corev1.ObjectReference) m {
	out := m{"apiVersion": o.APIVersion, "kind": o.Kind, "name": o.Name, "uid": string(o.UID)}
	if o.Namespace != "" {
		out["namespace"] = o.Namespace
	}
	return out
}

// reportName begins as people call the object, and ends with what no other object has, also one that comes under the same
// name later.
func reportName(o corev1.ObjectReference) string {
	readable := strings.ToLower(o.Kind) + "-" + o.Name[:min(len(o.Name), mostName)]
	return strings.TrimRight(readable, "-.") + "-" + sum([]string{o.APIVersion, o.Kind, o.Name, string(o.UID)}).String()[:10]
}

// results returns what stands in the report: the worst findings, and how many more there are.
func (o outcome) results(group Group) []any {
	if o.err != nil {
		return []any{m{"source": name, "policy": name, "result": "error", "message": review.Line(o.err.Error(), mostText)}}
	}
	findings, out := o.findings(), []any{}
	for _, f := range findings[:min(len(findings), mostResults)] {
		out = append(out, result(f, group))
	}
	if more := len(findings) - mostResults; more > 0 {
		out = append(out, m{
			"source": name, "policy": name, "result": resultOf(findings[mostResults]),
			"message": fmt.Sprintf("and %d more; run bucketwarden review", more),
		})
	}
	return out
}

// findings returns them with the worst first.
func (o outcome) findings() []review.Finding {
	out := slices.Clone(o.review.Findings)
	slices.SortStableFunc(out, func(a, b review.Finding) int { return cmp.Compare(b.Action, a.Action) })
	return out
}

// resultOf returns "fail" for what the gate would refuse if the object came now, "skip" for what somebody has accepted, and
// "warn" for the rest, which is not refused: in the words of the reports' API, it is not scored.
func resultOf(f review.Finding) string {
	switch {
	case f.Exempted != "":
		return "skip"
	case f.Action == policy.Deny:
		return "fail"
	}
	return "warn"
}

func result(f review.Finding, group Group) m {
	properties := m{"action": f.Action.String(), "certainty": string(f.Certainty)}
	optional := map[string]string{"field": f.Field, "exemption": f.Exempted}
	if f.Fix != nil {
		optional["fix"] = string(f.Fix.Class)
	}
	for key, value := range optional {
		if value != "" {
			properties[key] = plain.Line(value)
		}
	}
	return m{
		"source": name, "policy": f.Rule.ID, "rule": f.Rule.Name, "category": "S3 access", "severity": severity(f.Rule.Severity, group),
		"result": resultOf(f), "scored": f.Action == policy.Deny, "message": f.TextWithin(mostText), "properties": properties,
	}
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
