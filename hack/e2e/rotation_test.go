//go:build e2e

package e2e

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// TestRotationLosesNoRequest replaces authority and certificates again and again under two replicas while requests come,
// each with a handshake of its own. Both webhooks fail closed, so that not one handshake may fail.
func TestRotationLosesNoRequest(t *testing.T) {
	r := newRotation(t)
	stop := r.load()
	for _, spoil := range []struct {
		what string
		do   func(*corev1.Secret) error
	}{
		{"deleted", func(s *corev1.Secret) error { return r.Delete(t.Context(), s) }},
		{"key lost", func(s *corev1.Secret) error { s.Data["tls.key"] = []byte("?"); return r.Update(t.Context(), s) }},
		{"deleted again", func(s *corev1.Secret) error { return r.Delete(t.Context(), s) }},
		{"emptied", func(s *corev1.Secret) error { s.Data = nil; return r.Update(t.Context(), s) }},
	} {
		before := r.authority()
		secret := r.secret()
		if err := spoil.do(secret); err != nil {
			t.Fatal(err)
		}
		r.until(spoil.what+": every replica serves under a new authority", func() error {
			now := r.authority()
			if now == nil || now.Equal(before) {
				return errors.New("the Secret holds no new authority")
			}
			return r.servedUnder(now)
		})
	}
	served := r.served()
	r.until("every replica renews its certificate", func() error {
		for i, leaf := range r.served() {
			if leaf.Equal(served[i]) {
				return fmt.Errorf("replica %d serves the same", i)
			}
		}
		return nil
	})
	r.until("the authorities from before are gone", r.one)
	stop()

	// A new authority is one write to a configuration, and so is each that goes; with both replicas of one mind there is
	// no other. Those who lose the race write nothing.
	for _, c := range r.configurations() {
		if most := int64(1 + 1 + 2*4); c.GetGeneration() > most {
			t.Errorf("%T was written %d times, more than %d", c, c.GetGeneration(), most)
		}
	}
}

// TestRotationMendsCABundles takes caBundles and configurations away.
func TestRotationMendsCABundles(t *testing.T) {
	r := newRotation(t)
	for what, text := range map[string]string{"emptied": `null`, "overwritten": `"aGVsbG8="`} {
		patch := fmt.Sprintf(`[{"op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": %s}]`, text)
		for _, c := range r.configurations() {
			if err := r.Patch(t.Context(), c, client.RawPatch("application/json-patch+json", []byte(patch))); err != nil {
				t.Fatal(err)
			}
		}
		r.until(what+": mended", r.one)
		r.until(what+": reached", r.request)
	}
	for _, c := range r.configurations() {
		if err := r.Delete(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	r.until("without configurations nobody is ready", func() error {
		for i, replica := range r.replicas {
			if replica.Ready(nil) == nil {
				return fmt.Errorf("replica %d is ready", i)
			}
		}
		return nil
	})
	r.configure()
	r.until("ready again", r.ready)
	r.until("reached again", r.request)
}

// load sends one request after the other until stop is called, which fails the test for each that was lost.
func (r *rotation) load() (stop func()) {
	ctx, cancel := context.WithCancel(r.Context())
	done := make(chan struct{})
	r.Cleanup(func() { <-done }) // ctx has ended by then
	var sent, lost int
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			sent++
			if err := r.request(); err != nil {
				lost++
				r.Errorf("request %d: %v", sent, err)
			}
			if lost == 5 {
				return
			}
		}
	}()
	return func() {
		r.Helper()
		cancel()
		<-done
		var handshakes []int64
		for i, replica := range r.replicas {
			handshakes = append(handshakes, replica.handshakes.Load())
			if replica.handshakes.Load() < 10 {
				r.Errorf("replica %d was hardly asked: %d handshakes", i, replica.handshakes.Load())
			}
		}
		r.Logf("%d requests, %d lost; handshakes by replica: %v", sent, lost, handshakes)
	}
}

// request is a write that both webhooks see.
func (r *rotation) request() error {
	return r.Create(context.WithoutCancel(r.Context()), &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: rotated, GenerateName: "request-"},
	}, client.DryRunAll)
}

// until polls what has to come true, and looks at the bound of every caBundle meanwhile.
func (r *rotation) until(what string, check func() error) {
	r.Helper()
	var last error
	err := wait.PollUntilContextTimeout(r.Context(), 50*time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
		for where, found := range r.bundles() {
			if len(found) > 8 {
				return false, fmt.Errorf("%s holds %d certificates", where, len(found))
			}
		}
		last = check()
		return last == nil, nil
	})
	if err != nil {
		r.Fatalf("%s: %v: %v", what, err, last)
	}
}

func (r *rotation) ready() error {
	for i, replica := range r.replicas {
		if err := replica.Ready(nil); err != nil {
			return fmt.Errorf("replica %d: %w", i, err)
		}
	}
	return nil
}

// one reports whether every caBundle holds the authority that signs and no other.
func (r *rotation) one() error {
	current := r.authority()
	for where, found := range r.bundles() {
		if len(found) != 1 || !found[0].Equal(current) {
			return fmt.Errorf("%s holds %d certificates", where, len(found))
		}
	}
	return nil
}

// served returns what each replica would show in a handshake now.
func (r *rotation) served() []*x509.Certificate {
	r.Helper()
	var out []*x509.Certificate
	for _, replica := range r.replicas {
		c, err := replica.GetCertificate(nil)
		if err != nil {
			r.Fatal(err)
		}
		out = append(out, c.Leaf)
	}
	return out
}

func (r *rotation) servedUnder(ca *x509.Certificate) error {
	for i, leaf := range r.served() {
		if err := leaf.CheckSignatureFrom(ca); err != nil {
			return fmt.Errorf("replica %d: %w", i, err)
		}
	}
	return nil
}
