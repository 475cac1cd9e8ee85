package source

import (
	"encoding/json"
	"math"
	"testing"
)

func TestFieldPath(t *testing.T) {
	for in, want := range map[string]string{
		"":                                      "the object",
		"/spec/policy":                          "spec.policy",
		"/spec/rules/0/name":                    "spec.rules[0].name",
		"/metadata/annotations/example.com~1a":  "metadata.annotations[example.com/a]",
		"/spec/forProvider/rule/0/a~01b/12/x-y": "spec.forProvider.rule[0].a~1b[12].x-y",
	} {
		if got := FieldPath(in); got != want {
			t.Errorf("FieldPath(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestInteger(t *testing.T) {
	for in, want := range map[any]int64{
		int64(math.MinInt64): math.MinInt64, 7: 7, 7.0: 7, -1e18: -1e18, json.Number("12"): 12,
	} {
		var r reader
		if got, ok := r.integer(node{in, "/n"}); got != want || !ok || r.err != nil {
			t.Errorf("%T %v: got %d, %v", in, in, got, r.err)
		}
	}
	for _, in := range []any{1.5, math.Inf(1), 9.3e18, json.Number("1.5"), json.Number("x"), "7", true, nil} {
		var r reader
		if got, ok := r.integer(node{in, "/n"}); ok || r.err == nil {
			t.Errorf("%T %v: got %d", in, in, got)
		}
	}
}
