//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func ruleset(t *testing.T, name, spec string) *unstructured.Unstructured {
	t.Helper()
	return object(t, "apiVersion: bucketwarden.dev/v1alpha1\nkind: Ruleset\nmetadata: {name: "+name+"}\nspec: "+spec)
}

func exemption(t *testing.T, name, spec string) *unstructured.Unstructured {
	t.Helper()
	return object(t, "apiVersion: bucketwarden.dev/v1alpha1\nkind: Exemption\nmetadata: {name: "+name+"}\nspec: "+spec)
}

// namespaceOf makes a namespace with a label, and deletes nothing: envtest has nobody who ends a namespace.
func namespaceOf(t *testing.T, name string, labels map[string]string) *corev1.Namespace {
	t.Helper()
	ns := &corev1.Namespace{}
	ns.Name, ns.Labels = name, labels
	if err := newPerson(t).Create(t.Context(), ns); err != nil {
		t.Fatal(err)
	}
	return ns
}

// everything is granted to one role: warned of by default, refused when restricted.
const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},` +
	`"Action":"s3:*","Resource":["arn:aws:s3:::%[1]s","arn:aws:s3:::%[1]s/*"]}]}`

// wildcard is an ACK Bucket with that policy.
func wildcard(namespace, name string) *unstructured.Unstructured {
	obj := ackBucket(name, fmt.Sprintf(everything, name))
	obj.SetNamespace(namespace)
	return obj
}

// answers waits until creating the object is answered as wanted: by a rule that refuses it, or "" for none.
func (p *person) answers(obj *unstructured.Unstructured, want string) {
	p.t.Helper()
	eventually(p.t, "the answer "+want, func() bool {
		err := p.Create(p.t.Context(), obj.DeepCopy(), client.DryRunAll)
		if want == "" {
			return err == nil
		}
		return err != nil && strings.Contains(err.Error(), want)
	})
}

// What the schema lets through and nobody can act on is refused with its place; CRDs refuse the rest.
func TestConfigurationIsRead(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	for _, tt := range []struct {
		obj  *unstructured.Unstructured
		want string
	}{
		{ruleset(t, "wrong", `{rules: [{id: BW999, action: Deny}]}`), `spec.rules[0].id: Invalid value: "BW999": no rule has this id`},
		{ruleset(t, "wrong", `{rules: [{id: BW201, action: Off}]}`), `spec.rules[0].action: Invalid value: "boolean"`},
		{ruleset(t, "wrong", `{rules: [{id: BW201, action: Deny}, {id: BW201, action: Warn}]}`), `spec.rules[1]: Duplicate value`},
		{ruleset(t, "wrong", `{trust: {accounts: ["11111111111"]}}`), `spec.trust.accounts[0]: Invalid value: "11111111111"`},
		{ruleset(t, "wrong", `{trust: {networks: ["10.0.0.0"]}}`), `spec.trust: Invalid value: "": networks: "10.0.0.0" is not a CIDR`},
		{ruleset(t, "wrong", `{level: strict}`), `spec.level: Unsupported value: "strict"`},
		{ruleset(t, "wrong", `{match: {objectSelector: {}}, owner: {default: "111122223333"}}`), "whoever writes an object writes its labels"},
		{ruleset(t, "wrong", `{forbid: [{Effect: Allow, Principal: "*", Action: "s3:GetObjekt", Resource: "*"}]}`), `spec.forbid[0].Action: Invalid value: BW107`},
		{ruleset(t, "wrong", `{match: {kinds: [Bukket]}}`), `spec.match.kinds[0]: Invalid value: "Bukket"`},
		{exemption(t, "wrong", `{match: {}, rules: [BW201], reason: r}`), "say which objects"},
		{exemption(t, "wrong", `{match: {names: [a]}, rules: [BW201], reason: " "}`), "say why"},
		{exemption(t, "wrong", `{match: {names: [a]}, rules: [BW101], reason: r}`), "cannot be exempted"},
		{exemption(t, "wrong", `{match: {names: [a]}, rules: [BW201], reason: r, expiresAt: tomorrow}`), `spec.expiresAt: Invalid value: "tomorrow"`},
	} {
		if err := p.Create(t.Context(), tt.obj, client.DryRunAll); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v\nwant %s", tt.obj.Object["spec"], err, tt.want)
		}
	}
	for _, name := range []string{"rulesets", "exemptions"} {
		text, err := os.ReadFile(filepath.Join(root, "docs/examples/configuration", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range strings.Split(string(text), "\n---\n") {
			if err := p.Create(t.Context(), object(t, doc), client.DryRunAll); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	p.warnings()
	lowers := ruleset(t, "lowers", `{rules: [{id: BW701, action: "Off"}]}`)
	if err := p.Create(t.Context(), lowers, client.DryRunAll); err != nil || !strings.Contains(strings.Join(p.warnings(), "\n"), "Off lowers nothing without spec.level") {
		t.Errorf("%v: nobody says that it lowers nothing", err)
	}
	late := exemption(t, "late", `{match: {names: [a]}, rules: [BW201], reason: r, expiresAt: "2020-01-01T00:00:00Z"}`)
	if err := p.Create(t.Context(), late, client.DryRunAll); err != nil || !strings.Contains(strings.Join(p.warnings(), "\n"), "has passed") {
		t.Errorf("%v: nobody says that it has expired", err)
	}
}

// A namespace chooses its level, is told what that would refuse, and cannot be mistaken for having chosen another.
func TestNamespaceChooses(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	ns := namespaceOf(t, "chooses", nil)
	stored := wildcard(ns.Name, "chooses-stored")
	p.create(stored)
	next := wildcard(ns.Name, "chooses-next")
	eventually(t, "the gate knows the bucket", func() bool {
		p.warnings()
		changed := ns.DeepCopy()
		changed.Labels = map[string]string{"bucketwarden.dev/enforce": "restricted"}
		if err := p.Update(t.Context(), changed, client.DryRunAll); err != nil {
			t.Fatal(err)
		}
		said := strings.Join(p.warnings(), "\n")
		return strings.Contains(said, "would be refused if created now: 1") && strings.Contains(said, "Bucket chooses/chooses-stored: BW701")
	})
	p.answers(next, "")
	relabel := func(level string) error {
		changed := ns.DeepCopy()
		changed.Labels = map[string]string{"bucketwarden.dev/enforce": level}
		changed.ResourceVersion = ""
		return p.Update(t.Context(), changed)
	}
	if err := relabel("strict"); err == nil || !strings.Contains(err.Error(), `level "strict" must be privileged, baseline or restricted`) {
		t.Errorf("a level that is none: %v", err)
	}
	if err := relabel("restricted"); err != nil {
		t.Fatal(err)
	}
	p.answers(next, "BW701")
	obeyed := annotate(p.again(stored), "note", "an update that changes nothing")
	if err := p.Update(t.Context(), obeyed); err != nil {
		t.Errorf("what was there before is stranded: %v", err)
	}
	own := wildcard(ns.Name, "chooses-own")
	own.SetLabels(map[string]string{"bucketwarden.dev/enforce": "privileged"})
	p.answers(own, "BW701")
	if err := relabel("privileged"); err != nil {
		t.Fatal(err)
	}
	p.answers(next, "")
}

// A Ruleset is a floor for namespaces and cluster-scoped objects alike, and names what it would refuse.
func TestRuleset(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	ns := namespaceOf(t, "floor", map[string]string{"bucketwarden.dev/enforce": "privileged"})
	p.create(wildcard(ns.Name, "floor-stored"))
	next, clusterScoped := wildcard(ns.Name, "floor-next"), bucketPolicy("floor-cluster", fmt.Sprintf(everything, "floor-cluster"))
	floor := ruleset(t, "floor", `{match: {kinds: [Bucket]}, level: restricted}`)
	eventually(t, "the Ruleset's author hears of the bucket", func() bool {
		p.warnings()
		if err := p.Create(t.Context(), floor.DeepCopy(), client.DryRunAll); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(strings.Join(p.warnings(), "\n"), "Bucket floor/floor-stored: BW701")
	})
	p.create(floor)
	p.answers(next, "BW701")
	p.answers(clusterScoped, "")
	forbids := ruleset(t, "forbids", `{match: {kinds: [BucketPolicy]}, forbid: [{Effect: Allow, Principal: "*", Action: "s3:DeleteBucket", Resource: "*"}]}`)
	p.create(forbids)
	p.answers(clusterScoped, "BW404")
	p.remove(floor)
	p.answers(next, "")
	p.remove(forbids)
	p.answers(clusterScoped, "")
}

// An Exemption accepts until its second has come, and only by grants what goes no further.
func TestExemption(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	site := func(statements ...string) *unstructured.Unstructured {
		return ackBucket("site", allows("site", statements...))
	}
	const list = `{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::site"}`
	const read = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::site/*"}`
	p.answers(site(read), "BW201")
	until := time.Now().Add(4 * time.Second).Truncate(time.Second)
	accepted := exemption(t, "site", `{match: {buckets: [site]}, rules: [BW201], reason: "the website is public", expiresAt: "`+
		until.UTC().Format(time.RFC3339)+`", grants: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::site/*"}]}`)
	p.create(accepted)
	p.answers(site(read), "")
	if time.Now().After(until) {
		t.Fatal("the exemption was over before it was in force")
	}
	if err := p.Create(t.Context(), site(read, list), client.DryRunAll); err == nil || !strings.Contains(err.Error(), "s3:ListBucket") {
		t.Errorf("beyond what is accepted: %v", err)
	}
	other := ackBucket("other", allows("other", strings.ReplaceAll(read, "site", "other")))
	if err := p.Create(t.Context(), other, client.DryRunAll); err == nil || !strings.Contains(err.Error(), "BW201") {
		t.Errorf("another bucket: %v", err)
	}
	eventually(t, "it expires", func() bool {
		sent := time.Now()
		err := p.Create(t.Context(), site(read), client.DryRunAll)
		switch {
		case err == nil && sent.After(until):
			t.Errorf("accepted %s after it expired", time.Since(until))
		case err != nil && time.Now().Before(until):
			t.Errorf("refused before it expired: %v", err)
		}
		return err != nil
	})
}

// Those who may do everything in a namespace can neither exempt themselves nor get below a Ruleset.
func TestNamespaceAdminStaysAboveTheFloor(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	ns := namespaceOf(t, "administered", nil)
	meta := metav1.ObjectMeta{Name: "admin", Namespace: ns.Name}
	if err := errors.Join(
		p.Create(t.Context(), &rbacv1.Role{ObjectMeta: meta, Rules: []rbacv1.PolicyRule{
			{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}},
		}}),
		p.Create(t.Context(), &rbacv1.RoleBinding{
			ObjectMeta: meta, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "admin"},
			Subjects: []rbacv1.Subject{{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: "tenant"}},
		}),
	); err != nil {
		t.Fatal(err)
	}
	config := rest.CopyConfig(suite.Config)
	config.Impersonate.UserName = "tenant"
	tenant, err := client.New(config, client.Options{Mapper: suite.mapper})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the tenant administers the namespace", func() bool {
		cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "own", Namespace: ns.Name}}
		return tenant.Create(t.Context(), cm, client.DryRunAll) == nil
	})
	for what, err := range map[string]error{
		"an Exemption": tenant.Create(t.Context(), exemption(t, "own", `{match: {namespaces: [administered]}, rules: [BW201], reason: mine}`)),
		"a Ruleset":    tenant.Create(t.Context(), ruleset(t, "own", `{level: privileged}`)),
	} {
		if !apierrors.IsForbidden(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// A role with * in a namespace may label it, as with the levels of Pod Security. A Ruleset holds all the same.
	p.create(ruleset(t, "administered", `{match: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: administered}}}, level: restricted}`))
	p.answers(wildcard(ns.Name, "administered"), "BW701")
	relabelled := ns.DeepCopy()
	relabelled.Labels = map[string]string{"bucketwarden.dev/enforce": "privileged", "kubernetes.io/metadata.name": "other"}
	if err := tenant.Update(t.Context(), relabelled); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := p.Create(t.Context(), wildcard(ns.Name, "administered"), client.DryRunAll); err == nil || !strings.Contains(err.Error(), "BW701") {
			t.Fatalf("the namespace lowered its own level: %v", err)
		}
	}
}
