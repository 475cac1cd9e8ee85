package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/webhook"
)

// Service is a webhook's Service that leads to a port of this machine: one of type ExternalName "localhost", which the API
// server dials while it expects the certificate of a Service in a cluster.
type Service struct {
	Namespace, Name string
	Port            int
}

// Host is the name that the certificate must carry.
func (s Service) Host() string { return s.Name + "." + s.Namespace + ".svc" }

// Create creates the Service, and its namespace when it is missing.
func (s Service) Create(ctx context.Context, c client.Client) error {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.Namespace}}
	if err := c.Create(ctx, namespace); err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	return c.Create(ctx, &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.Namespace, Name: s.Name},
		Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: "localhost"},
	})
}

// Registration returns both webhook configurations under a name, with Services in place of URLs: probe for the webhooks
// of that name, gate for the others.
func Registration(name string, ca []byte, gate, probe Service) (*webhook.Registration, error) {
	r := webhook.NewRegistration("https://"+gate.Host(), ca)
	r.Mutating.Name, r.Validating.Name = name, name
	var errs []error
	through := func(webhook string, c *admissionregistration.WebhookClientConfig) {
		u, err := url.Parse(*c.URL)
		if err != nil {
			errs = append(errs, err)
			return
		}
		service := gate
		if IsProbe(webhook) {
			service = probe
		}
		port := int32(service.Port) //nolint:gosec // a port
		c.URL = nil
		c.Service = &admissionregistration.ServiceReference{
			Namespace: service.Namespace, Name: service.Name, Path: &u.Path, Port: &port,
		}
	}
	for i, w := range r.Mutating.Webhooks {
		through(w.Name, &r.Mutating.Webhooks[i].ClientConfig)
	}
	for i, w := range r.Validating.Webhooks {
		through(w.Name, &r.Validating.Webhooks[i].ClientConfig)
	}
	return r, errors.Join(errs...)
}

// IsProbe reports whether a webhook of a configuration is there for the probe alone.
func IsProbe(name string) bool { return strings.HasPrefix(name, "probe.") }

// Certificate makes tls.crt and tls.key for the Services in a directory, and returns the bundle that verifies them.
func Certificate(dir string, services ...Service) ([]byte, error) {
	var names []string
	for _, s := range services {
		names = append(names, s.Host())
	}
	certificate, key, err := cert.GenerateSelfSignedCertKey(names[0], nil, names[1:])
	if err != nil {
		return nil, fmt.Errorf("serving certificate: %w", err)
	}
	return certificate, errors.Join(
		os.WriteFile(filepath.Join(dir, "tls.crt"), certificate, 0o600), os.WriteFile(filepath.Join(dir, "tls.key"), key, 0o600),
	)
}
