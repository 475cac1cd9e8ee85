// Package usage says what logs of S3 show: which requests needed an ACL, which actions that a policy grants nobody used,
// and what a narrower policy would be. It keeps what is distinct of the requests and no more, in bounded memory.
package usage

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

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

// family is the groups that differ in nothing but what their keys begin with.
type family struct {
	groups []*Group
	shapes []string // the first part of each group's prefix; "" stands for every key that has no group of its own
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

// group returns the group of a request's key, new or with its prefix cut to what the key has in common with it.
func (t *Tally) group(f *family, r *accesslog.Record) *Group {
	prefix := stable(r.Key)
	shape, _, ok := bytes.Cut(prefix, []byte("/"))
	if !ok {
		shape, prefix = nil, nil
	}
	for i, s := range f.shapes {
		if s == string(shape) {
			f.groups[i].Prefix = common(f.groups[i].Prefix, prefix)
			return f.groups[i]
		}
	}
	if len(shape) > 0 && (len(f.shapes) >= maxShapes || t.prefixes >= maxPrefixes) {
		return t.group(f, &accesslog.Record{Bucket: r.Bucket, Caller: r.Caller, Operation: r.Operation, Key: r.Key[:0], Flags: r.Flags})
	}
	g := &Group{Object: r.Key != nil, Prefix: string(prefix), Flags: r.Flags}
	if len(f.groups) > 0 { // names are long, and the same
		g.Bucket, g.Caller, g.Operation = f.groups[0].Bucket, f.groups[0].Caller, f.groups[0].Operation
	} else {
		g.Bucket, g.Caller, g.Operation = string(r.Bucket), string(r.Caller), string(r.Operation)
	}
	t.prefixes++
	f.groups, f.shapes = append(f.groups, g), append(f.shapes, string(shape))
	return g
}

// stable returns what a key begins with, up to a slash, that may stay the same: no dates, numbers or ids, and nothing
// that is encoded in a log or means something in a policy. Other keys of the same caller will begin with it too.
func stable(key []byte) []byte {
	if len(key) > maxPrefix {
		key = key[:maxPrefix]
	}
	end := 0
	for {
		i := bytes.IndexByte(key[end:], '/')
		if i <= 0 || isVolatile(key[end:end+i]) {
			return key[:end]
		}
		end += i + 1
	}
}

// isVolatile tells whether a part of a key looks like one of many. An account's 12 digits do not.
func isVolatile(part []byte) bool {
	digits := 0
	for _, c := range part {
		switch {
		case c < '!' || c > '~', c == '%', c == '+', c == '*', c == '?', c == '$':
			return true
		case '0' <= c && c <= '9':
			digits++
			if digits >= 4 && len(part) != 12 {
				return true
			}
		default:
			digits = 0
		}
	}
	return digits > 0 && digits < 12 && len(part) == 12
}

// common returns what two prefixes have in common, up to a slash.
func common(a string, b []byte) string {
	if a == string(b) {
		return a
	}
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return a[:strings.LastIndexByte(a[:n], '/')+1]
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
