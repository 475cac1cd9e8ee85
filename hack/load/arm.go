package main

import (
	"context"
	"errors"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// arm is one of those that are compared: a namespace whose objects one webhook sees, or none.
type arm struct {
	Name       string  `json:"name"`
	Binary     int64   `json:"binaryBytes,omitempty"`
	Ready      float64 `json:"readyMilliseconds,omitempty"` // from the start of the process, on an empty cluster
	Idle       int64   `json:"idleBytes,omitempty"`         // resident memory
	Loaded     int64   `json:"loadedBytes,omitempty"`       // resident memory at the most
	Operations []*op   `json:"operations"`

	program string           // "" for none
	server  *cluster.Replica // nil for none
}

// namespace of the webhooks themselves.
const namespace = "bucketwarden"

// open makes the arm's namespace and starts its webhook, if binary is one.
func (a *arm) open(ctx context.Context, c *cluster.Cluster, admin client.Client, binary, certDir string) error {
	if err := admin.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: a.namespace()}}); err != nil || binary == "" {
		return err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	a.Binary = info.Size()
	service := cluster.Service{Namespace: namespace, Name: a.Name}
	ca, err := cluster.Certificate(certDir, service)
	if err != nil {
		return err
	}
	if err := service.Create(ctx, admin); err != nil {
		return err
	}
	began := time.Now()
	if a.server, err = c.Launch(binary, nil, "--cert-mode", "files", "--cert-dir", certDir); err != nil {
		return err
	}
	service.Port = a.server.Port
	if err := a.register(ctx, admin, ca, service); err != nil {
		return err
	}
	err = a.server.WaitReady(ctx, func(ctx context.Context) bool { return cluster.IsReady(ctx, a.server.Readyz) })
	a.Ready = cluster.Milliseconds(time.Since(began))
	return err
}

// register has the arm's webhook called for its namespace alone.
func (a *arm) register(ctx context.Context, admin client.Client, ca []byte, service cluster.Service) error {
	r, err := cluster.Registration(a.Name, ca, service, service)
	if err != nil {
		return err
	}
	own := &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: a.namespace()}}
	for i, w := range r.Mutating.Webhooks {
		if !cluster.IsProbe(w.Name) {
			r.Mutating.Webhooks[i].NamespaceSelector = own
		}
	}
	for i, w := range r.Validating.Webhooks {
		if !cluster.IsProbe(w.Name) {
			r.Validating.Webhooks[i].NamespaceSelector = own
		}
	}
	return errors.Join(admin.Create(ctx, r.Mutating), admin.Create(ctx, r.Validating))
}

// namespace of the arm's objects.
func (a *arm) namespace() string { return "load-" + a.Name }

func (a *arm) close() error {
	if a.server == nil {
		return nil
	}
	return a.server.Stop()
}
