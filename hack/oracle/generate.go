package main

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
)

// groupSize is how many requests each policy gets: one that it was written for, and others that differ from it a little.
const groupSize = 4

// generator makes pairs; the same seed and group always make the same.
type generator struct{ *rand.Rand }

// generate returns the group of pairs with one policy.
func generate(seed uint64, group int) []pair {
	g := generator{rand.New(rand.NewPCG(seed, uint64(group)))} //nolint:gosec // the same seed has to make the same pairs
	d := g.draft()
	policy := g.policy(d.pair(0, nil))
	pairs := make([]pair, groupSize)
	for i := range pairs {
		pairs[i] = d.pair(group*groupSize+i, policy)
		d = g.change(d)
	}
	return pairs
}

// chance is true with probability p.
func (g generator) chance(p float64) bool { return g.Float64() < p }

func pick[T any](g generator, from []T) T { return from[g.IntN(len(from))] }

// draft is a request in parts that change one by one.
type draft struct {
	caller         caller
	bucket, object string
	action         string
	isObject       bool
	extra          authz.Context // keys that have nothing to do with the caller
}

func (g generator) draft() draft {
	d := draft{caller: pick(g, callers), bucket: buckets[0], object: pick(g, objects), extra: authz.Context{}}
	d = g.newAction(d)
	for _, k := range conditionKeys {
		if !k.follows && g.chance(0.3) {
			d = g.newKey(d, k)
		}
	}
	return d
}

// change returns the draft with one thing about it changed; the draft itself stays.
func (g generator) change(d draft) draft {
	d.extra = maps.Clone(d.extra)
	switch g.IntN(6) {
	case 0:
		d.caller = pick(g, callers)
	case 1:
		d.object = pick(g, objects)
	case 2:
		d.bucket = pick(g, buckets)
	case 3:
		return g.newAction(d)
	default:
		k := pick(g, conditionKeys)
		if _, ok := d.extra[k.name]; ok && g.chance(0.5) {
			delete(d.extra, k.name)
		} else if !k.follows {
			return g.newKey(d, k)
		}
	}
	return d
}

// newAction gives the draft an action, and takes away the keys that requests for it do not carry.
func (g generator) newAction(d draft) draft {
	a := pick(g, actions)
	d.action, d.isObject = a.name, a.object
	maps.DeleteFunc(d.extra, func(key string, _ []string) bool { return !carries(a.name, key) })
	return d
}

func (g generator) newKey(d draft, k key) draft {
	if !carries(d.action, k.name) {
		return d
	}
	values := []string{pick(g, k.values)}
	if k.many {
		values = slices.Clone(k.values)
		g.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		values = values[:g.IntN(len(values)+1)]
	}
	d.extra[k.name] = values
	return d
}

func carries(action, key string) bool {
	a, ok := catalog.LookupAction(action)
	return ok && a.Supports(key)
}

func (d draft) pair(id int, policy map[string]any) pair {
	r := authz.Request{
		Principal: d.caller.principal,
		Action:    d.action,
		Resource:  "arn:aws:s3:::" + d.bucket,
		Account:   "111122223333",
		Context:   authz.Context{},
	}
	if d.isObject {
		r.Resource += "/" + d.object
	}
	maps.Copy(r.Context, d.extra)
	maps.Copy(r.Context, d.caller.carries)
	return pair{id, policy, r, d.caller.follows}
}
