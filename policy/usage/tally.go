// Package usage says what logs of S3 show: which requests needed an ACL, which actions that a policy grants nobody used,
// and what a narrower policy would be. It keeps what is distinct of the requests and no more, in bounded memory.
package usage

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/accesslog"
)

// Limits of a Tally: what is distinct beyond them is counted only.
const (
	MaxDistinct = 10_000 // callers x operations x buckets
	maxShapes   = 16     // prefixes of keys for one of these, before they become one
	maxPrefixes = 20_000 // all together
	maxPrefix   = 256    // bytes
)

// Group is requests of one caller for one operation, on the keys of a bucket that begin alike.
type Group struct {
	Bucket, Caller, Operation string
	Object                    bool   // they name an object
	Prefix                    string // what all the keys begin with: "" or up to a slash
	Flags                     accesslog.Flags
	Requests                  int
	First, Last               int64 // seconds since 1970
	Source                    bool  // the other half of a copy, which is a request already
}

// Tally is what is distinct about the requests that were added.
type Tally struct {
	Requests, NeededACL int
	ACLUnsaid           int   // requests of which the log does not say whether they needed an ACL
	First, Last         int64 // seconds since 1970
	// Beyond counts requests that are distinct beyond MaxDistinct, and BeyondACL those of them that needed an ACL.
	Beyond, BeyondACL int

	families map[string]*family
	prefixes int
	kinds    map[string]accesslog.Kinds
	key      []byte
}

// NewTally returns an empty tally.
func NewTally() *Tally {
	return &Tally{families: map[string]*family{}, kinds: map[string]accesslog.Kinds{}}
}

// Add counts a request.
func (t *Tally) Add(r *accesslog.Record) {
	if t.Requests == 0 || r.Time < t.First {
		t.First = r.Time
	}
	t.Last = max(t.Last, r.Time)
	t.Requests++
	if r.Flags&accesslog.NeededACL != 0 {
		t.NeededACL++
	}
	if r.Flags&accesslog.ACLUnsaid != 0 {
		t.ACLUnsaid++
	}
	if !t.add(r) {
		t.Beyond++
		if r.Flags&accesslog.NeededACL != 0 {
			t.BeyondACL++
		}
		return
	}
	if r.SourceBucket != nil {
		source := *r
		source.Bucket, source.Key, source.Operation = r.SourceBucket, r.SourceKey, copySource
		source.Flags &^= accesslog.NeededACL | accesslog.SetsACL
		if !t.add(&source) {
			t.Beyond++
		}
	}
}

// copySource is how a server access log calls the reading half of a copy; CloudTrail has one record for both.
var copySource = []byte("REST.COPY.OBJECT_GET")

func (t *Tally) add(r *accesslog.Record) bool {
	source := byte('-')
	if r.Flags&accesslog.FromTrail != 0 && bytes.Equal(r.Operation, copySource) {
		source = 's'
	}
	object := byte('-')
	if r.Key != nil {
		object = 'o'
	}
	t.key = append(append(t.key[:0], byte(r.Flags), source, object), r.Bucket...)
	t.key = append(append(t.key, 0), r.Caller...)
	t.key = append(append(t.key, 0), r.Operation...)
	f := t.families[string(t.key)]
	if f == nil {
		if len(t.families) == MaxDistinct {
			return false
		}
		f = &family{}
		t.families[string(t.key)] = f
	}
	g := t.group(f, r)
	g.Source = source == 's'
	if g.Requests == 0 || r.Time < g.First {
		g.First = r.Time
	}
	g.Last = max(g.Last, r.Time)
	g.Requests++
	if source == '-' { // what is logged of a copy's source says nothing about that bucket
		t.sawKind(r)
	}
	return true
}

func (t *Tally) sawKind(r *accesslog.Record) {
	if seen := t.kinds[string(r.Bucket)]; seen|r.Kinds != seen {
		t.kinds[string(r.Bucket)] = seen | r.Kinds
	}
}

// Groups returns what was counted, in the order of bucket, caller, operation and prefix.
func (t *Tally) Groups() []*Group {
	var out []*Group
	for _, f := range t.families {
		out = append(out, f.groups...)
	}
	slices.SortFunc(out, func(a, b *Group) int {
		return cmp.Or(cmp.Compare(a.Bucket, b.Bucket), cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Operation, b.Operation),
			cmp.Compare(a.Prefix, b.Prefix), cmp.Compare(a.Flags, b.Flags))
	})
	return out
}
