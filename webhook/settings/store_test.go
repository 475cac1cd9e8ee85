package settings

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// TestErrors: what is wrong is named by its place, all of it at once.
func TestErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{set("a", `{rules: [{id: BW999, action: Deny}]}`), `spec.rules[0].id: Invalid value: "BW999": no rule has this id; 'bucketwarden rules' lists all`},
		{set("a", `{rules: [{id: BW201, action: deny}]}`), `spec.rules[0].action: Invalid value: "deny": must be Deny, Patch, Warn, Audit or Off;`},
		{set("a", `{rules: [{id: BW201, action: Off}]}`), `YAML reads a bare Off as false, so write "Off" in quotes`},
		{set("a", `{level: strict}`), `spec.level: Invalid value: "strict": must be privileged, baseline or restricted; until then restricted applies`},
		{set("a", `{match: {kinds: [Buckets]}}`),
			`spec.match.kinds[0]: Invalid value: "Buckets": not a kind that Bucketwarden knows; write for example BucketPolicy or BucketPolicy.s3.aws.upbound.io`},
		{set("a", `{match: {namespaceSelector: {matchExpressions: [{key: a, operator: Is}]}}}`),
			`spec.match.namespaceSelector: Invalid value: "": "Is" is not a valid label selector operator`},
		{set("a", `{trust: {accounts: ["12345678901"]}}`), `spec.trust: Invalid value: "": accounts: "12345678901" is not 12 digits`},
		{set("a", `{owner: {default: "1", providerConfigs: [{name: a, account: x}]}, assumedOwnership: Mine}`),
			`[spec.owner.default: Invalid value: "1": not 12 digits, spec.owner.providerConfigs[0].account: Invalid value: "x": not 12 digits, ` +
				`spec.assumedOwnership: Invalid value: "Mine": must be BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter]`},
		{set("a", `{forbid: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*"}, {Effect: allow}]}`),
			`spec.forbid[1].Effect: Invalid value: effect "allow" must be Allow or Deny`},
		{set("a", `{cap: [{Effect: Allow, Principal: "*", Action: "s3:GetObjekt", Resource: "*"}]}`),
			`spec.cap[0].Action: Invalid value: BW107 Statement[0]: "s3:GetObjekt" is not an S3 action; did you mean s3:GetObject?`},
		{set("a", `{cap: [{Effect: Allow, Principal: {AWS: "12345678901"}, Action: "s3:GetObject", Resource: "*"}]}`),
			`spec.cap[0].Principal.AWS: Invalid value: BW103`},
		{set("a", `{keys: ["arn:aws:kms:eu-west-1:111122223333:key/k", alias/k]}`),
			`spec.keys[1]: Invalid value: "alias/k": not the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/*`},
		{set("a", `{controllers: ["arn:aws:iam::111122223333:role/crossplane", "arn:aws:iam::111122223333:role/*"]}`),
			`spec.controllers[1]: Invalid value: "arn:aws:iam::111122223333:role/*": not the ARN of a role or user, such as arn:aws:iam::111122223333:role/crossplane`},
		{set("a", `{forbid: [{Effect: Allow, Principal: "*"}]}`), `spec.forbid[0]: Invalid value: BW102 Statement[0]: Action is missing`},
		{except("a", `{match: {names: [a]}, rules: [BW101], reason: r}`), `spec.rules[0]: Invalid value: "BW101": cannot be exempted: S3 itself would refuse this policy, or it cannot be read`},
		{except("a", `{match: {names: [a]}, rules: [BW701], reason: r, grants: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*"}]}`),
			`spec.rules[0]: Invalid value: "BW701": BW701 does not judge what is granted; exempt it in a separate Exemption without grants`},
		{except("a", `{match: {}, rules: [], reason: " "}`),
			`[spec.match: Required value: select objects with namespaces, namespaceSelector, names or buckets, spec.rules: Required value: list the rules that this Exemption is about, spec.reason: Required value: say why]`},
	}
	for _, tt := range tests {
		err := put(t, NewStore(rules.All), tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s\n%v\nwant %s", tt.text, err, tt.want)
		}
	}
}

