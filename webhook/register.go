package webhook

import (
	"cmp"
	"context"
	"fmt"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// configurationName is what both webhook configurations are called.
const configurationName = "bucketwarden"

// The paths on which the server answers the API server.
const (
	mutatePath   = "/mutate"
	validatePath = "/validate"
	settingsPath = "/settings"
)

// Registration is both webhook configurations for a server that the API server reaches under a URL, as in development.
type Registration struct {
	Mutating   *admissionregistration.MutatingWebhookConfiguration
	Validating *admissionregistration.ValidatingWebhookConfiguration
}

// NewRegistration makes the configurations. url is https://host:port; ca is the PEM bundle that its certificate
// verifies against.
//
// The mutating webhook ignores its own failure, as nothing is let in by it; the validating one, which sees the final
// object, fails closed. Both are quick: they share the API server's deadline with every other webhook.
func NewRegistration(url string, ca []byte) *Registration {
	endpoint := func(path string) admissionregistration.WebhookClientConfig {
		full := url + path
		return admissionregistration.WebhookClientConfig{URL: &full, CABundle: ca}
	}
	ignore, fail := admissionregistration.Ignore, admissionregistration.Fail
	equivalent, none := admissionregistration.Equivalent, admissionregistration.SideEffectClassNone
	again := admissionregistration.IfNeededReinvocationPolicy
	twoSeconds, threeSeconds, fiveSeconds := int32(2), int32(3), int32(5)
	versions := []string{"v1"}
	create, update := admissionregistration.Create, admissionregistration.Update
	meta := metav1.ObjectMeta{Name: configurationName}
	return &Registration{
		Mutating: &admissionregistration.MutatingWebhookConfiguration{ObjectMeta: meta, Webhooks: []admissionregistration.MutatingWebhook{
			{
				Name: "patch.bucketwarden.dev", ClientConfig: endpoint(mutatePath), Rules: judged(create, update),
				FailurePolicy: &ignore, MatchPolicy: &equivalent, SideEffects: &none, TimeoutSeconds: &twoSeconds,
				AdmissionReviewVersions: versions, ReinvocationPolicy: &again, MatchConditions: notDeleting(),
			},
			{
				Name: "probe.bucketwarden.dev", ClientConfig: endpoint(probePath(mutatePath)), Rules: probeRules(),
				FailurePolicy: &ignore, MatchPolicy: &equivalent, SideEffects: &none, TimeoutSeconds: &twoSeconds,
				AdmissionReviewVersions: versions, MatchConditions: probeOnly(),
			},
		}},
		Validating: &admissionregistration.ValidatingWebhookConfiguration{ObjectMeta: meta, Webhooks: []admissionregistration.ValidatingWebhook{
			{
				Name: reviewName, ClientConfig: endpoint(validatePath),
				Rules:         judged(create, update, admissionregistration.Delete),
				FailurePolicy: &fail, MatchPolicy: &equivalent, SideEffects: &none, TimeoutSeconds: &threeSeconds,
				AdmissionReviewVersions: versions, MatchConditions: notDeleting(),
			},
			{
				Name: "settings.bucketwarden.dev", ClientConfig: endpoint(settingsPath), Rules: configuring(),
				FailurePolicy: &ignore, MatchPolicy: &equivalent, SideEffects: &none, TimeoutSeconds: &fiveSeconds,
				AdmissionReviewVersions: versions, MatchConditions: relabelling(),
			},
			{
				Name: "probe.bucketwarden.dev", ClientConfig: endpoint(probePath(validatePath)), Rules: probeRules(),
				FailurePolicy: &ignore, MatchPolicy: &equivalent, SideEffects: &none, TimeoutSeconds: &twoSeconds,
				AdmissionReviewVersions: versions, MatchConditions: probeOnly(),
			},
		}},
	}
}

// Apply creates both configurations or brings them up to date.
func (r *Registration) Apply(ctx context.Context, c client.Client) error {
	mutating := &admissionregistration.MutatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: configurationName}}
	if err := createOrReplace(ctx, c, mutating, func() { mutating.Webhooks = r.Mutating.Webhooks }); err != nil {
		return fmt.Errorf("mutating webhook configuration %s: %w", configurationName, err)
	}
	validating := &admissionregistration.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: configurationName}}
	if err := createOrReplace(ctx, c, validating, func() { validating.Webhooks = r.Validating.Webhooks }); err != nil {
		return fmt.Errorf("validating webhook configuration %s: %w", configurationName, err)
	}
	return nil
}

func createOrReplace(ctx context.Context, c client.Client, obj client.Object, fill func()) error {
	err := c.Get(ctx, client.ObjectKeyFromObject(obj), obj)
	fill()
	if apierrors.IsNotFound(err) {
		return c.Create(ctx, obj)
	}
	return cmp.Or(err, c.Update(ctx, obj))
}

// Remove deletes both configurations; one that is gone already is no error.
func (r *Registration) Remove(ctx context.Context, c client.Client) error {
	return Unregister(ctx, c, r.Validating.Name)
}
