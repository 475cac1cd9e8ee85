//go:build e2e

package e2e

import (
	"context"
	"crypto/x509"
	"fmt"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	rbac "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// install makes all that is there before the first replica starts. A namespace stays, as nobody here removes one.
func (r *rotation) install() {
	r.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: rotated}}
	if err := r.Create(r.Context(), namespace); err != nil && !apierrors.IsAlreadyExists(err) {
		r.Fatal(err)
	}
	r.create(&corev1.Service{ObjectMeta: here(), Spec: corev1.ServiceSpec{
		Type: corev1.ServiceTypeExternalName, ExternalName: "127.0.0.1", // the name in the certificate is the Service's
	}})
	r.create(rights()...)
	r.configure()
}

// rights are all that a server needs to manage its certificates.
func rights() []client.Object {
	configurations := []string{"mutatingwebhookconfigurations", "validatingwebhookconfigurations"}
	keep := []string{"get", "list", "watch", "update"}
	names := []string{rotated}
	who := []rbac.Subject{{Kind: rbac.UserKind, APIGroup: rbac.GroupName, Name: rotated}}
	return []client.Object{
		&rbac.Role{ObjectMeta: here(), Rules: []rbac.PolicyRule{
			{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"create"}},
			{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: keep, ResourceNames: names},
		}},
		&rbac.RoleBinding{ObjectMeta: here(), Subjects: who,
			RoleRef: rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "Role", Name: rotated}},
		&rbac.ClusterRole{ObjectMeta: everywhere(), Rules: []rbac.PolicyRule{
			{APIGroups: []string{admissionregistration.GroupName}, Resources: configurations, Verbs: keep, ResourceNames: names},
		}},
		&rbac.ClusterRoleBinding{ObjectMeta: everywhere(), Subjects: who,
			RoleRef: rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "ClusterRole", Name: rotated}},
	}
}

func here() metav1.ObjectMeta       { return metav1.ObjectMeta{Namespace: rotated, Name: rotated} }
func everywhere() metav1.ObjectMeta { return metav1.ObjectMeta{Name: rotated} }

// configure makes both webhook configurations, without caBundles. Both fail closed, for this namespace alone.
func (r *rotation) configure() {
	r.Helper()
	call := admissionregistration.WebhookClientConfig{Service: &admissionregistration.ServiceReference{
		Namespace: rotated, Name: rotated, Port: new(int32(r.port)),
	}}
	rules := []admissionregistration.RuleWithOperations{{
		Operations: []admissionregistration.OperationType{admissionregistration.Create},
		Rule:       admissionregistration.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"configmaps"}},
	}}
	fail, none, ten := admissionregistration.Fail, admissionregistration.SideEffectClassNone, int32(10)
	only := &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: rotated}}
	r.create(
		&admissionregistration.MutatingWebhookConfiguration{ObjectMeta: everywhere(), Webhooks: []admissionregistration.MutatingWebhook{{
			Name: "mutating.rotated.test", ClientConfig: call, Rules: rules, FailurePolicy: &fail, SideEffects: &none,
			TimeoutSeconds: &ten, NamespaceSelector: only, AdmissionReviewVersions: []string{"v1"},
		}}},
		&admissionregistration.ValidatingWebhookConfiguration{ObjectMeta: everywhere(), Webhooks: []admissionregistration.ValidatingWebhook{{
			Name: "validating.rotated.test", ClientConfig: call, Rules: rules, FailurePolicy: &fail, SideEffects: &none,
			TimeoutSeconds: &ten, NamespaceSelector: only, AdmissionReviewVersions: []string{"v1"},
		}}},
	)
}

func (r *rotation) create(objects ...client.Object) {
	r.Helper()
	for _, o := range objects {
		if err := r.Create(r.Context(), o); err != nil {
			r.Fatalf("%T: %v", o, err)
		}
	}
}

// clean removes all but the namespace.
func (r *rotation) clean() {
	objects := append(rights(), r.empty()...)
	for _, o := range append(objects, &corev1.Secret{ObjectMeta: here()}, &corev1.Service{ObjectMeta: here()}) {
		// The context of the test has ended by now.
		if err := r.Delete(context.WithoutCancel(r.Context()), o); client.IgnoreNotFound(err) != nil {
			r.Errorf("%T: %v", o, err)
		}
	}
}

// empty returns both configurations, still to be read.
func (r *rotation) empty() []client.Object {
	return []client.Object{
		&admissionregistration.MutatingWebhookConfiguration{ObjectMeta: everywhere()},
		&admissionregistration.ValidatingWebhookConfiguration{ObjectMeta: everywhere()},
	}
}

// configurations returns both as they are.
func (r *rotation) configurations() []client.Object {
	r.Helper()
	out := r.empty()
	for _, c := range out {
		if err := r.Get(r.Context(), client.ObjectKeyFromObject(c), c); err != nil {
			r.Fatal(err)
		}
	}
	return out
}

// bundles returns the authorities in each caBundle. A text that is none has none.
func (r *rotation) bundles() map[string][]*x509.Certificate {
	r.Helper()
	out := map[string][]*x509.Certificate{}
	for _, o := range r.empty() {
		if err := r.Get(r.Context(), client.ObjectKeyFromObject(o), o); client.IgnoreNotFound(err) != nil {
			r.Fatal(err)
		}
		var text []byte
		switch c := o.(type) {
		case *admissionregistration.MutatingWebhookConfiguration:
			for i := range c.Webhooks {
				text = c.Webhooks[i].ClientConfig.CABundle
			}
		case *admissionregistration.ValidatingWebhookConfiguration:
			for i := range c.Webhooks {
				text = c.Webhooks[i].ClientConfig.CABundle
			}
		}
		out[fmt.Sprintf("%T", o)], _ = cert.ParseCertsPEM(text)
	}
	return out
}

func (r *rotation) secret() *corev1.Secret {
	r.Helper()
	out := &corev1.Secret{}
	if err := r.Get(r.Context(), client.ObjectKey{Namespace: rotated, Name: rotated}, out); client.IgnoreNotFound(err) != nil {
		r.Fatal(err)
	}
	return out
}

// authority returns what signs now, nil while nothing does.
func (r *rotation) authority() *x509.Certificate {
	r.Helper()
	found, err := cert.ParseCertsPEM(r.secret().Data[corev1.TLSCertKey])
	if err != nil {
		return nil
	}
	return found[0]
}
