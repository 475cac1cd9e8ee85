package audit

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
)

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
