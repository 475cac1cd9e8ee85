//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
)

// standing is what an object's status says, on one line.
func (p *person) standing(obj *unstructured.Unstructured) string {
	now := p.again(obj)
	status, _, _ := unstructured.NestedMap(now.Object, "status")
	out := []string{fmt.Sprintf("objects %v", status["objects"])}
	if failing, ok := status["failing"]; ok {
		out = append(out, fmt.Sprintf("failing %v", failing))
	}
	conditions, _, _ := unstructured.NestedSlice(now.Object, "status", "conditions")
	for _, c := range conditions {
		c := c.(map[string]any)
		out = append(out, fmt.Sprintf("%s %s %s", c["type"], c["status"], c["reason"]))
	}
	if _, ok := status["lastUsed"]; ok {
		out = append(out, "used")
	}
	return strings.Join(out, ", ")
}

// What has become of the configuration stands in its status: how much it decides, what is in use, and what has expired.
func TestStatusOfConfiguration(t *testing.T) {
	o := options(t, settings{policy.Baseline, webhook.Forbidden})
	o.Audit = webhook.Audit{Enabled: true, Interval: audit.DefaultInterval, Reports: audit.OpenReports}
	startWith(t, o)
	t.Cleanup(func() {
		if err := stopGate(); err != nil {
			t.Error(err)
		}
	})
	p := newPerson(t)
	ns := namespaceOf(t, "status-of-configuration", nil)
	for i := range 3 {
		p.create(wildcard(ns.Name, fmt.Sprintf("status-%d", i)))
	}
	const here = `match: {namespaces: [status-of-configuration]`
	floor := ruleset(t, "status-floor", `{match: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: status-of-configuration}}}, level: restricted}`)
	used := exemption(t, "status-used", `{`+here+`, names: [status-1]}, rules: [BW204, BW701], reason: moves in spring}`)
	unused := exemption(t, "status-unused", `{`+here+`}, rules: [BW201], reason: just in case}`)
	brief := exemption(t, "status-brief", `{`+here+`, names: [status-2]}, rules: [BW701], reason: for a moment, expiresAt: "`+
		time.Now().Add(3*time.Second).UTC().Format(time.RFC3339)+`"}`)
	for _, obj := range []*unstructured.Unstructured{floor, used, unused, brief} {
		p.create(obj)
	}
	for obj, want := range map[*unstructured.Unstructured]string{
		floor:  "objects 3, failing 2, Ready True InForce",
		used:   "objects 1, Active True InUse, used",
		unused: "objects 0, Active True Unused",
		brief:  "objects 0, Active False Expired",
	} {
		var got string
		err := wait.PollUntilContextTimeout(t.Context(), 100*time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
			got = p.standing(obj)
			if obj == brief { // an audit may have come by in time
				got = strings.TrimSuffix(got, ", used")
			}
			return got == want, nil
		})
		if err != nil {
			t.Errorf("%s: %s, want %s", obj.GetName(), got, want)
		}
	}
}
