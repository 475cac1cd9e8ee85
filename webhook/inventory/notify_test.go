package inventory

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// facts are objects of the universe that say something about their buckets, in several ways.
func facts() []m {
	all := universe()
	for _, name := range []string{"a", "b", "c"} {
		for _, object1 := range []string{"o", "q", "r"} {
			for _, region := range []string{"eu-central-1", "cn-north-1"} {
				for _, namespace := range []string{"team/", "other/"} {
					all = append(all, object(namespacedPolicy, namespace+object1, m{"forProvider": m{"region": region, "bucket": name}}))
				}
				for kind, fields := range map[string]m{
					upboundPolicy: {"policy": "{}"}, upboundACL: {"acl": "private"}, upboundOwnership: {"rule": m{"objectOwnership": map[string]any{
						"cn-north-1": "BucketOwnerEnforced", "eu-central-1": "ObjectWriter"}[region]}},
					upboundBlock:      {"blockPublicPolicy": region == "cn-north-1"},
					upboundVersioning: {"versioningConfiguration": m{"status": map[bool]string{true: "Enabled", false: "Suspended"}[name == "a"]}},
					upboundLogging:    {"targetBucketRef": m{"name": name}, "targetGrant": []any{m{"permission": "READ", "grantee": m{"id": "a"}}}},
				} {
					fields["region"], fields["bucket"] = region, name
					ref, selector := maps.Clone(fields), maps.Clone(fields)
					delete(ref, "bucket")
					ref["bucketRef"] = m{"name": name}
					selector["bucketSelector"] = m{"matchLabels": m{"for": "logs"}, "policy": m{"resolve": "Always"}}
					all = append(all, object(kind, object1, m{"forProvider": fields}), object(kind, object1, m{"forProvider": ref}),
						object(kind, object1, m{"forProvider": selector}),
						object(kind, object1, m{"forProvider": fields, "managementPolicies": []any{"Observe"}}),
						object(kind, object1, m{"forProvider": fields, "providerConfigRef": m{"name": "other"}}))
				}
			}
		}
		for i, target := range []m{{"targetBucket": name}, {"targetBucketSelector": m{"matchLabels": m{"for": "logs"}}}} {
			target["bucket"], target["targetGrant"] = "elsewhere", []any{m{"permission": "READ", "grantee": m{"id": "a"}}}
			all = append(all, object(upboundLogging, fmt.Sprint("l", i), m{"forProvider": target}))
		}
		bucket := object(upboundBucket, name, m{"forProvider": m{"region": "eu-central-1"}})
		renamed := object(upboundBucket, name, m{"managementPolicies": []any{"Observe"}})
		renamed["metadata"].(m)["annotations"] = m{"crossplane.io/external-name": "a"}
		all = append(all, renamed, labelled(bucket, m{"for": "logs"}), labelled(object(upboundBucket, name, m{}), m{"for": "else"}))
	}
	for _, account := range []string{"111111111111", "222222222222", "none"} {
		arn := "arn:aws:iam::" + account + ":role/ack"
		all = append(all, object(roleSelector, "s", m{"arn": arn, "namespaceSelector": m{"names": []any{"team"}}}),
			object(roleSelector, "t", m{"arn": arn, "namespaceSelector": m{"labelSelector": m{"matchLabels": m{"owner": "111111111111"}}}}), config(upboundConfig, "default", account), config(upboundConfig, "other", account),
			config(clusterConfig, "default", account), object("v1 Namespace", "team", m{"owner": account}))
	}
	return all
}

// world is what a cluster holds, and the Index that is told of it.
type world struct {
	index   *Index
	objects map[Key]m
}

func (w world) set(obj m) {
	key := KeyOf(obj)
	w.objects[key] = obj
	if key.Kind == "Namespace" {
		owner := obj["spec"].(m)["owner"].(string)
		w.index.SetNamespace(key.Name, map[string]string{"owner": owner}, map[string]string{source.OwnerAnnotation: owner})
		return
	}
	w.index.Set(obj)
}

func (w world) delete(key Key) {
	delete(w.objects, key)
	if key.Kind == "Namespace" {
		w.index.DeleteNamespace(key.Name)
		return
	}
	w.index.Delete(key)
}

// view is what decides about one object, but for the rules.
type view struct {
	Bucket policy.Bucket
	Logs   policy.Bucket
	Labels map[string]string
}

func (w world) view(key Key) view {
	obj := w.index.Get(key)
	reading, _, _ := source.Read(obj)
	labels, _ := w.index.Namespace(key.Namespace)
	logs, _ := w.index.LogBucket(obj, reading)
	return view{w.index.Bucket(obj, reading), logs, labels}
}

// TestNotify has an audit look only at what it is told of. After each step it knows what one knows that starts anew.
func TestNotify(t *testing.T) {
	const steps = 80
	seeds := uint64(40)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		random, all := rand.New(rand.NewPCG(seed, 2)), facts()
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:30] // some have more to do with each other than all have
		w, views := world{&Index{}, map[Key]m{}}, map[Key]view{}
		w.index.Notify(func(keys []Key) {
			for _, key := range keys {
				delete(views, key)
				if w.index.Get(key) != nil {
					views[key] = w.view(key)
				}
			}
		})
		var history []string
		for range steps {
			obj := all[random.IntN(len(all))]
			if random.IntN(4) == 0 {
				w.delete(KeyOf(obj))
				history = append(history, "delete "+KeyOf(obj).String())
			} else {
				w.set(obj)
				history = append(history, fmt.Sprint("set ", obj))
			}
			if diff := gocmp.Diff(w.anew(random), views); diff != "" {
				t.Fatalf("seed %d, after\n%s\n-anew +told:\n%s", seed, strings.Join(history, "\n"), diff)
			}
		}
	}
}

