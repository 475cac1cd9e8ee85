package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// cluster is what is known about a cluster.
type cluster interface {
	review.Inventory
	Keys() []inventory.Key
	Get(inventory.Key) map[string]any
}

// configure judges the configuration itself: what cannot be read is refused with its place, and whatever objects would
// be refused from then on are warned of. Nothing is refused for those: they stay, and updates that leave them as they are
// pass.
func (h handlers) configure(ctx context.Context, req admission.Request) admission.Response {
	switch req.Kind.Kind {
	case "Ruleset":
		return h.configureRuleset(ctx, req)
	case "Exemption":
		return h.configureExemption(req)
	case "Namespace":
		return h.configureNamespace(ctx, req)
	}
	return admission.Allowed("")
}

func (h handlers) configureRuleset(ctx context.Context, req admission.Request) admission.Response {
	var r v1alpha1.Ruleset
	if err := json.Unmarshal(req.Object.Raw, &r); err != nil {
		return unreadable(err)
	}
	if r.DeletionTimestamp != nil {
		return admission.Allowed("")
	}
	if r.Name == "" { // generateName makes one later
		r.Name = r.GenerateName + "x"
	}
	notes, err := h.store.CheckRuleset(&r)
	if err != nil {
		return invalid(err)
	}
	now := h.now()
	later := now
	later.Settings = h.store.With(now.Settings, &r)
	impact := h.impact(ctx, now, later, h.inventory, func(reading source.Reading, labels map[string]string) bool {
		return later.Settings.Matches(r.Name, settings.Subject{Reading: reading, NamespaceLabels: labels})
	})
	return admission.Allowed("").WithWarnings(append(prefixed(notes), impact...)...)
}

func (h handlers) configureExemption(req admission.Request) admission.Response {
	var e v1alpha1.Exemption
	if err := json.Unmarshal(req.Object.Raw, &e); err != nil {
		return unreadable(err)
	}
	if e.DeletionTimestamp != nil {
		return admission.Allowed("")
	}
	if err := h.store.CheckExemption(&e); err != nil {
		return invalid(err)
	}
	if at := e.Spec.ExpiresAt; at != nil && !time.Now().Before(at.Time) {
		return admission.Allowed("").WithWarnings(fmt.Sprintf("bucketwarden: spec.expiresAt %s has passed, so this Exemption accepts nothing",
			at.UTC().Format(time.RFC3339)))
	}
	return admission.Allowed("")
}

func (h handlers) configureNamespace(ctx context.Context, req admission.Request) admission.Response {
	var ns metav1.PartialObjectMetadata
	if err := json.Unmarshal(req.Object.Raw, &ns); err != nil {
		return unreadable(err)
	}
	if ns.DeletionTimestamp != nil {
		return admission.Allowed("")
	}
	var errs []error
	for _, label := range []string{settings.EnforceLabel, settings.WarnLabel, settings.AuditLabel} {
		if text, ok := ns.Labels[label]; ok {
			if _, err := policy.ParseLevel(text); err != nil {
				errs = append(errs, fmt.Errorf("metadata.labels[%s]: %w", label, err))
			}
		}
	}
	if len(errs) > 0 {
		return invalid(errors.Join(errs...))
	}
	now := h.now()
	return admission.Allowed("").WithWarnings(h.impact(ctx, now, now, relabelled{h.inventory, ns.Name, ns.Labels},
		func(reading source.Reading, _ map[string]string) bool { return reading.Namespace == ns.Name })...)
}

// unreadable answers what is no object of its kind.
func unreadable(err error) admission.Response {
	return admission.Errored(http.StatusBadRequest, errors.New(plain.Line(err.Error())))
}

// invalid refuses a configuration that cannot be read.
func invalid(err error) admission.Response {
	resp := admission.Denied(strings.Join(plain.Lines(err), "\n"))
	resp.Result.Code, resp.Result.Reason = http.StatusUnprocessableEntity, metav1.StatusReasonInvalid
	return resp
}

func prefixed(notes []string) []string {
	var out []string
	for _, n := range notes {
		out = append(out, "bucketwarden: "+n)
	}
	return out
}
