package webhook

import (
	"context"
	"errors"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Unregister deletes both webhook configurations of a name; one that is gone already is no error. From then on nothing
// is judged, and nothing waits for a server.
func Unregister(ctx context.Context, c client.Client, name string) error {
	meta := metav1.ObjectMeta{Name: name}
	return errors.Join(
		client.IgnoreNotFound(c.Delete(ctx, &admissionregistration.ValidatingWebhookConfiguration{ObjectMeta: meta})),
		client.IgnoreNotFound(c.Delete(ctx, &admissionregistration.MutatingWebhookConfiguration{ObjectMeta: meta})),
	)
}
