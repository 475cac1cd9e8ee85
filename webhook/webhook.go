// Package webhook answers admission requests: one handler patches what can be proved safe to patch, one refuses what
// breaks least privilege. Both judge an object by the same review.
package webhook

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// handlers answers both webhooks.
type handlers struct {
	now       func() review.Reviewer // with the configuration of this moment: asked once a request, which then hands it down
	store     *settings.Store        // that a Ruleset or an Exemption is held against
	inventory cluster
	denial    Denial
	adopters  []string // users
	metrics   metrics
}

// mutate patches an object. It refuses nothing: that is left to validate, which sees the final object.
func (h handlers) mutate(ctx context.Context, req admission.Request) admission.Response {
	v, ok, err := h.review(ctx, h.now(), req)
	if err != nil || !ok || len(v.Patch) == 0 {
		return admission.Allowed("")
	}
	h.record(v, policy.Patch)
	resp := admission.Patched("", v.Patch...).WithWarnings(v.Warnings(policy.Patch)...)
	resp.AuditAnnotations = annotations(v, policy.Patch)
	return resp
}

// validate refuses an object, or lets it pass with warnings.
func (h handlers) validate(ctx context.Context, req admission.Request) admission.Response {
	if req.Operation == admissionv1.Delete {
		return h.deletion(ctx, req)
	}
	r := h.now()
	v, ok, err := h.review(ctx, r, req)
	if err != nil {
		return h.refuse(plain.Line(err.Error()), nil)
	}
	if !ok {
		return admission.Allowed("").WithWarnings(undeclared(req)...)
	}
	r.Rests(&v, h.inventory)
	// What should have been patched and is still there is harmless: the other webhook was down, or a later one undid it.
	for i := range v.Findings {
		if v.Findings[i].Action == policy.Patch {
			v.Findings[i].Action = policy.Warn
		}
	}
	h.record(v, policy.Deny, policy.Warn, policy.Audit)
	resp := admission.Allowed("")
	if v.Verdict() == review.Deny {
		resp = h.refuse(v.Denial(req.Kind.Kind, qualifiedName(req)), causes(v))
	}
	resp.AuditAnnotations = annotations(v, policy.Deny, policy.Warn, policy.Audit)
	resp = resp.WithWarnings(v.Warnings(policy.Warn)...)
	if text := v.Empties(); text != "" {
		resp = resp.WithWarnings(text)
	}
	return resp
}

// undeclared says of a kind for which the webhook was registered that nobody has told where its objects have a policy.
func undeclared(req admission.Request) []string {
	gk := schema.GroupKind{Group: req.Kind.Group, Kind: req.Kind.Kind}
	if _, known := source.Lookup(gk); known {
		return nil
	}
	return []string{plain.Line("bucketwarden: " + gk.Kind + " of " + gk.Group + " is not judged, because no Ruleset declares this kind")}
}

// review judges the object of a request, and what an update changes in it. ok is false where there is nothing to say.
func (h handlers) review(ctx context.Context, r review.Reviewer, req admission.Request) (v review.Review, ok bool, err error) {
	obj, err := decode(req.Object.Raw)
	if err != nil {
		return v, false, err
	}
	if req.Operation == admissionv1.Update {
		before, err := decode(req.OldObject.Raw)
		if err != nil {
			return v, false, err
		}
		r.Adopter = slices.Contains(h.adopters, req.UserInfo.Username)
		v, ok, err = r.Update(ctx, obj, before, h.inventory)
		if err != nil {
			return v, false, err
		}
	} else if v, ok, err = r.Object(ctx, obj, h.inventory); err != nil {
		return v, false, err
	}
	if !ok || v.Reading.Deleting {
		return v, false, nil
	}
	if !v.Sends() {
		v.Relax()
	}
	return v, true, nil
}

// decode reads an object as the API server sends it: strictly one JSON object, whole numbers as int64.
func decode(raw []byte) (map[string]any, error) {
	var obj map[string]any
	if err := json.Unmarshal(bytes.TrimSpace(raw), &obj); err != nil {
		return nil, fmt.Errorf("reading the object: %w", err)
	}
	return obj, nil
}

// deletion warns where removing an object removes protection. It refuses nothing.
func (h handlers) deletion(ctx context.Context, req admission.Request) admission.Response {
	resp := admission.Allowed("")
	obj, err := decode(req.OldObject.Raw)
	if err != nil {
		return resp
	}
	v, ok, err := h.now().Object(ctx, obj, h.inventory)
	if err != nil || !ok || v.Reading.Mode.ObserveOnly || v.Reading.Mode.Orphan {
		return resp
	}
	if text := v.Weakens(); text != "" {
		return resp.WithWarnings(text)
	}
	return resp
}

// record counts what was decided.
func (h handlers) record(v review.Review, actions ...policy.Action) {
	for _, f := range v.Findings {
		if !slices.Contains(actions, f.Action) {
			continue
		}
		h.metrics.decisions.WithLabelValues(f.Rule.ID, f.Action.String()).Inc()
		if f.Certainty == policy.Undecided {
			h.metrics.undecided.WithLabelValues(f.Rule.ID).Inc()
		}
	}
}

func qualifiedName(req admission.Request) string {
	if req.Namespace == "" || req.Name == "" { // generateName makes a name later
		return req.Name
	}
	return req.Namespace + "/" + req.Name
}
