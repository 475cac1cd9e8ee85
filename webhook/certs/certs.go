// Package certs manages the server's own certificate: an authority in a Secret that all replicas share, a certificate of
// each replica in its memory, and the caBundle of every webhook by which the API server verifies them.
package certs

import (
	"context"
	"time"

	servertls "github.com/cert-manager/cert-manager/pkg/server/tls"
	"github.com/cert-manager/cert-manager/pkg/server/tls/authority"
	"github.com/go-logr/logr"
	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	ctrlsource "sigs.k8s.io/controller-runtime/pkg/source"
)

// CacheOptions makes a manager's cache read the objects of Add and no others of their kinds, as the server's roles allow.
func CacheOptions(o Options, into *cache.Options) {
	if into.ByObject == nil {
		into.ByObject = map[client.Object]cache.ByObject{}
	}
	into.ByObject[&corev1.Secret{}] = cache.ByObject{
		Namespaces: map[string]cache.Config{o.Namespace: {FieldSelector: named(o.Secret)}},
		Transform:  withoutKey,
	}
	for _, c := range configurations(o.Configuration) {
		into.ByObject[c.Object] = cache.ByObject{Field: named(o.Configuration)}
	}
}

func named(name string) fields.Selector { return fields.OneTermEqualSelector("metadata.name", name) }

// withoutKey leaves the authority's key to the one who signs.
func withoutKey(o any) (any, error) {
	if secret, ok := o.(*corev1.Secret); ok {
		delete(secret.Data, corev1.TLSPrivateKeyKey)
	}
	return o, nil
}

// Add adds all that is needed to a manager whose cache was made with CacheOptions. Every replica runs it: none waits for
// a leader.
func Add(m manager.Manager, o Options) (*Source, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	var names []string
	for _, service := range o.Services {
		names = append(names, service+"."+o.Namespace+".svc")
	}
	issued := &servertls.DynamicSource{DNSNames: names, Authority: &authority.DynamicAuthority{
		SecretNamespace: o.Namespace, SecretName: o.Secret, CommonName: o.Secret,
		CADuration: o.CADuration, LeafDuration: o.LeafDuration, RESTConfig: m.GetConfig(),
	}}
	s := &Source{issuer: issued, settle: o.settle(), now: time.Now}
	i := &injector{
		client: m.GetClient(), secret: client.ObjectKey{Namespace: o.Namespace, Name: o.Secret}, name: o.Configuration,
		lifetime: o.lifetime(), again: o.settle(), source: s,
	}
	if err := i.watch(m); err != nil {
		return nil, err
	}
	return s, m.Add(logging{issued, m.GetLogger().WithName("certs")})
}

func (i *injector) watch(m manager.Manager) error {
	// A process may run one server after another.
	everywhere, sameName := false, true
	c, err := controller.New("certs", m, controller.Options{
		Reconciler: i, NeedLeaderElection: &everywhere, SkipNameValidation: &sameName,
	})
	if err != nil {
		return err
	}
	one := handler.EnqueueRequestsFromMapFunc(func(context.Context, client.Object) []reconcile.Request {
		return make([]reconcile.Request, 1)
	})
	for _, o := range []client.Object{
		&corev1.Secret{},
		&admissionregistration.MutatingWebhookConfiguration{},
		&admissionregistration.ValidatingWebhookConfiguration{},
	} {
		if err := c.Watch(ctrlsource.Kind(m.GetCache(), o, one)); err != nil {
			return err
		}
	}
	return nil
}

// logging gives an issuer the server's log: without one it takes the process's.
type logging struct {
	*servertls.DynamicSource
	log logr.Logger
}

// Start runs the issuer until ctx ends.
func (l logging) Start(ctx context.Context) error {
	return l.DynamicSource.Start(logr.NewContext(ctx, l.log))
}
