package space

import (
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// known are the actions that the catalog has, as points of the action dimension.
var known = func() (k struct {
	actions              []catalog.Action
	folded               []string // their names in lower case
	index                map[string]int
	all                  bits
	notObject, notBucket *set // those of S3 that name no object, or no bucket
},
) {
	k.index = map[string]int{}
	for a := range catalog.Actions() {
		name := glob.Literal(a.Name()).Fold().Text()
		k.index[name] = len(k.actions)
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
	return k
}()

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

// actionSet returns the actions that some pattern of a list matches.
func actionSet(list []*iam.Value) *set {
	made := &set{points: newBits(len(known.actions))}
	for _, v := range list {
		p := glob.Compile(v.Text).Fold()
		made.langs = append(made.langs, p.FoldLanguage())
		if p.IsLiteral() {
			if i, ok := known.index[p.Text()]; ok {
				made.points.set(i)
			}
			continue
		}
		for i, name := range known.folded {
			if p.Match(name) {
				made.points.set(i)
			}
		}
	}
	return made
}
