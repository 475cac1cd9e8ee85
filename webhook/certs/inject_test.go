package certs

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// world is an API server with an injector before it.
type world struct {
	*testing.T
	client.Client
	injector
	writes int
	refuse error // to every write
}

func newWorld(t *testing.T, objects ...client.Object) *world {
	w := &world{T: t}
	w.Client = fake.NewClientBuilder().WithObjects(objects...).WithInterceptorFuncs(interceptor.Funcs{
		Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
			w.writes++
			if w.refuse != nil {
				return w.refuse
			}
			return c.Update(ctx, o, opts...)
		},
	}).Build()
	s := newStory(t)
	s.clock = time.Minute
	w.injector = injector{
		client: w.Client, secret: client.ObjectKey{Namespace: "ns", Name: "ca"}, name: "gate",
		lifetime: time.Hour, again: settleTime, source: &s.Source,
	}
	return w
}

func (w *world) reconcile() reconcile.Result {
	w.Helper()
	got, err := w.Reconcile(w.Context(), reconcile.Request{})
	if err != nil {
		w.Fatal(err)
	}
	return got
}

// bundles returns the caBundles in force, by webhook.
func (w *world) bundles() map[string]string {
	w.Helper()
	out := map[string]string{}
	for _, c := range configurations("gate") {
		if err := w.Get(w.Context(), client.ObjectKeyFromObject(c), c.Object); client.IgnoreNotFound(err) != nil {
			w.Fatal(err)
		}
		for _, call := range c.callers() {
			out[call.webhook] = string(call.CABundle)
		}
	}
	return out
}

func secretOf(pem string) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "ca"},
		Data:       map[string][]byte{corev1.TLSCertKey: []byte(pem), corev1.TLSPrivateKeyKey: []byte("secret")},
	}
}

func mutating(bundle string) *admissionregistration.MutatingWebhookConfiguration {
	url := "https://localhost/"
	return &admissionregistration.MutatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: "gate"},
		Webhooks: []admissionregistration.MutatingWebhook{
			{Name: "url", ClientConfig: admissionregistration.WebhookClientConfig{URL: &url, CABundle: []byte(bundle)}},
			{Name: "service", ClientConfig: admissionregistration.WebhookClientConfig{
				Service: &admissionregistration.ServiceReference{Namespace: "ns", Name: "gate"},
			}},
		},
	}
}

func validating(bundle string) *admissionregistration.ValidatingWebhookConfiguration {
	return &admissionregistration.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: "gate"},
		Webhooks: []admissionregistration.ValidatingWebhook{
			{Name: "validating", ClientConfig: admissionregistration.WebhookClientConfig{CABundle: []byte(bundle)}},
		},
	}
}

func TestInject(t *testing.T) {
	before, after := newAuthority(t, "before", 0, oneHour), newAuthority(t, "after", time.Minute, oneHour)
	old, current, both := encode(t, before.Certificate), encode(t, after.Certificate), encode(t, after.Certificate, before.Certificate)
	tests := map[string]struct {
		objects []client.Object
		want    map[string]string
		writes  int
	}{
		"every webhook of both": {
			[]client.Object{secretOf(current), mutating(old), validating("nonsense")},
			map[string]string{"url": both, "service": current, "validating": current}, 2,
		},
		"only where it changes": {
			[]client.Object{secretOf(current), mutating(current), validating(both)},
			map[string]string{"url": current, "service": current, "validating": both}, 1,
		},
		"one configuration":   {[]client.Object{secretOf(current), validating("")}, map[string]string{"validating": current}, 1},
		"no configuration":    {[]client.Object{secretOf(current)}, map[string]string{}, 0},
		"no Secret":           {[]client.Object{validating(old)}, map[string]string{"validating": old}, 0},
		"an unreadable one":   {[]client.Object{secretOf("?"), validating(old)}, map[string]string{"validating": old}, 0},
		"not of an authority": {[]client.Object{secretOf(encode(t, after.leaf(t, 0, 1).Leaf)), validating(old)}, map[string]string{"validating": old}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tt.objects...)
			w.reconcile()
			if diff := cmp.Diff(tt.want, w.bundles()); diff != "" {
				t.Error(diff)
			}
			w.reconcile()
			if w.writes != tt.writes {
				t.Errorf("%d writes, want %d", w.writes, tt.writes)
			}
		})
	}
}

