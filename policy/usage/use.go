package usage

import (
	"cmp"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/accesslog"
)

// Use is an action that a caller used, or may have, on a bucket or on the objects that begin with a prefix.
type Use struct {
	Caller, Action string
	Bucket, Prefix string
	Object         bool
	Sure           bool // the log shows that it was this action
	Requests       int
	First, Last    int64
}

// place is what tells uses apart.
type place struct {
	caller, action, bucket, prefix string
	object                         bool
}

// Uses returns what groups of requests used, each use once, and the groups of operations that are not known: those may have
// used anything. Requests that were refused used nothing.
func Uses(groups []*Group) (uses []*Use, unknown []*Group) {
	at := map[place]*Use{}
	add := func(g *Group, action string, object, sure bool) {
		p := place{g.Caller, action, g.Bucket, g.Prefix, object}
		if !object {
			p.prefix = ""
		}
		u := at[p]
		if u == nil {
			u = &Use{Caller: g.Caller, Action: action, Bucket: g.Bucket, Prefix: p.prefix, Object: object, First: g.First}
			at[p] = u
			uses = append(uses, u)
		}
		u.Sure = u.Sure || sure
		u.Requests += g.Requests
		u.First, u.Last = min(u.First, g.First), max(u.Last, g.Last)
	}
	for _, g := range groups {
		if g.Flags&accesslog.Refused != 0 {
			continue
		}
		p, ok := accesslog.Lookup(g.Operation, g.Object, g.Flags)
		if !ok {
			unknown = append(unknown, g)
			continue
		}
		for _, action := range p.Needed {
			add(g, action, p.Object, true)
		}
		for _, action := range p.Perhaps {
			add(g, action, p.Object, false)
		}
		// Who may not list a bucket gets 403 for an object that is not there.
		// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
		if g.Flags&accesslog.NotFound != 0 && p.Object {
			add(g, "s3:ListBucket", false, false)
		}
	}
	slices.SortFunc(uses, func(a, b *Use) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Bucket, b.Bucket), cmp.Compare(a.Prefix, b.Prefix))
	})
	return uses, unknown
}

// region is the pattern of the resources that a use is about.
func (u *Use) region(partition string) string {
	arn := "arn:" + partition + ":s3:::" + u.Bucket
	if u.Object {
		arn += "/" + u.Prefix + "*"
	}
	return arn
}
