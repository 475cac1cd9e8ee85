//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook"
)

// accessTable has the verdict on every edit: Deny where the rule of the column refuses it, Warn where it lets the finding
// stand, another rule's id where that one refuses it, server where the API server does, and a dash where the edit has no
// meaning for the provider.
const accessTable = "testdata/access.txt"

// change is an edit of one kind of access in one provider's objects: what is stored, and what is sent.
type change struct {
	stored []*unstructured.Unstructured
	sent   *unstructured.Unstructured
	user   string // who sends it, "" for an admin
}

// accessRow is an edit, or what else may open a bucket.
type accessRow struct {
	name   string
	change func(provider string, a asks, name string) *change // nil where it has no meaning
}

// policyObject is the object of a provider that holds a policy, and the policy's field.
func policyObject(provider, name string, p policyOf) *unstructured.Unstructured {
	switch provider {
	case "ack":
		return kind("s3.services.k8s.aws", "v1alpha1", "Bucket", "default", name, m{"name": name, "policy": p.text(name)})
	case "upbound":
		return bucketPolicy(name, p.text(name))
	}
	return kind("s3.aws.crossplane.io", "v1alpha3", "BucketPolicy", "", name, m{
		"forProvider": m{"region": "eu-central-1", "bucketName": name, "policy": p.structured(name)},
	})
}

// accessRows are the edits, then what is opened without the policy, then who writes and where.
func accessRows() []accessRow {
	var out []accessRow
	for _, e := range edits() {
		out = append(out, accessRow{e.name, func(provider string, a asks, name string) *change {
			return &change{stored: []*unstructured.Unstructured{policyObject(provider, name, e.old(a))}, sent: policyObject(provider, name, e.new(a))}
		}})
	}
	in := one(func(a asks) m { return a.allow("in/*") })
	more := one(func(a asks) m { return a.allow("in/*") }, func(a asks) m { return a.allow("out/*") })
	moved := func(to func(asks) policyOf) func(string, asks, string) *change {
		return func(provider string, a asks, name string) *change {
			old := policyObject(provider, name, in(a))
			sent := old.DeepCopy()
			switch provider {
			case "upbound":
				set(unset(sent, "spec.forProvider.policy"), to(a).text(name), "spec.initProvider.policy")
			case "classic":
				set(unset(old, "spec.forProvider.policy"), in(a).text(name), "spec.forProvider.rawPolicy")
				set(sent, to(a).structured(name), "spec.forProvider.policy")
			default:
				return nil
			}
			return &change{stored: []*unstructured.Unstructured{old}, sent: sent}
		}
	}
	return append(out,
		accessRow{"a public access block opened", blockOpened(in)},
		accessRow{"moved to initProvider, or structured", moved(in)},
		accessRow{"moved, and more", moved(more)},
		accessRow{"out of the shadow of another field", func(provider string, a asks, name string) *change {
			harmless := policyWith(m{"Effect": "Allow", "Principal": m{"AWS": "arn:aws:iam::111122223333:role/reader"}, "Action": "s3:GetObject",
				"Resource": "arn:aws:s3:::BUCKET/own/*"})
			old := policyObject(provider, name, harmless)
			switch provider {
			case "upbound":
				set(old, in(a).text(name), "spec.initProvider.policy")
				return &change{stored: []*unstructured.Unstructured{old}, sent: unset(old.DeepCopy(), "spec.forProvider.policy")}
			case "classic": // the structured one comes second
				set(set(old, harmless.text(name), "spec.forProvider.rawPolicy"), in(a).structured(name), "spec.forProvider.policy")
				return &change{stored: []*unstructured.Unstructured{old}, sent: unset(old.DeepCopy(), "spec.forProvider.rawPolicy")}
			}
			return nil
		}},
		accessRow{"another bucket", func(provider string, a asks, name string) *change {
			old := policyObject(provider, name, policyWith(with(a.allow("*"), "Resource", "arn:aws:s3:::"+name+"*/*")))
			field := map[string]string{"ack": "spec.name", "upbound": "spec.forProvider.bucket", "classic": "spec.forProvider.bucketName"}[provider]
			return &change{stored: []*unstructured.Unstructured{old}, sent: set(old.DeepCopy(), name+"-too", field)}
		}},
		accessRow{"another bucket by reference", func(provider string, a asks, name string) *change {
			field := map[string]string{"upbound": "bucket", "classic": "bucketName"}[provider]
			if field == "" {
				return nil
			}
			old := policyObject(provider, name, policyWith(with(a.allow("*"), "Resource", "arn:aws:s3:::"+name+"*/*")))
			sent := unset(old.DeepCopy(), "spec.forProvider."+field)
			return &change{stored: []*unstructured.Unstructured{old}, sent: set(sent, m{"name": name + "-too"}, "spec.forProvider."+field+"Ref")}
		}},
		accessRow{"adopted by ACK", adoption(in, webhook.DefaultAdopters()[0])},
		accessRow{"adopted by a person", adoption(in, "jane")},
	)
}

