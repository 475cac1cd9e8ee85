package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// look asks the API server which kinds of reports it serves and which reports of ours there are. It reports whether there may
// be some to write that could not be written before.
func (r *reports) look(ctx context.Context) (came bool) {
	r.mu.Lock()
	r.recent = map[client.ObjectKey]digest{}
	r.mu.Unlock()
	there, served := map[client.ObjectKey]digest{}, map[string]bool{}
	var failures []error
	for _, namespaced := range []bool{true, false} {
		kind := r.group.kind(namespaced).Kind
		err := r.list(ctx, namespaced, there)
		if err != nil && !absent(err) {
			failures = append(failures, fmt.Errorf("listing %ss: %w", kind, err))
		}
		served[kind] = err == nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	recent := r.recent
	r.recent = nil
	if len(failures) > 0 {
		if ctx.Err() == nil {
			r.fail(errors.Join(failures...))
		}
		return false
	}
	for kind, is := range served {
		if was, asked := r.served[kind]; !is && (was || !asked) {
			r.log.Info("no reports are written: the API server does not serve them", "kind", kind, "group", r.group)
		}
		came = came || is && !r.served[kind]
	}
	came = came || r.lost
	maps.Copy(there, recent) // may have been listed before they were written
	r.written, r.served, r.lost = there, served, false
	return came
}

// list adds the reports of one kind. Only their metadata is read.
func (r *reports) list(ctx context.Context, namespaced bool, into map[client.ObjectKey]digest) error {
	kind := r.group.kind(namespaced)
	kind.Kind += "List"
	list := &metav1.PartialObjectMetadataList{}
	for {
		next := list.Continue
		list = &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(kind)
		err := r.client.List(ctx, list, client.MatchingLabels{managedBy: name}, client.Limit(page), client.Continue(next))
		if err != nil {
			return err
		}
		for i := range list.Items {
			into[client.ObjectKeyFromObject(&list.Items[i])] = parseDigest(list.Items[i].Annotations[hashAnnotation])
		}
		if list.Continue == "" {
			return nil
		}
	}
}

// absent reports whether an error says that the API server does not serve a kind.
func absent(err error) bool { return meta.IsNoMatchError(err) || apierrors.IsNotFound(err) }

// settled reports whether all reports can be written, as far as is known.
func (r *reports) settled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, namespaced := range []bool{true, false} {
		if !r.served[r.group.kind(namespaced).Kind] {
			return false
		}
	}
	return !r.lost
}
