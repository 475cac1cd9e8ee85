package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// reviewer judges as the gate does by default, in this process and without its haste.
var reviewer = review.Reviewer{Rules: rules.All, Level: policy.Baseline}

// readBack judges every object that is stored, by its text and by the rules. Each that must not be there counts as
// wrongly admitted.
func readBack(ctx context.Context, c client.Client, t *tally) error {
	known := &inventory.Index{}
	listed := map[schema.GroupVersionKind][]unstructured.Unstructured{}
	for _, gvk := range []schema.GroupVersionKind{kinds[0].GroupVersionKind, kinds[1].GroupVersionKind, aclKind, ownership("").GroupVersionKind()} {
		list := &unstructured.UnstructuredList{}
		list.SetGroupVersionKind(gvk)
		if err := c.List(ctx, list); err != nil {
			return err
		}
		listed[gvk] = list.Items
		for _, obj := range list.Items {
			known.Set(obj.Object)
		}
	}
	wrong := func(obj unstructured.Unstructured, why string) {
		t.Admitted++
		t.note(fmt.Sprintf("stored %s %s: %s", obj.GetKind(), obj.GetName(), why))
	}
	for _, obj := range listed[aclKind] {
		wrong(obj, "its bucket has ACLs off")
	}
	for _, k := range kinds {
		for _, obj := range listed[k.GroupVersionKind] {
			t.Stored++
			if v, ok, err := reviewer.Object(ctx, obj.Object, known); err != nil || !ok || v.Verdict() == review.Deny {
				wrong(obj, fmt.Sprint(v.Verdict(), err))
			} else if text, _, _ := unstructured.NestedString(obj.Object, k.policy...); !harmless(text) {
				wrong(obj, "nobody has sent "+text)
			}
		}
	}
	return nil
}

// harmless reports whether a document is one of those that may be stored.
func harmless(text string) bool {
	return slices.ContainsFunc(variants, func(v variant) bool {
		if v.rule != "" {
			return false
		}
		before, after, _ := strings.Cut(v.sent, "BUCKET")
		patchedBefore, patchedAfter, _ := strings.Cut(v.stored, "BUCKET")
		return strings.HasPrefix(text, before) && strings.HasSuffix(text, after) ||
			strings.HasPrefix(text, patchedBefore) && strings.HasSuffix(text, patchedAfter)
	})
}