// blockOpened opens the public access block under a policy: in the same object, or beside it where it is one of its own.
func blockOpened(policy func(asks) policyOf) func(string, asks, string) *change {
	return func(provider string, a asks, name string) *change {
		closed := func(acls string) m {
			return m{"blockPublic" + acls: true, "ignorePublic" + acls: true, "blockPublicPolicy": true, "restrictPublicBuckets": true}
		}
		opened := func(acls string) m { return with(closed(acls), "restrictPublicBuckets", false) }
		old := policyObject(provider, name, policy(a))
		if provider == "upbound" {
			block := kind("s3.aws.upbound.io", "v1beta1", "BucketPublicAccessBlock", "", name, m{
				"forProvider": with(with(closed("Acls"), "bucket", name), "region", "eu-central-1"),
			})
			return &change{stored: []*unstructured.Unstructured{old, block}, sent: set(block.DeepCopy(), false, "spec.forProvider.restrictPublicBuckets")}
		}
		field, acls := "spec.publicAccessBlock", "ACLs"
		if provider == "classic" {
			old = kind("s3.aws.crossplane.io", "v1beta1", "Bucket", "", name, m{"forProvider": m{
				"locationConstraint": "eu-central-1", "policy": policy(a).structured(name),
			}})
			field, acls = "spec.forProvider.publicAccessBlockConfiguration", "Acls"
		}
		set(old, closed(acls), field)
		return &change{stored: []*unstructured.Unstructured{old}, sent: set(old.DeepCopy(), opened(acls), field)}
	}
}

// adoption is the second write of ACK's, by a user.
func adoption(policy func(asks) policyOf, user string) func(string, asks, string) *change {
	return func(provider string, a asks, name string) *change {
		if provider != "ack" {
			return nil
		}
		sent := set(adopted(name), policyObject(provider, name, policy(a)).Object["spec"], "spec")
		return &change{stored: []*unstructured.Unstructured{adopted(name)}, sent: sent, user: user}
	}
}

// TestRatchetByAccess sends every edit of every kind of access, in the objects of every provider and at both levels.
func TestRatchetByAccess(t *testing.T) {
	providers := []string{"ack", "upbound", "classic"}
	if err := stopGate(); err != nil { // what is stored was there before it
		t.Fatal(err)
	}
	p := newPerson(t)
	stored := configureAccess(t, p)
	changes := map[string]*change{} // by row, provider and rule
	for i, r := range accessRows() {
		for _, provider := range providers {
			for _, a := range kindsOfAccess() {
				name := fmt.Sprintf("access-%s-%s-%02d", provider, strings.ToLower(a.rule), i)
				if strings.Contains(r.name, "Exemption") {
					name += "-exempt"
				}
				c := r.change(provider, a, name)
				if changes[fmt.Sprint(r.name, provider, a.rule)] = c; c == nil {
					continue
				}
				for _, obj := range c.stored {
					if err := p.Create(t.Context(), obj); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					stored = append(stored, obj)
				}
			}
		}
	}
	t.Cleanup(func() {
		if err := stopGate(); err != nil {
			t.Error(err)
		}
		for _, obj := range stored {
			p.remove(obj)
		}
	})
	var got strings.Builder
	for _, level := range []policy.Level{policy.Baseline, policy.Restricted} {
		start(t, settings{level, webhook.Forbidden})
		got.WriteString(accessHead(level, providers))
		for _, r := range accessRows() {
			fmt.Fprintf(&got, "%-37s", r.name)
			for _, provider := range providers {
				for _, a := range kindsOfAccess() {
					fmt.Fprintf(&got, " %-6s", changes[fmt.Sprint(r.name, provider, a.rule)].verdict(t, a.rule))
				}
				got.WriteString(" ")
			}
			got.WriteString("\n")
		}
	}
	table := regexp.MustCompile(` +\n`).ReplaceAllString(got.String(), "\n")
	t.Log("\n" + table)
	want, err := os.ReadFile(accessTable)
	if err != nil {
		t.Fatal(err)
	}
	if diff := udiff.Unified("want", "got", string(want), table); diff != "" {
		t.Error(diff)
	}
}

// configureAccess says what the rules go by, and what an Exemption accepts of each: what the policies allow on in/*.
func configureAccess(t *testing.T, p *person) []*unstructured.Unstructured {
	t.Helper()
	out := []*unstructured.Unstructured{ruleset(t, "access", accessSettings)}
	for _, a := range kindsOfAccess() {
		accepted := encode(with(a.allow("in/*"), "Resource", "arn:aws:s3:::access-*/in/*"))
		out = append(out, exemption(t, "access-"+strings.ToLower(a.rule), fmt.Sprintf(
			`{match: {buckets: ["access-*-%s-*-exempt"]}, rules: [%s], reason: "it is meant", grants: [%s]}`,
			strings.ToLower(a.rule), a.rule, accepted)))
	}
	for _, obj := range out {
		if err := p.Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
	mayWriteBuckets(t, "access", webhook.DefaultAdopters()[0], "jane")
	return out
}

// accessHead is the head of a table: providers over rules.
func accessHead(level policy.Level, providers []string) string {
	head, rules := fmt.Sprintf("%-37s", level), fmt.Sprintf("%-37s", "")
	for _, provider := range providers {
		head += fmt.Sprintf(" %-42s", provider)
		for _, a := range kindsOfAccess() {
			rules += fmt.Sprintf(" %-6s", a.rule)
		}
		rules += " "
	}
	return head + "\n" + rules + "\n"
}

var refusedBy = regexp.MustCompile(`BW[0-9]{3}`)

// verdict sends the edit, as a dry-run.
func (c *change) verdict(t *testing.T, rule string) string {
	t.Helper()
	if c == nil {
		return "-"
	}
	p := newUser(t, rest.ImpersonationConfig{UserName: c.user})
	if c.user == "" {
		p = newPerson(t)
	}
	sent := c.sent.DeepCopy()
	sent.SetResourceVersion(newPerson(t).again(sent).GetResourceVersion())
	err := p.Update(t.Context(), sent, client.DryRunAll)
	if err == nil {
		if len(about(rule, p.warnings())) > 0 {
			return "Warn"
		}
		return "Admit"
	}
	text := strings.TrimPrefix(status(t, err).Message, denied)
	switch rules := refusedBy.FindAllString(text, -1); {
	case !strings.Contains(err.Error(), denied):
		return "server"
	case slices.Contains(rules, rule):
		return "Deny"
	default:
		return rules[0]
	}
}
