package certs

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// injector keeps the authorities in every caBundle of both configurations. It never creates a configuration.
type injector struct {
	client   client.Client // reads from the manager's cache
	secret   client.ObjectKey
	name     string        // of both configurations
	lifetime time.Duration // how long an authority stays after the next newer one was made
	again    time.Duration // how soon to look for one that may go
	source   *Source
}

// Reconcile looks at everything, whichever object changed: there are three.
func (i *injector) Reconcile(ctx context.Context, _ reconcile.Request) (reconcile.Result, error) {
	current, err := i.current(ctx)
	if err != nil {
		return reconcile.Result{}, err
	}
	var found []configuration
	var trusts []trust
	for _, c := range configurations(i.name) {
		err := i.client.Get(ctx, client.ObjectKeyFromObject(c), c.Object)
		if client.IgnoreNotFound(err) != nil {
			return reconcile.Result{}, err
		}
		if err == nil {
			found = append(found, c)
		}
		trusts = append(trusts, c.trusts(err == nil)...)
	}
	i.source.observe(current, trusts)
	if current == nil {
		return reconcile.Result{}, nil
	}
	var failed []error
	for _, c := range found {
		failed = append(failed, i.inject(ctx, c, current))
	}
	return reconcile.Result{RequeueAfter: i.again}, errors.Join(failed...)
}

// current returns the authority that signs now, or nil: the Secret is about to be made or mended, and its watch tells.
func (i *injector) current(ctx context.Context) (*x509.Certificate, error) {
	var secret corev1.Secret
	if err := i.client.Get(ctx, i.secret, &secret); err != nil {
		return nil, client.IgnoreNotFound(err)
	}
	found := parse(secret.Data[corev1.TLSCertKey])
	if len(found) == 0 || !found[0].IsCA {
		return nil, nil
	}
	return found[0], nil
}

// inject writes a configuration only when it is to change, and only as it was read: with a conflict, another event is on
// its way.
func (i *injector) inject(ctx context.Context, c configuration, current *x509.Certificate) error {
	changed := false
	for _, call := range c.callers() {
		want, err := bundle(i.source.now(), current, call.CABundle, i.lifetime)
		if err != nil {
			return err
		}
		if !bytes.Equal(want, call.CABundle) {
			call.CABundle, changed = want, true
		}
	}
	if !changed {
		return nil
	}
	err := i.client.Update(ctx, c.Object)
	if apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
