//go:build e2e

package e2e

import (
	"errors"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook"
)

// adopting is an ACK Bucket that adopts the bucket of its name, as its author writes it.
func adopting(name string) *unstructured.Unstructured {
	obj := unset(kind("s3.services.k8s.aws", "v1alpha1", "Bucket", "default", name, m{}), "spec")
	annotate(obj, "services.k8s.aws/adoption-policy", "adopt")
	return annotate(obj, "services.k8s.aws/adoption-fields", `{"name": "`+name+`"}`)
}

// adopted is the same once ACK has noted that it adopts.
func adopted(name string) *unstructured.Unstructured {
	return annotate(adopting(name), "services.k8s.aws/adopted", "true")
}

// Merge patches of ACK, in their order: it notes that it adopts, and 40 ms later what is live. ACL is what it writes of every
// bucket whose ACL grants to its owner alone.
const (
	noted  = `{"metadata": {"annotations": {"services.k8s.aws/adopted": "true"}, "finalizers": ["finalizers.s3.services.k8s.aws/Bucket"]}}`
	filled = `{"spec": {"name": "BUCKET", "acl": "private|bucket-owner-read|bucket-owner-full-control",
		"grantFullControl": "id=79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
		"ownershipControls": {"rules": [{"objectOwnership": "BucketOwnerEnforced"}]},
		"policy": POLICY}}`
	played = `{"metadata": {"annotations": {"services.k8s.aws/adopted": "true", "services.k8s.aws/adoption-fields": "{}"},
		"finalizers": ["finalizers.s3.services.k8s.aws/Bucket"]}, "spec": {"name": "BUCKET", "policy": POLICY}}`
)

// mayWriteBuckets gives a user what ACK's chart gives its controller, and a developer has too: all of Buckets.
func mayWriteBuckets(t *testing.T, name string, users ...string) {
	t.Helper()
	role := &rbacv1.ClusterRole{Rules: []rbacv1.PolicyRule{{
		APIGroups: []string{"s3.services.k8s.aws"}, Resources: []string{"buckets", "buckets/status"}, Verbs: []string{"*"},
	}}}
	role.Name = name
	binding := &rbacv1.ClusterRoleBinding{RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name}}
	binding.Name = name
	for _, u := range users {
		binding.Subjects = append(binding.Subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: u})
	}
	p := newPerson(t)
	if err := errors.Join(p.Create(t.Context(), role), p.Create(t.Context(), binding)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.remove(binding); p.remove(role) })
}

// TestAdoption plays what ACK writes when it adopts a bucket, in its form and order: as ACK's account, and as a person who has
// the same rights.
func TestAdoption(t *testing.T) {
	ack, jane := webhook.DefaultAdopters()[0], "jane"
	mayWriteBuckets(t, "adoption", ack, jane)
	for _, level := range []policy.Level{policy.Baseline, policy.Restricted} {
		start(t, settings{level, webhook.Forbidden})
		for _, tt := range []struct {
			name    string
			policy  string
			writes  []string // each by the user before the colon
			refused string   // the rule that refuses the last one, "" for none
		}{
			{"good", reads, []string{ack + ":" + noted, ack + ":" + filled}, ""},
			{"public", public, []string{ack + ":" + noted, ack + ":" + filled}, ""},
			{"acl", setsACL, []string{ack + ":" + noted, ack + ":" + filled}, ""},
			{"played-at-once", public, []string{jane + ":" + played}, "BW201"},
			{"played-in-two", public, []string{ack + ":" + noted, jane + ":" + filled}, "BW201"},
			{"both-at-once", public, []string{ack + ":" + played}, "BW201"},
			{"filled-twice", public, []string{ack + ":" + noted, ack + ":" + strings.ReplaceAll(filled, "POLICY", encode(allows("BUCKET", reads))), ack + ":" + filled}, "BW201"},
		} {
			t.Run(string(level)+"/"+tt.name, func(t *testing.T) {
				name := "adoption-" + string(level) + "-" + tt.name
				newPerson(t).create(adopting(name))
				document := allows(name, tt.policy)
				for i, w := range tt.writes {
					at := strings.Index(w, ":{")
					user, patch := w[:at], strings.NewReplacer("POLICY", encode(document), "BUCKET", name).Replace(w[at+1:])
					obj := adopting(name)
					err := newUser(t, rest.ImpersonationConfig{UserName: user}).
						Patch(t.Context(), obj, client.RawPatch(types.MergePatchType, []byte(patch)))
					switch last := i == len(tt.writes)-1; {
					case last && tt.refused != "":
						expect(t, err, tt.refused)
					case err != nil:
						t.Fatalf("write %d: %v", i, err)
					case last && text(obj, policyField) != document:
						t.Errorf("stored %s\nwant   %s", text(obj, policyField), document)
					}
				}
			})
		}
	}
}
