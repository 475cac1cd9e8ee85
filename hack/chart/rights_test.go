//go:build e2e

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// leastRights checks that each ServiceAccount of a release that has come and gone was refused nothing, and that it has
// used every right that the chart gives it.
func leastRights(t *testing.T, namespace string, values ...string) {
	t.Helper()
	want := granted(t, namespace, values...)
	var got map[string][]string
	eventually(t, "the audit log to be complete", func() error {
		got = asked(t, namespace, want)
		for account, rights := range want {
			for _, right := range rights {
				if !slices.Contains(got[account], right) {
					return errors.New(account + " has not used: " + right)
				}
			}
		}
		return nil
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rights in %s (-granted +used):\n%s", namespace, diff)
	}
}

// granted returns the rights to resources that the roles of the chart give, by ServiceAccount. A role is called as its
// ServiceAccount.
func granted(t *testing.T, namespace string, values ...string) map[string][]string {
	t.Helper()
	objects, err := template(append(values, "--namespace", namespace)...)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, obj := range objects {
		if !strings.HasSuffix(obj.GetKind(), "Role") {
			continue
		}
		var role rbacv1.ClusterRole // of which a Role has all that is read here
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(obj.Object, &role); err != nil {
			t.Fatal(err)
		}
		for _, rule := range role.Rules {
			if granted := rights(rule); len(granted) > 0 { // none to /metrics, which is no resource
				out[role.Name] = append(out[role.Name], granted...)
			}
		}
	}
	return sorted(out)
}

func rights(rule rbacv1.PolicyRule) (out []string) {
	names := rule.ResourceNames
	if len(names) == 0 {
		names = []string{""}
	}
	for _, group := range rule.APIGroups {
		for _, resource := range rule.Resources {
			for _, verb := range rule.Verbs {
				for _, name := range names {
					out = append(out, right(verb, group, resource, name))
				}
			}
		}
	}
	return out
}

// asked returns what the audit log says of the ServiceAccounts of a namespace. What they did to one object is the right to
// that object alone where this is what they were granted.
func asked(t *testing.T, namespace string, granted map[string][]string) map[string][]string {
	t.Helper()
	log, err := os.ReadFile(suite.AuditLog)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	leaving := false // the roles go before the pods
	for lines := bufio.NewScanner(bytes.NewReader(log)); lines.Scan(); {
		var event struct {
			Verb           string
			User           struct{ Username string }
			ObjectRef      struct{ APIGroup, Resource, Subresource, Name string }
			ResponseStatus struct{ Code int }
			Annotations    map[string]string
		}
		if json.Unmarshal(lines.Bytes(), &event) != nil || event.ObjectRef.Resource == "" {
			continue
		}
		account, ours := strings.CutPrefix(event.User.Username, "system:serviceaccount:"+namespace+":")
		if !ours {
			continue
		}
		leaving = leaving || account == release+"-unregister"
		if event.ResponseStatus.Code == http.StatusForbidden && event.Annotations["authorization.k8s.io/decision"] == "forbid" {
			if leaving {
				continue
			}
			event.Verb = "REFUSED " + event.Verb
		}
		resource := strings.TrimSuffix(event.ObjectRef.Resource+"/"+event.ObjectRef.Subresource, "/")
		verbs := []string{event.Verb}
		if event.Verb == "patch" && event.ResponseStatus.Code == http.StatusCreated { // server-side apply needs both for it
			verbs = append(verbs, "create")
		}
		for _, verb := range verbs {
			used := right(verb, event.ObjectRef.APIGroup, resource, event.ObjectRef.Name)
			if !slices.Contains(granted[account], used) {
				used = right(verb, event.ObjectRef.APIGroup, resource, "")
			}
			out[account] = append(out[account], used)
		}
	}
	return sorted(out)
}

// right names one, to a single object or, without its name, to all. Whoever watches lists by a watch where the API server
// can do that, and needs the other for one that cannot: the two are one right here.
func right(verb, group, resource, name string) string {
	if verb == "list" {
		verb = "watch"
	}
	return strings.TrimSuffix(verb+" "+strings.TrimSuffix(resource+"."+group, ".")+" "+name, " ")
}

func sorted(rights map[string][]string) map[string][]string {
	for account, list := range rights {
		slices.Sort(list)
		rights[account] = slices.Compact(list)
	}
	return rights
}
