package usage

import (
	"bytes"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/accesslog"
)

// family is the groups that differ in nothing but what their keys begin with.
type family struct {
	groups []*Group
	shapes []string // the first part of each group's prefix; "" stands for every key that has no group of its own
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

// isVolatile reports whether a part of a key looks like one of many. An account's 12 digits do not.
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
