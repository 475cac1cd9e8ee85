package files

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
)

// side makes policies of words such as "a.yaml:logs@bucket" or, for a document, "a.json"; - is an object without a name.
func side(path, words string) Side {
	out := Side{Path: path}
	for _, w := range strings.Fields(words) {
		w, bucket, _ := strings.Cut(w, "@")
		file, name, ok := strings.Cut(w, ":")
		p := Policy{Item: &manifest.Item{File: &manifest.File{Name: path + "/" + file}, Line: len(out.Policies)}, Bucket: policy.Bucket{Name: Fact(bucket, "test")}}
		if ok {
			p.Item.Object = map[string]any{"apiVersion": "s3.aws.upbound.io/v1beta1", "kind": "BucketPolicy", "metadata": map[string]any{"name": strings.Trim(name, "-")}}
		}
		out.Policies = append(out.Policies, p)
	}
	return out
}

func TestPairs(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{"a.json", "b.yaml:x", "0=0"},
		{"a.json b.json", "b.json a.json", "1=0 0=1"},
		{"a.yaml:x a.yaml:y", "b.yaml:y b.yaml:x", "1=0 0=1"},
		{"a.yaml:x@one a.yaml:y@two", "b.yaml:v@two b.yaml:w@three", "1=0 -=1 0=-"},
		{"dev.yaml:x prod.yaml:x", "prod.yaml:x dev.yaml:x", "1=0 0=1"},            // overlays
		{"dev.yaml:x prod.yaml:x", "new.yaml:x dev.yaml:x", "1=0 0=1"},             // what is left is the same object
		{"a.yaml:- a.yaml:-", "a.yaml:- a.yaml:-", "0=0 1=1"},                      // in order
		{"a.yaml:- a.yaml:-@b", "a.yaml:-@b a.yaml:-", "1=0 0=1"},                  // not against their buckets
		{"a.yaml:- a.yaml:-", "a.yaml:- a.yaml:- a.yaml:-", "-=0 -=1 -=2 0=- 1=-"}, // which of them is new, nobody knows
		{"a.yaml:x@b c.yaml:y@b", "d.yaml:z@b", "-=0 0=- 1=-"},
		{"a.json", "b.json c.json", "-=0 -=1 0=-"},
	} {
		var got []string
		number := func(p *Policy) string {
			if p == nil {
				return "-"
			}
			return fmt.Sprint(p.Item.Line)
		}
		for _, p := range Pairs(side("old", tt.old), side("new", tt.new)) {
			got = append(got, number(p.Old)+"="+number(p.New))
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s | %s: -want +got\n%s", tt.old, tt.new, diff)
		}
	}
}
