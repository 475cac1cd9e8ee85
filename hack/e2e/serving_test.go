//go:build e2e

package e2e

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook"
)

func TestReady(t *testing.T) {
	baseline(t)
	for _, path := range []string{"/readyz", "/healthz"} {
		resp, err := http.Get("http://" + suite.gate.health + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK || string(body) != "ok" {
			t.Errorf("%s: %s %s %v", path, resp.Status, body, err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

// With a certificate from files the gate leaves the registration to others: here to the test.
func TestCertificateFiles(t *testing.T) {
	if err := stopGate(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certificate, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", []net.IP{net.IPv4(127, 0, 0, 1)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"tls.crt": certificate, "tls.key": key} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := options(t, settings{policy.Baseline, webhook.Forbidden})
	reached := make(chan struct{})
	o.Certificate.Dir, o.Reached = dir, func() { close(reached) }
	g := serve(o)
	p := newPerson(t)
	registration := webhook.NewRegistration("https://127.0.0.1:"+strconv.Itoa(o.Port), certificate)
	defer func() {
		if err := errors.Join(registration.Remove(context.WithoutCancel(t.Context()), p), g.stop()); err != nil {
			t.Error(err)
		}
	}()
	if err := registration.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	select {
	case <-reached:
	case <-g.ended:
		t.Fatalf("the gate ended: %v", g.err)
	}
	expect(t, p.Create(t.Context(), bucketPolicy("files", allows("files", open)), client.DryRunAll), "BW702")
}

// The gate leaves nothing behind that would hold up every write.
func TestShutdown(t *testing.T) {
	baseline(t)
	p := newPerson(t)
	for _, list := range []client.ObjectList{
		&admissionregistration.MutatingWebhookConfigurationList{}, &admissionregistration.ValidatingWebhookConfigurationList{},
	} {
		if got := count(p, list); got != 1 {
			t.Fatalf("%d of %T while the gate runs", got, list)
		}
	}
	if err := stopGate(); err != nil {
		t.Fatal(err)
	}
	for _, list := range []client.ObjectList{
		&admissionregistration.MutatingWebhookConfigurationList{}, &admissionregistration.ValidatingWebhookConfigurationList{},
	} {
		if got := count(p, list); got != 0 {
			t.Errorf("%d of %T are left", got, list)
		}
	}
	eventually(t, "nobody judges", func() bool {
		err := p.Create(t.Context(), bucketPolicy("shutdown", allows("shutdown", open)), client.DryRunAll)
		if err != nil && !apierrors.IsInternalError(err) { // the API server may still call
			t.Fatal(err)
		}
		return err == nil
	})
}

func count(p *person, list client.ObjectList) int {
	p.t.Helper()
	if err := p.List(p.t.Context(), list); err != nil {
		p.t.Fatal(err)
	}
	switch list := list.(type) {
	case *admissionregistration.MutatingWebhookConfigurationList:
		return len(list.Items)
	case *admissionregistration.ValidatingWebhookConfigurationList:
		return len(list.Items)
	}
	return -1
}