func TestInjectLooksAgainForWhatMayGo(t *testing.T) {
	before, after := newAuthority(t, "before", 0, 9*oneHour), newAuthority(t, "after", time.Minute, 9*oneHour)
	w := newWorld(t, secretOf(encode(t, after.Certificate)), validating(encode(t, after.Certificate, before.Certificate)))
	if got := w.reconcile(); got.RequeueAfter != settleTime || w.writes != 0 {
		t.Errorf("%v after %d writes", got, w.writes)
	}
	w.source.now = func() time.Time { return at(2 * oneHour) }
	w.reconcile()
	if diff := cmp.Diff(map[string]string{"validating": encode(t, after.Certificate)}, w.bundles()); diff != "" {
		t.Error(diff)
	}
}

func TestInjectYieldsToAnotherWriter(t *testing.T) {
	ca := newAuthority(t, "ca", 0, oneHour)
	resource := schema.GroupResource{Resource: "validatingwebhookconfigurations"}
	tests := map[string]struct {
		refuse error
		fails  bool
	}{
		"changed since":   {apierrors.NewConflict(resource, "gate", nil), false},
		"gone since":      {apierrors.NewNotFound(resource, "gate"), false},
		"not for us":      {apierrors.NewForbidden(resource, "gate", nil), true},
		"not for now":     {apierrors.NewServiceUnavailable("busy"), true},
		"nothing refused": {nil, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, secretOf(encode(t, ca.Certificate)), validating(""))
			w.refuse = tt.refuse
			_, err := w.Reconcile(t.Context(), reconcile.Request{})
			if (err != nil) != tt.fails {
				t.Error(err)
			}
		})
	}
}

func TestReadyNamesTheFirstThatIsMissing(t *testing.T) {
	ca, other := newAuthority(t, "ca", 0, oneHour), newAuthority(t, "other", 0, oneHour)
	known := encode(t, ca.Certificate)
	halfway := mutating(known)
	halfway.Webhooks[1].ClientConfig.CABundle = []byte(encode(t, other.Certificate))
	tests := map[string]struct {
		objects []client.Object
		want    string
	}{
		"none":         {nil, `the missing mutating webhook configuration "gate" does not verify the serving certificate`},
		"one":          {[]client.Object{validating(known)}, `the missing mutating webhook configuration "gate" does not verify the serving certificate`},
		"one webhook":  {[]client.Object{halfway, validating(known)}, `the caBundle of service in the mutating webhook configuration "gate" does not verify the serving certificate`},
		"wrong bundle": {[]client.Object{validating(""), emptyMutating()}, `the caBundle of validating in the validating webhook configuration "gate" does not verify the serving certificate`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tt.objects...)
			w.source.issuer = &fakeIssuer{ca.leaf(t, 0, oneHour)}
			w.reconcile()
			if err := w.source.Ready(nil); err == nil || err.Error() != tt.want {
				t.Errorf("%v\nwant %s", err, tt.want)
			}
		})
	}
}

func emptyMutating() *admissionregistration.MutatingWebhookConfiguration {
	return &admissionregistration.MutatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "gate"}}
}

func TestKeyStaysOutOfTheCache(t *testing.T) {
	got, err := withoutKey(secretOf("certificate"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string][]byte{corev1.TLSCertKey: []byte("certificate")}, got.(*corev1.Secret).Data); diff != "" {
		t.Error(diff)
	}
}
