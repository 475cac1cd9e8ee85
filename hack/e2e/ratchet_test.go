//go:build e2e

package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/webhook"
)

// The verdict on every way from one state of a policy to another. A row is the state that is stored; for create and adopt
// it is the one that comes. The columns are first what leaves the policy alone, then the state that an update brings; to
// its own state it brings another region. A dash stands for what no provider does.
const (
	ackVerdicts = `
            create  adopt   note    provider  status  delete  good    acl     better  bad     worse   other   unreadable
good        Admit   Admit   Admit   Admit     Admit   Admit   Admit   Patch   Deny    Deny    Deny    Deny    Deny
acl         Patch   Warn    Warn    Warn      Admit   Admit   Admit   Patch   Deny    Deny    Deny    Deny    Deny
better      Deny    Warn    Warn    Warn      Admit   Admit   Warn    Patch   Warn    Deny    Deny    Deny    Deny
bad         Deny    Warn    Warn    Warn      Admit   Admit   Admit   Patch   Warn    Warn    Deny    Deny    Deny
worse       Deny    Warn    Warn    Warn      Admit   Admit   Admit   Patch   Warn    Warn    Warn    Deny    Deny
other       Deny    Warn    Warn    Warn      Admit   Admit   Warn    Patch   Deny    Deny    Deny    Warn    Deny
unreadable  Deny    Warn    Warn    Warn      Admit   Admit   Admit   Patch   Deny    Deny    Deny    Deny    Warn
`
	crossplaneVerdicts = `
            create  adopt   note    provider  status  delete  good    acl     better  bad     worse   other   unreadable
good        Admit   -       Admit   Admit     Admit   Admit   Admit   Patch   Deny    Deny    Deny    Deny    Deny
acl         Patch   -       Warn    Warn      Admit   Admit   Admit   Patch   Deny    Deny    Deny    Deny    Deny
better      Deny    -       Warn    Warn      Admit   Warn    Warn    Patch   Warn    Deny    Deny    Deny    Deny
bad         Deny    -       Warn    Warn      Admit   Admit   Admit   Patch   Warn    Warn    Deny    Deny    Deny
worse       Deny    -       Warn    Warn      Admit   Admit   Admit   Patch   Warn    Warn    Warn    Deny    Deny
other       Deny    -       Warn    Warn      Admit   Warn    Warn    Patch   Deny    Deny    Deny    Warn    Deny
unreadable  Deny    -       Warn    Warn      Admit   Admit   Admit   Patch   Deny    Deny    Deny    Deny    Warn
`
)

func TestRatchet(t *testing.T) {
	baseline(t)
	for _, p := range providers() {
		t.Run(p.name, func(t *testing.T) {
			head, _, _ := strings.Cut(p.verdicts[1:], "\n")
			got := "\n" + head + "\n"
			for _, s := range states() {
				r := ratchet{newPerson(t), p, s}
				cells := []string{r.create(), r.adopt(), r.writes(notes()), r.writes(p.writes), r.status(), r.remove()}
				for _, next := range states() {
					cells = append(cells, r.update(next))
				}
				got += row(head, s.name, cells)
			}
			if diff := udiff.Unified("want", "got", p.verdicts, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// row puts each cell below its word of the head.
func row(head, name string, cells []string) string {
	out := name
	for i, at := range regexp.MustCompile(`\S+`).FindAllStringIndex(head, -1) {
		out = fmt.Sprintf("%-*s%s", at[0], out, cells[i])
	}
	return out + "\n"
}

// ratchet is one row. All that it tries is a dry-run.
type ratchet struct {
	*person
	provider
	state
}

// stored is the object that is in the state.
func (r ratchet) stored() *unstructured.Unstructured {
	return r.again(r.object(r.named(r.state.name)))
}

func (r ratchet) create() string {
	sent := r.put(r.object(r.named("new")), r.state)
	return r.verdict(sent, r.state, func(o *unstructured.Unstructured) error {
		return r.Create(r.t.Context(), o, client.DryRunAll)
	})
}

// adopt fills an object with the policy that is live, as ACK once it has noted that it adopts.
func (r ratchet) adopt() string {
	if !r.adopts {
		return "-"
	}
	r.person = newUser(r.t, rest.ImpersonationConfig{UserName: webhook.DefaultAdopters()[0], Groups: []string{"system:masters"}})
	return r.change(r.again(adopted(r.named("adopted"))), r.state, func(o *unstructured.Unstructured) {
		set(o, r.object(o.GetName()).Object["spec"], "spec")
		r.put(o, r.state)
	})
}

// writes returns the verdict on each of them, which is to be the same.
func (r ratchet) writes(all []func(*unstructured.Unstructured)) string {
	var verdicts []string
	for _, write := range all {
		verdicts = append(verdicts, r.change(r.stored(), r.state, write))
	}
	return strings.Join(slices.Compact(verdicts), "/")
}

func (r ratchet) status() string {
	sent := set(r.stored(), []any{m{"type": "Synced", "status": "True"}}, "status.conditions")
	return r.verdict(sent, r.state, func(o *unstructured.Unstructured) error {
		return r.Status().Update(r.t.Context(), o, client.DryRunAll)
	})
}

func (r ratchet) remove() string {
	return r.verdict(r.stored(), r.state, func(o *unstructured.Unstructured) error {
		return r.Delete(r.t.Context(), o, client.DryRunAll)
	})
}

func (r ratchet) update(next state) string {
	return r.change(r.stored(), next, func(o *unstructured.Unstructured) {
		if next.name == r.state.name {
			r.move(o)
		} else {
			r.put(o, next)
		}
	})
}

// change sends a changed object the way its provider does.
func (r ratchet) change(before *unstructured.Unstructured, s state, change func(*unstructured.Unstructured)) string {
	sent := before.DeepCopy()
	change(sent)
	return r.verdict(sent, s, func(o *unstructured.Unstructured) error {
		if r.merges {
			return r.Patch(r.t.Context(), o, client.MergeFrom(before), client.DryRunAll)
		}
		return r.Update(r.t.Context(), o, client.DryRunAll)
	})
}

// verdict tells what comes of a request that leaves an object in a state.
func (r ratchet) verdict(sent *unstructured.Unstructured, s state, request func(*unstructured.Unstructured) error) string {
	r.warnings()
	now := sent.DeepCopy()
	err := request(now)
	heard := slices.DeleteFunc(r.warnings(), func(w string) bool {
		return strings.HasPrefix(w, "metadata.finalizers: ") // the API server's own, about Crossplane's
	})
	if err != nil {
		expect(r.t, err, s.rule)
		return "Deny"
	}
	if !cmp.Equal(r.policy(sent), r.policy(now)) {
		s.statements = s.patched
		if diff := cmp.Diff(r.policy(r.put(sent, s)), r.policy(now)); diff != "" {
			r.t.Errorf("%s is patched (-want +got):\n%s", s.name, diff)
		}
		return "Patch"
	}
	if len(heard) > 0 {
		return "Warn"
	}
	return "Admit"
}
