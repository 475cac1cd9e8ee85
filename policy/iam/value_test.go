package iam_test

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

func TestCompact(t *testing.T) {
	for _, c := range []struct {
		in   *iam.Value
		want string
	}{
		{iam.NewString("a\"\\\n\u2028<é"), "\"a\\\"\\\\\\n\u2028<é\""},
		{iam.NewString("\xff"), `"` + "\ufffd" + `"`},
		{iam.NewStrings(), `[]`},
		{iam.NewStrings("a", "b"), `["a","b"]`},
		{&iam.Value{Kind: iam.Number, Text: "5.50"}, `5.50`},
		{&iam.Value{Kind: iam.Bool, Text: "true"}, `true`},
		{&iam.Value{Kind: iam.Object}, `{}`},
		{&iam.Value{Kind: iam.Object, Members: []iam.Member{{Name: "a\"", Value: iam.NewString("")}, {Name: "b", Value: iam.NewStrings()}}},
			`{"a\"":"","b":[]}`},
		{mustParse(t, " { \"Id\" : \"\\u00e9\\/\" ,\n\"\\u0053tatement\" : [ ] } ").Root(), `{"Id":"\u00e9\/","Statement":[]}`},
	} {
		if got := c.in.Compact(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestLeast holds the bound to be one: no longer than any spelling of the same.
func TestLeast(t *testing.T) {
	for text, want := range map[string]int{
		`{"Id":"a","Statement":[]}`:                               len(`{"Id":"a","Statement":[]}`),
		"{ \"Id\" : \"\\u0061\",\n\"\\u0053tatement\":[ ]}":       len(`{"Id":"a","Statement":[]}`),
		`{"Statement":[{"Sid":"a"},{"Sid":"\n"}]}`:                len(`{"Statement":[{"Sid":"a"},{"Sid":"n"}]}`),
		`{"Statement":{"Condition":{"Bool":{"k":[5.500,true]}}}}`: len(`{"Statement":{"Condition":{"Bool":{"k":[5,1]}}}}`),
	} {
		root := mustParse(t, text).Root()
		if got := root.Least(); got != want || got > len(root.Compact()) {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestMember(t *testing.T) {
	root := mustParse(t, `{"Id": "a"}`).Root()
	for name, want := range map[string]*iam.Value{"Id": root.Members[0].Value, "ID": nil, "": nil} {
		if got := root.Member(name); got != want {
			t.Errorf("Member(%q) = %v, want %v", name, got, want)
		}
	}
	if got := iam.NewStrings("Id").Member("Id"); got != nil {
		t.Errorf("a list has the member %v", got)
	}
}

func TestKind(t *testing.T) {
	for kind, want := range map[iam.Kind]string{
		0: "nothing", iam.String: "a string", iam.Number: "a number", iam.Bool: "a boolean", iam.Array: "a list", iam.Object: "an object",
	} {
		if got := kind.String(); got != want {
			t.Errorf("kind %d is %s, want %s", kind, got, want)
		}
	}
}
