package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// pair is one policy document and one request.
type pair struct {
	id      int
	policy  map[string]any // JSON, with json.Number for numbers
	request authz.Request
	follows authz.Context // the keys that follow from the request's principal
}

// document is the policy's JSON.
func (p pair) document() string { return encode(p.policy) }

// context is everything that the request carries, what follows from its principal included.
func (p pair) context() authz.Context {
	all := maps.Clone(p.follows)
	if all == nil {
		all = authz.Context{}
	}
	maps.Copy(all, p.request.Context)
	return all
}

// String is the pair as a line that `bucketwarden simulate -` takes.
func (p pair) String() string {
	return encode(map[string]any{
		"id": p.id, "policy": p.policy, "principal": p.request.Principal, "action": p.request.Action,
		"resource": p.request.Resource, "account": p.request.Account, "context": p.request.Context,
	})
}

// encode writes JSON on one line, `<` and `&` as they are.
func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("a generated pair is no JSON: %v", err))
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// sorted yields a map's keys in order, so that the same seed makes the same pairs.
func sorted[K ~string, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
