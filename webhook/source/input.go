package source

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// judged returns the pointers of all that decides what an object of this kind grants, and whether it is sent to AWS.
func judged(s Source) []string {
	return slices.DeleteFunc(pointers(s), func(p string) bool {
		return strings.HasPrefix(p, "/status/") || p == paused || p == resourceName || p == "/spec/deletionPolicy" && s.Namespaced
	})
}

// pointers returns the pointers of all that is read from an object of this kind, but for its labels and its controller.
func pointers(s Source) []string {
	var all []string
	for _, f := range s.Policies {
		all = append(all, f.Pointer)
	}
	for _, f := range slices.Concat(s.Bucket, s.AccessPoint, s.Logs.Target) {
		all = append(all, f.Literal, f.Ref, f.Selector)
	}
	for _, f := range s.Ownership {
		all = append(all, f.Pointer)
	}
	for _, f := range slices.Concat(s.Grants, s.Object.Grants, s.Logs.Grants) {
		all = append(all, f.Pointer)
	}
	all = slices.Concat(all, s.PublicAccessBlock.Pointers, s.ACL, s.Object.Key, s.Object.ACL, s.Account, s.BucketAccount, s.Region, s.Partition, s.ARN,
		s.Features.pointers(), []string{profile, parameters})
	switch s.Provider {
	case Own:
	case ACK:
		all = append(all, ackReadOnly, ackAdoptionPolicy, ackAdoptionFields, ackAdopted, ackDeletionPolicy)
	default:
		all = append(all, externalName, paused, resourceName, "/spec/managementPolicies", "/spec/providerConfigRef", "/spec/deletionPolicy")
	}
	all = slices.DeleteFunc(all, func(p string) bool { return p == "" })
	slices.Sort(all)
	return slices.Compact(all)
}

// input encodes the values at the judged pointers, each list ended by a marker. Every value's encoding says where it
// ends, so no two sequences of values share a text.
func input(root node, k kind) string {
	b := []byte(k.Group + "/" + k.Kind)
	for _, p := range k.judged {
		b = append(b, '\n')
		for n, ok := range root.find(p) {
			if !ok {
				b = append(b, '!') // stands where an object belongs
			}
			b = appendValue(b, n.value)
		}
	}
	return string(b)
}

// appendValue appends a canonical form of a JSON value: lengths before texts, keys in order, null like absent.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, 'n')
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return appendText(b, 's', v)
	case []any:
		b = append(b, '[')
		for _, e := range v {
			b = appendValue(b, e)
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if v[key] != nil {
				b = appendValue(appendText(b, 's', key), v[key])
			}
		}
		return append(b, '}')
	default:
		// An integer is the same number whether a decoder made it an int64 or a float64.
		if i, ok := new(reader).integer(node{v, ""}); ok {
			return appendText(b, 'i', strconv.FormatInt(i, 10))
		}
		text, err := json.Marshal(v)
		if err != nil {
			text = fmt.Appendf(nil, "%T %v", v, v)
		}
		return appendText(b, 'x', string(text))
	}
}

func appendText(b []byte, tag byte, s string) []byte {
	b = strconv.AppendInt(append(b, tag), int64(len(s)), 10)
	return append(append(b, ':'), s...)
}
