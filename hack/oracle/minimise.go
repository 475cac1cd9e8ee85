package main

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// minimise drops statements, elements, conditions, values and context keys, and puts simple ones in the place of others,
// while Decide and the peer still differ. What is left shows one reason for it.
func minimise(by peer, c comparison) (comparison, error) {
	for {
		next, err := firstDifference(by, simpler(c.pair))
		if err != nil || next == nil {
			return c, err
		}
		c = *next
	}
}

// firstDifference asks about a few pairs at a time: the way to a peer is long, but one of the first will often do.
func firstDifference(by peer, pairs []pair) (*comparison, error) {
	for some := range slices.Chunk(pairs, 4) {
		all, err := compare(by, some)
		if err != nil {
			return nil, err
		}
		for i := range all {
			if all[i].relation() == differs {
				return &all[i], nil
			}
		}
	}
	return nil, nil
}

// simpler returns the pair with one thing about it made simpler, in each way there is: the greatest steps first. What the
// document does not mention of the request goes; the rest stays, for without a value it would show another difference.
func simpler(p pair) []pair {
	var out []pair
	text := strings.ToLower(p.document())
	mentioned := func(key string, _ []string) bool { return strings.Contains(text, strings.ToLower(key)) }
	needed := maps.Clone(p.request.Context)
	maps.DeleteFunc(needed, func(key string, v []string) bool { return !mentioned(key, v) })
	if len(needed) < len(p.request.Context) {
		q := p
		q.request.Context = needed
		out = append(out, q)
	}
	for doc := range reductions(p.policy) {
		q := p
		q.policy = doc.(map[string]any)
		out = append(out, q)
	}
	if plain := "arn:aws:s3:::b/k"; strings.Contains(p.request.Resource, "/") && p.request.Resource != plain {
		q := p
		q.request.Resource = plain
		out = append(out, q)
	}
	if nobody := callers[0]; p.request.Principal != nobody.principal && !hasAny(p.follows, mentioned) && !hasAny(nobody.follows, mentioned) {
		q := p
		q.request.Principal, q.follows = nobody.principal, nobody.follows
		out = append(out, q)
	}
	return out
}

func hasAny(c authz.Context, f func(string, []string) bool) bool {
	for key, values := range c {
		if f(key, values) {
			return true
		}
	}
	return false
}

// simplest is what takes the place of an element, or of its Not form, without narrowing the statement.
var simplest = map[string]any{"Principal": "*", "Action": "*", "Resource": "*"}

// needed are the members without which a document is another kind of document, or none.
var needed = []string{"Version", "Statement", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"}

// reductions yields the JSON value with one member or element taken out, or one element of a statement made as simple as
// can be. A list of one becomes what is in it. The value itself stays.
func reductions(v any) iter.Seq[any] {
	return func(yield func(any) bool) {
		switch v := v.(type) {
		case map[string]any:
			reduceObject(v, yield)
		case []any:
			reduceList(v, yield)
		}
	}
}

func reduceObject(v map[string]any, yield func(any) bool) {
	_, isDocument := v["Statement"]
	if isDocument && v["Version"] != iam.Version2012 && !yield(withKey(v, "Version", iam.Version2012)) {
		return
	}
	for key, member := range sorted(v) {
		without := maps.Clone(v)
		delete(without, key)
		plain := strings.TrimPrefix(key, "Not")
		if s, ok := simplest[plain]; ok && (plain != key || member != s) && !yield(withKey(without, plain, s)) {
			return
		}
		if len(without) > 0 && !slices.Contains(needed, key) && !yield(without) {
			return
		}
		for smaller := range reductions(member) {
			if !yield(withKey(v, key, smaller)) {
				return
			}
		}
	}
}

func reduceList(v []any, yield func(any) bool) {
	if len(v) != 2 { // of two, to keep one is to drop one
		for _, element := range v {
			if !yield(element) {
				return
			}
		}
	}
	for i := range v {
		if len(v) > 1 && !yield(slices.Delete(slices.Clone(v), i, i+1)) {
			return
		}
		for smaller := range reductions(v[i]) {
			if !yield(slices.Concat(v[:i], []any{smaller}, v[i+1:])) {
				return
			}
		}
	}
}
