//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// No field that carries a policy is forgotten, in no version of its kind: neither by the registration nor by the reader.
func TestEveryPolicyField(t *testing.T) {
	baseline(t)
	crds, err := cluster.ReadCRDs(filepath.Join(root, "config/samples/crds"))
	if err != nil {
		t.Fatal(err)
	}
	p := newPerson(t)
	for _, crd := range crds {
		for _, s := range source.All() {
			if s.Group != crd.Spec.Group || s.Kind != crd.Spec.Names.Kind {
				continue
			}
			for _, version := range crd.Spec.Versions {
				for _, field := range s.Policies {
					obj := carrier(s, version.Name, field)
					err := p.Create(t.Context(), obj)
					if err == nil {
						p.remove(obj)
						t.Errorf("%s: %s was admitted", obj.GroupVersionKind(), field.Pointer)
						continue
					}
					expect(t, err, "BW702 ")
				}
			}
		}
	}
}

// carrier has a policy that lets in everybody at one field, and what its kind demands.
func carrier(s source.Source, version string, field source.PolicyField) *unstructured.Unstructured {
	namespace := ""
	if s.Namespaced {
		namespace = "default"
	}
	spec := m{"forProvider": m{
		"region": "eu-central-1", "locationConstraint": "eu-central-1", "accountID": "111122223333",
	}}
	if s.Provider == source.ACK {
		spec = m{"name": "carrier", "bucket": "carrier", "accountID": "111122223333"}
	}
	obj := kind(s.Group, version, s.Kind, namespace, "carrier", spec)
	document, resource := open, "arn:aws:s3:::carrier/*"
	if s.Service != "" {
		document, resource = strings.Replace(open, `"s3:`, `"`+s.Service+":", 1), "*"
	} else if s.OnAccessPoint() {
		resource = "arn:aws:s3:eu-central-1:111122223333:accesspoint/carrier/object/*"
	}
	pointer := strings.ReplaceAll(field.Pointer[1:], "/", ".")
	if field.Encoding == source.Structured {
		return set(obj, m{"version": "2012-10-17", "statements": []any{m{
			"effect": "Allow", "notPrincipal": m{"awsPrincipals": []any{m{"awsAccountId": "111122223333"}}},
			"action": []any{"s3:GetObject"}, "resource": []any{resource},
		}}}, pointer)
	}
	return set(obj, allows("carrier", strings.Replace(document, "arn:aws:s3:::BUCKET/*", resource, 1)), pointer)
}