// TestInert: an action that lowers nothing is said to.
func TestInert(t *testing.T) {
	for text, want := range map[string]int{
		`{level: baseline, rules: [{id: BW401, action: "Off"}]}`:                                 0,
		`{rules: [{id: BW401, action: "Off"}]}`:                                                  1,
		`{rules: [{id: BW401, action: Deny}]}`:                                                   0,
		`{match: {providerConfigs: [a]}, level: baseline, rules: [{id: BW401, action: Audit}]}`:  1,
		`{match: {objectSelector: {}}, level: baseline, rules: [{id: BW401, action: "Off"}]}`:    1,
		`{match: {namespaceSelector: {}}, level: baseline, rules: [{id: BW401, action: "Off"}]}`: 0,
	} {
		var r v1alpha1.Ruleset
		if err := yaml.UnmarshalStrict([]byte(set("a", text)), &r); err != nil {
			t.Fatal(err)
		}
		notes, err := NewStore(rules.All).CheckRuleset(&r)
		if err != nil || len(notes) != want {
			t.Errorf("%s: %q, %v; want %d notes", text, notes, err, want)
		}
	}
}

// TestLastGood: what is broken leaves what was good before it in force, and after a restart opens nothing.
func TestLastGood(t *testing.T) {
	action := func(s *Store) string {
		a, _ := s.Set().For(object(t, "a", nil, nil), defaults, noon).Action(policy.Finding{Rule: rule(t, "BW401")})
		return a.String()
	}
	const good, broken = `{level: restricted}`, `{level: privileged, rules: [{id: BW999, action: "Off"}]}`
	s := load(t, set("a", good))
	got := []string{action(s)}
	if err := put(t, s, set("a", broken)); err == nil {
		t.Error("the broken one is taken for good")
	}
	got = append(got, action(s))
	s.DeleteRuleset("a")
	got = append(got, action(s))
	if err := put(t, s, set("a", broken)); err == nil {
		t.Error("the broken one is taken for good")
	}
	got = append(got, action(s))
	if diff := cmp.Diff([]string{"Deny", "Deny", "Warn", "Warn"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}

	excused := func() bool {
		return len(s.Set().For(object(t, "a", nil, nil), defaults, noon).Excuses(rule(t, "BW401"), "")) > 0
	}
	const wrong = `{match: {names: [logs]}, rules: [BW401, BW999], reason: r}`
	if err := put(t, s, except("e", wrong)); err == nil || excused() {
		t.Errorf("%v: a broken exemption accepts something", err)
	}
	if err := put(t, s, except("e", `{match: {names: [logs]}, rules: [BW401], reason: r}`)); err != nil || !excused() {
		t.Errorf("%v: a good exemption accepts nothing", err)
	}
	if err := put(t, s, except("e", wrong)); err == nil || !excused() {
		t.Errorf("%v: the last good exemption does not stay", err)
	}
	s.DeleteExemption("e")
	if excused() {
		t.Error("an exemption that is gone accepts something")
	}
}

func TestOnChange(t *testing.T) {
	s, changes := NewStore(rules.All), 0
	s.OnChange(func() { changes++ })
	if err := put(t, s, set("a", `{level: restricted}`)); err != nil {
		t.Fatal(err)
	}
	before := s.Set()
	_ = put(t, s, set("a", `{level: nonsense}`)) // changes nothing
	s.DeleteRuleset("b")
	s.DeleteRuleset("a")
	if changes != 2 || len(before.rulesets) != 1 || len(s.Set().rulesets) != 0 {
		t.Errorf("%d changes; a Set is not to change", changes)
	}
}

// TestWith: one Ruleset is replaced or added, all else stays, and neither the Store nor the Set that it starts from changes.
func TestWith(t *testing.T) {
	s := load(t, set("a", `{level: privileged}`), set("c", `{level: privileged}`),
		except("e", `{match: {names: [logs]}, rules: [BW401], reason: r}`))
	now := s.Set()
	for _, tt := range []struct {
		from *Set
		name string
		want []string
	}{{now, "a", []string{"a", "c"}}, {now, "b", []string{"a", "b", "c"}}, {nil, "b", []string{"b"}}} {
		var r v1alpha1.Ruleset
		if err := yaml.UnmarshalStrict([]byte(set(tt.name, `{level: restricted}`)), &r); err != nil {
			t.Fatal(err)
		}
		later := s.With(tt.from, &r)
		got := later.For(object(t, "a", nil, nil), defaults, noon)
		if diff := cmp.Diff(tt.want, got.Rulesets); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, diff)
		}
		if action, _ := got.Action(policy.Finding{Rule: rule(t, "BW401")}); action != policy.Deny {
			t.Errorf("%s: %v, as if it were not in force", tt.name, action)
		}
		if kept := len(later.Exemptions()) == 1; kept != (tt.from != nil) {
			t.Errorf("%s: exemptions %v", tt.name, later.Exemptions())
		}
	}
	if s.Set() != now || len(now.rulesets) != 2 {
		t.Error("a Set is not to change")
	}
}
