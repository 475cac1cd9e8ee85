//go:build e2e

package e2e

import (
	"encoding/json"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// state is what may be right or wrong with a policy.
type state struct {
	name       string
	rule       string   // that refuses it
	statements []string // none when nobody can read them
	patched    []string // what becomes of them
}

// states begin with what is right. Of what is wrong, better grants less than bad, worse more, and other something else.
func states() []state {
	return []state{
		{name: "good", statements: []string{reads}},
		{name: "acl", statements: []string{reads, setsACL}, patched: []string{reads, patched}},
		{name: "better", rule: "BW702", statements: []string{strings.Replace(open, "BUCKET/*", "BUCKET/docs/*", 1), denies}},
		{name: "bad", rule: "BW702", statements: []string{open}},
		{name: "worse", rule: "BW702", statements: []string{strings.Replace(open, `"s3:GetObject"`, `["s3:GetObject", "s3:PutObject"]`, 1)}},
		{name: "other", rule: "BW201", statements: []string{strings.Replace(public, `"s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"`,
			`"s3:ListBucket", "Resource": "arn:aws:s3:::BUCKET"`, 1)}},
		{name: "unreadable", rule: "BW101"},
	}
}

// document is the policy of a bucket in this state.
func (s state) document(bucket string) string {
	if s.statements == nil {
		return `{"Version": "2012-10-17", "Statement": [`
	}
	return allows(bucket, s.statements...)
}

// structured is the same in the fields of classic Crossplane.
func (s state) structured(bucket string) m {
	if s.statements == nil {
		return m{"statements": []any{m{"effect": "Deny", "condition": []any{m{"operatorKey": "Bool", "conditions": []any{m{"key": "no value"}}}}}}}
	}
	var out []any
	for _, text := range s.statements {
		out = append(out, classicStatement(strings.ReplaceAll(text, "BUCKET", bucket)))
	}
	return m{"version": "2012-10-17", "statements": out}
}

// classicStatement puts a statement into the fields of classic Crossplane, as far as the states need it.
func classicStatement(text string) m {
	var s struct {
		Sid, Effect                   string
		Principal, NotPrincipal       any
		Action, Resource, NotResource any
		Condition                     map[string]map[string]string
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		panic(err)
	}
	list := func(v any) []any {
		if l, ok := v.([]any); ok {
			return l
		}
		return []any{v}
	}
	out := m{"effect": s.Effect, "action": list(s.Action)}
	if s.Sid != "" {
		out["sid"] = s.Sid
	}
	for field, what := range map[string]any{"resource": s.Resource, "notResource": s.NotResource} {
		if what != nil {
			out[field] = list(what)
		}
	}
	for field, who := range map[string]any{"principal": s.Principal, "notPrincipal": s.NotPrincipal} {
		switch who := who.(type) {
		case string:
			out[field] = m{"allowAnon": true}
		case m:
			by := "iamRoleArn"
			if id, _ := who["AWS"].(string); !strings.HasPrefix(id, "arn:") {
				by = "awsAccountId"
			}
			out[field] = m{"awsPrincipals": []any{m{by: who["AWS"]}}}
		}
	}
	for operator, keys := range s.Condition {
		for key, value := range keys {
			out["condition"] = []any{m{"operatorKey": operator, "conditions": []any{m{"key": key, "stringValue": value}}}}
		}
	}
	return out
}

// provider is a kind that carries a policy, and what its controller does.
type provider struct {
	name, verdicts string
	field          string                                       // of the policy
	structured     bool                                         // that field
	object         func(name string) *unstructured.Unstructured // for the bucket of the same name, without a policy
	beside         func(name string) *unstructured.Unstructured // says that ACLs are off, nil where the object itself does
	move           func(*unstructured.Unstructured)             // to another region
	writes         []func(*unstructured.Unstructured)           // of the controller
	adopts, merges bool                                         // it adopts; it sends no more than what has changed
}

// put sets the policy of the object's bucket.
func (p provider) put(obj *unstructured.Unstructured, s state) *unstructured.Unstructured {
	if p.structured {
		return set(obj, s.structured(obj.GetName()), p.field)
	}
	return set(obj, s.document(obj.GetName()), p.field)
}

func (p provider) policy(obj *unstructured.Unstructured) any {
	value, _, _ := unstructured.NestedFieldNoCopy(obj.Object, strings.Split(p.field, ".")...)
	return value
}

// named is the name of all objects for one bucket.
func (p provider) named(state string) string { return "ratchet-" + p.name + "-" + state }

func providers() []provider {
	const policy = "spec.forProvider.policy"
	type object = unstructured.Unstructured
	upbound := provider{
		name: "upbound", verdicts: crossplaneVerdicts, field: policy,
		object: func(name string) *object { return unset(bucketPolicy(name, ""), policy) },
		beside: func(name string) *object { return ownership(name, "BucketOwnerEnforced") },
		move:   func(o *object) { set(o, "eu-west-1", "spec.forProvider.region") },
		writes: []func(*object){
			func(o *object) { annotate(o, "crossplane.io/external-name", o.GetName()) },
			func(o *object) { annotate(o, "crossplane.io/external-create-pending", "2024-05-01T12:00:00Z") },
			func(o *object) { annotate(o, "crossplane.io/external-create-succeeded", "2024-05-01T12:00:01Z") },
			func(o *object) { o.SetFinalizers(append(o.GetFinalizers(), finalizer)) },
		},
	}
	classic := upbound
	classic.name, classic.structured = "classic", true
	classic.object = func(name string) *object {
		return kind("s3.aws.crossplane.io", "v1alpha3", "BucketPolicy", "", name, m{
			"forProvider": m{"region": "eu-central-1", "bucketName": name},
		})
	}
	classic.beside = func(name string) *object {
		return unset(set(classicBucket(name), "BucketOwnerEnforced", "spec.forProvider.objectOwnership"), policy)
	}
	ack := provider{
		name: "ack", verdicts: ackVerdicts, field: policyField, adopts: true, merges: true,
		object: func(name string) *object {
			closed := m{"blockPublicACLs": true, "ignorePublicACLs": true, "blockPublicPolicy": true, "restrictPublicBuckets": true}
			return set(unset(ackBucket(name, ""), policyField), closed, "spec.publicAccessBlock")
		},
		move: func(o *object) { annotate(o, "services.k8s.aws/region", "eu-west-1") },
		writes: []func(*object){
			func(o *object) { o.SetFinalizers(append(o.GetFinalizers(), "finalizers.s3.services.k8s.aws/Bucket")) },
		},
	}
	return []provider{ack, upbound, classic}
}

// notes are writes of people.
func notes() []func(*unstructured.Unstructured) {
	return []func(*unstructured.Unstructured){
		func(o *unstructured.Unstructured) { annotate(o, "example.org/note", "seen") },
		func(o *unstructured.Unstructured) { o.SetLabels(map[string]string{"team": "a"}) },
		func(o *unstructured.Unstructured) { o.SetFinalizers(nil) },
	}
}

// ratcheted is what is stored before the gate comes.
func ratcheted() []*unstructured.Unstructured {
	var out []*unstructured.Unstructured
	for _, p := range providers() {
		for _, s := range states() {
			obj := p.put(p.object(p.named(s.name)), s)
			obj.SetFinalizers([]string{"example.org/stay"})
			out = append(out, obj)
			if p.beside != nil {
				out = append(out, p.beside(obj.GetName()))
			}
		}
		if p.beside != nil {
			out = append(out, p.beside(p.named("new")))
		}
		if p.adopts {
			out = append(out, adopted(p.named("adopted")))
		}
	}
	return out
}