// anew returns the views of an Index that gets everything once, or twice, in another order.
func (w world) anew(random *rand.Rand) map[Key]view {
	fresh, objects := world{&Index{}, map[Key]m{}}, slices.Collect(maps.Values(w.objects))
	objects = append(objects, objects[:len(objects)/2]...)
	random.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
	for _, obj := range objects {
		fresh.set(obj)
	}
	out := map[Key]view{}
	for _, key := range fresh.index.Keys() {
		out[key] = fresh.view(key)
	}
	return out
}

// TestNotifyChanges lists who is told of a change of one of three objects.
func TestNotifyChanges(t *testing.T) {
	spec := func(fields m) m { fields["bucket"] = "logs"; return m{"forProvider": fields} }
	base := func() m { return object(upboundOwnership, "o", spec(m{"rule": m{"objectOwnership": "ObjectWriter"}})) }
	with := func(change func(obj m)) m { obj := base(); change(obj); return obj }
	meta := func(name string, value any) m { return with(func(obj m) { obj["metadata"].(m)[name] = value }) }
	const both = "BucketOwnershipControls o, BucketPolicy p"
	tests := []struct {
		name  string
		after m
		want  string
	}{
		{"nothing", base(), ""},
		{"a new version", meta("resourceVersion", "8"), ""},
		{"another annotation", meta("annotations", m{"a": "b"}), ""},
		{"a finalizer", meta("finalizers", []any{"f"}), ""},
		{"a condition", with(func(obj m) { obj["status"] = m{"conditions": []any{"x"}} }), ""},
		{"labels", meta("labels", m{"a": "b"}), both},
		{"deletion", meta("deletionTimestamp", "2026-01-01T00:00:00Z"), both},
		{"mode", with(func(obj m) { obj["spec"].(m)["managementPolicies"] = []any{"Observe"} }), both},
		{"the setting", object(upboundOwnership, "o", spec(m{"rule": m{"objectOwnership": "BucketOwnerEnforced"}})), both},
		{"what is found out", with(func(obj m) { obj["status"] = m{"atProvider": m{"region": "eu-central-1"}} }), both},
		{"another bucket", object(upboundOwnership, "o", m{"forProvider": m{"bucket": "other"}}), both},
		{"no bucket", object(upboundOwnership, "o", m{"forProvider": m{}}), both},
		{"unreadable", object(upboundOwnership, "o", m{"forProvider": m{"bucket": 7}}), both},
		{"it was another's", object(upboundPolicy, "alone", m{"forProvider": m{"bucket": "alone"}}), "BucketPolicy alone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			index, told := &Index{}, []string(nil)
			index.Notify(func(keys []Key) {
				for _, k := range keys {
					told = append(told, k.String())
				}
			})
			index.Set(base())
			index.Set(object(upboundPolicy, "p", spec(m{})))
			index.Set(object(upboundPolicy, "unconcerned", m{"forProvider": m{"bucket": "unconcerned"}}))
			told = nil
			index.Set(tt.after)
			slices.Sort(told)
			if got := strings.Join(told, ", "); got != tt.want {
				t.Errorf("told of %q, want %q", got, tt.want)
			}
		})
	}
}

// Thousands of objects about one bucket do not each have all others reviewed again.
func TestNotifyIsBounded(t *testing.T) {
	const objects = 2000
	index, told := &Index{}, 0
	index.Notify(func(keys []Key) { told += len(keys) })
	order := rand.New(rand.NewPCG(1, 3)).Perm(objects)
	for _, i := range order {
		index.Set(object(upboundPolicy, fmt.Sprint(i), m{"forProvider": m{"bucket": "logs", "region": "eu-central-1"}}))
	}
	for _, i := range order {
		index.Delete(Key{KeyOf(object(upboundPolicy, "", nil)).GroupKind, "", fmt.Sprint(i)})
	}
	if most := 40 * objects; told > most {
		t.Errorf("%d reviews for %d changes, want %d at most", told, 2*objects, most)
	}
}

// Who only seems to be about the bucket says nothing about it.
func TestNotifyElsewhere(t *testing.T) {
	index, told := &Index{}, []Key(nil)
	index.Notify(func(keys []Key) { told = keys })
	index.Set(labelled(object(upboundBucket, "other", m{}), m{"for": "logs"}))
	ownership := object(upboundOwnership, "o", m{"forProvider": m{"bucket": "logs"}})
	index.Set(ownership)
	fields := func(more m) m {
		more["bucket"], more["region"] = "logs", "eu-central-1"
		return m{"forProvider": more}
	}
	for _, name := range []string{"1", "2"} {
		index.Set(object(upboundPolicy, name, fields(m{
			"bucketSelector": m{"matchLabels": m{"for": "logs"}, "policy": m{"resolve": "Always"}},
		})))
	}
	index.Set(object(upboundPolicy, "3", fields(m{})))
	if !slices.Contains(told, KeyOf(ownership)) {
		t.Errorf("told of %v alone", told)
	}
}

// Who says the same from another namespace only claims it.
func TestNotifyClaimed(t *testing.T) {
	index, told := &Index{}, []Key(nil)
	index.Notify(func(keys []Key) { told = keys })
	spec := m{"forProvider": m{"bucket": "logs", "region": "eu-central-1"}}
	reader := object("s3.aws.m.upbound.io/v1beta1 BucketACL", "team/reader", m{"forProvider": m{"bucket": "logs"}})
	for _, obj := range []m{
		reader, object(namespacedPolicy, "other/1", spec), object(namespacedPolicy, "other/2", spec), object(namespacedPolicy, "team/3", spec),
	} {
		index.Set(obj)
	}
	if !slices.Contains(told, KeyOf(reader)) {
		t.Errorf("told of %v alone", told)
	}
}
