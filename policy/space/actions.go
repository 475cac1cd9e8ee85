package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// known are the actions that the catalog has, as points of the action dimension.
var known = func() (k struct {
	actions              []catalog.Action
	folded               []string       // their names in lower case
	index                map[string]int // by name as AWS spells it, and in lower case
	all                  bits
	notObject, notBucket *set            // those of S3 that name no object, or no bucket
	ofAccount            *set            // those of S3 that name no resource
	without              map[string]*set // those that never carry a key of S3's, by the catalog's name of the key
},
) {
	k.index = map[string]int{}
	for _, a := range slices.SortedStableFunc(catalog.Actions(), common) {
		name := glob.Literal(a.Name()).Fold().Text()
		k.index[name], k.index[a.Name()] = len(k.actions), len(k.actions)
		k.actions = append(k.actions, a)
		k.folded = append(k.folded, name)
	}
	k.all = actionsOf(k.actions, func(catalog.Action) bool { return true }).points
	k.notObject = actionsOf(k.actions, func(a catalog.Action) bool {
		return a.Resources() != 0 && a.Resources()&catalog.Object == 0
	})
	k.notBucket = actionsOf(k.actions, func(a catalog.Action) bool {
		return a.Resources() != 0 && a.Resources()&catalog.Bucket == 0
	})
	k.ofAccount = actionsOf(k.actions, func(a catalog.Action) bool { return a.Resources() == 0 })
	k.without = map[string]*set{}
	for key := range catalog.Keys() {
		if strings.HasPrefix(key.Name, "s3:") {
			name := strings.Replace(key.Name, "${TagKey}", "x", 1)
			k.without[key.Name] = actionsOf(k.actions, func(a catalog.Action) bool { return !a.Supports(name) })
		}
	}
	return k
}()

// common orders actions for people: a witness is shown with the first that will do.
func common(a, b catalog.Action) int {
	rank := func(a catalog.Action) int {
		i := slices.Index([]string{"s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject"}, a.Name())
		switch {
		case i < 0 && a.InBucketPolicy():
			return 4
		case i < 0:
			return 5
		}
		return i
	}
	return rank(a) - rank(b)
}

// otherActions are names that the catalog does not know: those of other services. What s3:* may come to mean later is
// left out, as Access Analyzer leaves it out.
var otherActions = region{
	ins:  [][]glob.Language{{glob.Compile("?*:?*").FoldLanguage()}},
	outs: []glob.Language{glob.Compile("s3:*").FoldLanguage(), glob.Compile("s3express:*").FoldLanguage()},
}

func actionsOf(actions []catalog.Action, want func(catalog.Action) bool) *set {
	made := &set{points: newBits(len(actions))}
	for i, a := range actions {
		if want(a) {
			made.points.set(i)
		}
	}
	return made
}

// actionSet returns the actions that some pattern of a list matches. named are further points.
func actionSet(list []*iam.Value, named []string) *set {
	made := &set{}
	made.points, _ = actionPoints(list)
	made.points = append(made.points, newBits(len(named))...)
	for _, v := range list {
		if _, ok := known.index[v.Text]; ok {
			continue // a point, and none of the other names
		}
		p := glob.Compile(v.Text).Fold()
		made.langs = append(made.langs, p.FoldLanguage())
		for i, name := range named {
			if p.Match(strings.ToLower(name)) {
				made.points.set(pointOf(i))
			}
		}
	}
	return made
}

// pointOf returns the point of an action that documents name and the catalog does not have: after the catalog's, in
// words of their own.
func pointOf(i int) int { return len(known.all)*64 + i }

// maxNamed is the most such actions.
const maxNamed = 64

// addActions makes points of the actions of S3 that documents spell out and the catalog does not have: S3 gets new ones.
func (u *universe) addActions() {
	for _, d := range u.docs {
		for _, s := range d.statements {
			for _, v := range slices.Concat(s.Action, s.NotAction) {
				name := strings.ToLower(v.Text)
				if _, ok := known.index[name]; ok || strings.ContainsAny(name, "*?") ||
					!strings.HasPrefix(name, "s3:") && !strings.HasPrefix(name, "s3express:") ||
					slices.ContainsFunc(u.named, func(n string) bool { return strings.EqualFold(n, name) }) {
					continue
				}
				if u.huge = u.huge || len(u.named) == maxNamed; u.huge {
					return
				}
				u.named = append(u.named, v.Text)
			}
		}
	}
	left := append(slices.Clone(known.all), u.namedPoints()...)
	u.dims[dimAction].start = action{known: left, named: u.named, other: otherActions, open: true}
}

// namedPoints returns the points of the actions that the catalog does not have, behind its own.
func (u *universe) namedPoints() bits {
	out := newBits(len(u.named))
	for i := range u.named {
		out.set(i)
	}
	return out
}

// costOfActions is what a look at a list of actions takes, in steps: a pattern is held against each that the catalog has.
func costOfActions(list []*iam.Value) int {
	steps := len(list)
	for _, v := range list {
		switch i := strings.IndexAny(v.Text, "*?"); {
		case i >= 0 && v.Text[i:] == "*": // a prefix
			steps += len(known.folded) / glancesOfStep
		case i >= 0:
			steps += 2 * len(known.folded)
		}
	}
	return steps
}

// actionPoints returns those that the catalog has. others reports whether a pattern is for more than one of these.
func actionPoints(list []*iam.Value) (points bits, others bool) {
	points = newBits(len(known.actions))
	for _, v := range list {
		i, ok := known.index[v.Text]
		if !ok {
			i, ok = known.index[strings.ToLower(v.Text)]
		}
		if ok {
			points.set(i)
			continue
		}
		others = true
		if !strings.ContainsAny(v.Text, "*?") {
			continue
		}
		p := glob.Compile(v.Text).Fold()
		matches := p.Match
		if prefix := p.Prefix(); p == glob.Concat(glob.Literal(prefix), glob.Compile("*")) {
			matches = func(name string) bool { return strings.HasPrefix(name, prefix) }
		}
		for i, name := range known.folded {
			if matches(name) {
				points.set(i)
			}
		}
	}
	return points, others
}
