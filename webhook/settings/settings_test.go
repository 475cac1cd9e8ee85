package settings

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

var (
	noon     = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	defaults = Defaults{Level: policy.Baseline}
)

// load fills a Store from documents of YAML, in which name stands for metadata.name.
func load(t *testing.T, texts ...string) *Store {
	t.Helper()
	s := NewStore(rules.All)
	for _, text := range texts {
		if err := put(t, s, text); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func put(t *testing.T, s *Store, text string) error {
	t.Helper()
	if strings.Contains(text, "kind: Exemption") {
		var e v1alpha1.Exemption
		if err := yaml.UnmarshalStrict([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		return s.PutExemption(&e)
	}
	var r v1alpha1.Ruleset
	if err := yaml.UnmarshalStrict([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return s.PutRuleset(&r)
}

func set(name, spec string) string {
	return "kind: Ruleset\nmetadata: {name: " + name + "}\nspec: " + spec + "\n"
}

func except(name, spec string) string {
	return "kind: Exemption\nmetadata: {name: " + name + "}\nspec: " + spec + "\n"
}

// object is an Upbound BucketPolicy; namespace "" makes it the cluster-scoped kind.
func object(t *testing.T, namespace string, labels, namespaceLabels map[string]string) Subject {
	t.Helper()
	group := "s3.aws.m.upbound.io"
	if namespace == "" {
		group = "s3.aws.upbound.io"
	}
	own := map[string]any{}
	for k, v := range labels {
		own[k] = v
	}
	r, ok, err := source.Read(map[string]any{
		"apiVersion": group + "/v1beta1", "kind": "BucketPolicy",
		"metadata": map[string]any{"name": "logs", "namespace": namespace, "labels": own},
		"spec":     map[string]any{"providerConfigRef": map[string]any{"name": "prod"}},
	})
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	return Subject{Reading: r, NamespaceLabels: namespaceLabels}
}

func rule(t *testing.T, id string) *policy.Rule {
	t.Helper()
	for _, r := range rules.All {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("no rule %s", id)
	return nil
}

// TestStrictest: BW401 warns at baseline and is denied when restricted.
func TestStrictest(t *testing.T) {
	type m = map[string]string
	const (
		off        = `{level: baseline, rules: [{id: BW401, action: "Off"}]}`
		restricted = `{level: restricted}`
		labelled   = `{match: {objectSelector: {matchLabels: {legacy: "yes"}}}, level: privileged}`
		configured = `{match: {providerConfigs: [prod]}, level: privileged}`
		teams      = `{match: {namespaceSelector: {matchLabels: {team: a}}}, level: restricted}`
	)
	tests := []struct {
		name                    string
		rulesets                []string
		namespace               string
		labels, namespaceLabels m
		want                    policy.Action
	}{
		{"nothing but the default", nil, "a", nil, nil, policy.Warn},
		{"a namespace chooses a stricter level", nil, "a", nil, m{EnforceLabel: "restricted"}, policy.Deny},
		{"a namespace chooses a milder level", nil, "a", nil, m{EnforceLabel: "privileged"}, policy.Audit},
		{"what is no level is the strictest", nil, "a", nil, m{EnforceLabel: "restriced"}, policy.Deny},
		{"warning of a level that is not enforced", nil, "a", nil, m{EnforceLabel: "privileged", WarnLabel: "restricted"}, policy.Warn},
		{"auditing one", nil, "a", nil, m{EnforceLabel: "privileged", AuditLabel: "restricted"}, policy.Audit},
		{"warn and audit alone leave the default", nil, "a", nil, m{WarnLabel: "privileged", AuditLabel: "privileged"}, policy.Warn},
		{"a Ruleset in place of the default", []string{off}, "a", nil, nil, policy.Off},
		{"a Ruleset is a floor under the labels", []string{restricted}, "a", nil, m{EnforceLabel: "privileged"}, policy.Deny},
		{"the strictest of two Rulesets", []string{off, restricted}, "a", nil, nil, policy.Deny},
		{"a milder Ruleset does not lower a label", []string{off}, "a", nil, m{EnforceLabel: "baseline"}, policy.Warn},
		{"labels of the object lower nothing", []string{labelled}, "a", m{"legacy": "yes"}, nil, policy.Warn},
		{"the object's choice of ProviderConfig lowers nothing", []string{configured}, "", nil, nil, policy.Warn},
		{"labels of the object lower no Ruleset", []string{labelled, restricted}, "a", m{"legacy": "yes"}, nil, policy.Deny},
		{"a level's label on the object itself is nothing", nil, "a", m{EnforceLabel: "privileged"}, nil, policy.Warn},
		{"a Ruleset for other namespaces", []string{teams}, "a", nil, m{"team": "b"}, policy.Warn},
		{"a Ruleset for this namespace", []string{teams}, "a", nil, m{"team": "a"}, policy.Deny},
		{"a Ruleset for namespaces and an object in none", []string{teams}, "", nil, m{"team": "a"}, policy.Warn},
		{"a Ruleset without a level", []string{`{rules: [{id: BW401, action: Deny}]}`}, "a", nil, nil, policy.Deny},
		{"one that would lower without a level", []string{`{rules: [{id: BW401, action: "Off"}]}`}, "a", nil, nil, policy.Warn},
		{"a Ruleset that warns of a level", []string{`{level: privileged, warn: restricted}`}, "a", nil, nil, policy.Warn},
		{"one that audits a level", []string{`{level: privileged, audit: restricted}`}, "a", nil, nil, policy.Audit},
		{"a kind by its name", []string{`{match: {kinds: [BucketPolicy]}, level: restricted}`}, "a", nil, nil, policy.Deny},
		{"a kind of another group", []string{`{match: {kinds: [BucketPolicy.s3.aws.upbound.io]}, level: restricted}`}, "a", nil, nil, policy.Warn},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var texts []string
			for i, spec := range tt.rulesets {
				texts = append(texts, set(string(rune('a'+i)), spec))
			}
			o := object(t, tt.namespace, tt.labels, tt.namespaceLabels)
			got, _ := load(t, texts...).Set().For(o, defaults, noon).Action(policy.Finding{Rule: rule(t, "BW401")})
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	s := load(t, set("a", `{rules: [{id: BW301, action: Deny}, {id: BW106, action: Deny}, {id: BW201, action: Patch}, {id: BW105, action: Patch}]}`)).Set().For(object(t, "a", nil, nil), defaults, noon)
	fixable := policy.Finding{Rule: rule(t, "BW201"), Fix: &policy.Fix{Class: policy.Narrowing}}
	for _, tt := range []struct {
		f       policy.Finding
		want    policy.Action
		consent bool
	}{
		{policy.Finding{Rule: rule(t, "BW301")}, policy.Deny, false},
		{policy.Finding{Rule: rule(t, "BW106"), Ceiling: policy.Warn}, policy.Warn, false},
		{fixable, policy.Deny, true},
		{policy.Finding{Rule: rule(t, "BW105")}, policy.Warn, true},
	} {
		if got, consent := s.Action(tt.f); got != tt.want || consent != tt.consent {
			t.Errorf("%s: %s, %v; want %s, %v", tt.f.Rule.ID, got, consent, tt.want, tt.consent)
		}
	}
}

func TestTrusts(t *testing.T) {
	own := Defaults{Level: policy.Baseline, Trust: &public.Trust{Accounts: []string{"999999999999"}}}
	const a, b = `{trust: {accounts: ["111111111111"]}}`, `{trust: {accounts: ["222222222222"]}}`
	const labelled = `{match: {objectSelector: {}}, trust: {accounts: ["333333333333"]}}`
	for _, tt := range []struct {
		rulesets []string
		defaults Defaults
		want     string
	}{
		{nil, defaults, "nobody said"},
		{nil, own, "999999999999"},
		{[]string{a}, own, "111111111111"},
		{[]string{a, b}, own, "111111111111 222222222222"},
		{[]string{labelled}, own, "333333333333 999999999999"},
		{[]string{labelled}, defaults, "333333333333"},
	} {
		var texts, got []string
		for i, spec := range tt.rulesets {
			texts = append(texts, set(string(rune('a'+i)), spec))
		}
		for _, trust := range load(t, texts...).Set().For(object(t, "a", nil, nil), tt.defaults, noon).Trusts {
			if trust == nil {
				got = append(got, "nobody said")
				continue
			}
			got = append(got, trust.Accounts...)
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.rulesets, got, tt.want)
		}
	}
}

func TestAssume(t *testing.T) {
	const mapped = `{owner: {default: "111111111111", providerConfigs: [{name: prod, account: "222222222222"}]}, assumedOwnership: BucketOwnerEnforced}`
	declared := policy.Fact[string]{Value: "333333333333", Origin: policy.Declared, From: "status"}
	for _, tt := range []struct {
		rulesets         []string
		before           policy.Fact[string]
		owner, ownership string
	}{
		{nil, policy.Fact[string]{}, "", ""},
		{[]string{mapped}, policy.Fact[string]{}, "222222222222 of Ruleset a", "BucketOwnerEnforced of Ruleset a"},
		{[]string{`{owner: {default: "111111111111"}}`}, policy.Fact[string]{}, "111111111111 of Ruleset a", ""},
		{[]string{mapped}, declared, "333333333333 of status", "BucketOwnerEnforced of Ruleset a"},
		{[]string{mapped}, policy.Fact[string]{Origin: policy.Contradicted, From: "x contradicts y"}, "", "BucketOwnerEnforced of Ruleset a"},
		{[]string{mapped, `{owner: {default: "111111111111"}, assumedOwnership: ObjectWriter}`}, policy.Fact[string]{}, "", ""},
	} {
		var texts []string
		for i, spec := range tt.rulesets {
			texts = append(texts, set(string(rune('a'+i)), spec))
		}
		b := policy.Bucket{Owner: tt.before}
		load(t, texts...).Set().For(object(t, "", nil, nil), defaults, noon).Assume(&b)
		if diff := cmp.Diff([]string{tt.owner, tt.ownership}, []string{said(b.Owner), said(b.Ownership)}); diff != "" {
			t.Errorf("%v: -want +got\n%s", tt.rulesets, diff)
		}
		if b.Ownership.Explicit() {
			t.Errorf("%v: an assumption proves nothing", tt.rulesets)
		}
	}
}

func said[T ~string](f policy.Fact[T]) string {
	if !f.Known() {
		return ""
	}
	return string(f.Value) + " of " + f.From
}

func TestExcuses(t *testing.T) {
	const public = `[{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::site/*"}]`
	store := load(t,
		except("part", `{match: {buckets: [site]}, rules: [BW201], grants: `+public+`, reason: website}`),
		except("whole", `{match: {namespaces: ["team-*"]}, rules: [BW201, BW401], reason: moving}`),
		except("brief", `{match: {names: [logs]}, rules: [BW206], reason: test, expiresAt: "2026-01-01T12:00:00Z"}`),
		except("other", `{match: {names: ["*"], kinds: [Bucket]}, rules: [BW206], reason: test}`),
		except("chosen", `{match: {namespaceSelector: {matchLabels: {old: "yes"}}}, rules: [BW206], reason: test}`),
	)
	type m = map[string]string
	for _, tt := range []struct {
		rule, namespace string
		labels          m
		bucket          string
		now             time.Time
		want            string
	}{
		{"BW201", "team-a", nil, "site", noon, "whole part"},
		{"BW201", "team-a", nil, "", noon, "whole"},
		{"BW201", "x", nil, "site", noon, "part"},
		{"BW201", "", nil, "site", noon, "part"},
		{"BW402", "team-a", nil, "site", noon, ""},
		{"BW206", "x", nil, "", noon.Add(-time.Second), "brief"},
		{"BW206", "x", nil, "", noon.Add(-time.Nanosecond), "brief"},
		{"BW206", "x", nil, "", noon, ""},
		{"BW206", "x", m{"old": "yes"}, "", noon, "chosen"},
		{"BW206", "", m{"old": "yes"}, "", noon, ""},
	} {
		var got []string
		for _, e := range store.Set().For(object(t, tt.namespace, nil, tt.labels), defaults, tt.now).Excuses(rule(t, tt.rule), tt.bucket) {
			got = append(got, e.Exemption)
			if (e.Accepted != nil) != (e.Exemption == "part") {
				t.Errorf("%s accepts %v", e.Exemption, e.Accepted)
			}
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%s in %q on %q at %s: %q, want %q", tt.rule, tt.namespace, tt.bucket, tt.now, got, tt.want)
		}
	}
	if next := store.Set().NextExpiry(noon.Add(-time.Minute)); !next.Equal(noon) {
		t.Errorf("the next expiry is %s", next)
	}
	if next := store.Set().NextExpiry(noon); !next.IsZero() {
		t.Errorf("after the last expiry comes %s", next)
	}
}
