//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// A tally is what one client saw that wrote all the time, one request after the other.
type tally struct {
	requests int
	closed   []error // answers that the reviewing webhook could not be called: the write failed closed
	open     []error // objects that stayed unpatched, as the patching webhook fails open
	wrong    []error // answers that nobody should get, and objects stored that should not be
}

func (t tally) String() string {
	text := fmt.Sprintf("%d requests, %d failed", t.requests, len(t.closed)+len(t.wrong))
	if len(t.open) > 0 {
		text += fmt.Sprintf(", %d unpatched", len(t.open))
	}
	return text
}

// clean returns nil if every request was answered rightly, and the first errors otherwise.
func (t tally) clean() error {
	if t.requests == 0 {
		return errors.New("no request was sent")
	}
	errs := slices.Concat(t.wrong, t.open, t.closed)
	return errors.Join(errs[:min(len(errs), 3)]...)
}

// under does something while a client writes, which begins before and ends a while after it.
func (n *node) under(ctx context.Context, do func(context.Context) error) (tally, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop, done := make(chan struct{}), make(chan tally)
	go func() {
		var t tally
		for {
			select {
			case <-stop:
				done <- t
				return
			default:
				n.round(ctx, &t)
			}
		}
	}()
	time.Sleep(3 * time.Second)
	err := do(ctx)
	if err == nil {
		time.Sleep(3 * time.Second)
	}
	close(stop)
	return <-done, err
}

const bucket = "example-uploads"

// round writes what has to be refused, admitted and patched.
func (n *node) round(ctx context.Context, t *tally) {
	arn := "arn:aws:s3:::" + bucket + "/*"
	public := map[string]any{"Sid": "Public", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": arn}
	acl := map[string]any{
		"Sid": "Upload", "Effect": "Allow", "Principal": map[string]any{"AWS": "arn:aws:iam::111122223333:role/uploader"},
		"Action": []string{"s3:PutObject", "s3:PutObjectAcl"}, "Resource": arn,
	}
	err := n.create(ctx, t, object(public))
	switch {
	case apierrors.IsForbidden(err) && strings.Contains(err.Error(), "BW201"):
	case err == nil:
		t.wrong = append(t.wrong, errors.New("a public policy was stored"))
		n.remove(ctx, t, object(public))
	default:
		t.failed(err)
	}
	patched := object(acl)
	if err := n.create(ctx, t, patched); err != nil {
		t.failed(err)
		return
	}
	if text, _, _ := unstructured.NestedString(patched.Object, "spec", "policy"); strings.Contains(text, "s3:PutObjectAcl") {
		t.open = append(t.open, errors.New("a policy was not patched"))
	}
	n.remove(ctx, t, patched)
}

func object(more ...any) *unstructured.Unstructured {
	return cluster.ACKBucket("default", bucket, cluster.Document(bucket, 1, more...))
}

func (n *node) create(ctx context.Context, t *tally, o client.Object) error {
	t.requests++
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return n.admin.Create(ctx, o)
}

func (n *node) remove(ctx context.Context, t *tally, o client.Object) {
	t.requests++
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := n.admin.Delete(ctx, o); err != nil {
		t.failed(err)
	}
}

func (t *tally) failed(err error) {
	if apierrors.IsInternalError(err) && strings.Contains(err.Error(), "failed calling webhook") {
		t.closed = append(t.closed, err)
		return
	}
	t.wrong = append(t.wrong, err)
}
