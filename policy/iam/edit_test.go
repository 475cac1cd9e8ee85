package iam_test

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

var (
	star = iam.NewString("*")
	pair = iam.NewStrings("y", "z")
)

func remove(at iam.Path) iam.Edit            { return iam.Edit{At: at} }
func set(at iam.Path, v *iam.Value) iam.Edit { return iam.Edit{At: at, New: v} }

func TestApplyToList(t *testing.T) {
	const before, at, after = `{"Statement": {"Action": `, "Statement[0].Action", `}}`
	for _, c := range []struct {
		name, text string
		edits      []iam.Edit // their paths continue at
		want       string
	}{
		{"remove the first", "[\n \"a\",\n \"b\",\n \"c\"\n]", []iam.Edit{remove("[0]")}, "[\n \"b\",\n \"c\"\n]"},
		{"remove the middle", "[\n \"a\",\n \"b\",\n \"c\"\n]", []iam.Edit{remove("[1]")}, "[\n \"a\",\n \"c\"\n]"},
		{"remove the last", "[\n \"a\",\n \"b\",\n \"c\"\n]", []iam.Edit{remove("[2]")}, "[\n \"a\",\n \"b\"\n]"},
		{"remove the first two", `["a", "b" , "c"]`, []iam.Edit{remove("[1]"), remove("[0]")}, `["c"]`},
		{"remove the last two", `["a", "b" , "c" ]`, []iam.Edit{remove("[1]"), remove("[2]")}, `["a" ]`},
		{"remove the outer two", `["a", "b" , "c" ]`, []iam.Edit{remove("[0]"), remove("[2]")}, `["b" ]`},
		{"remove all", `[ "a", "b" ]`, []iam.Edit{remove("[0]"), remove("[1]")}, `[]`},
		{"replace", `["a", "b"]`, []iam.Edit{set("[1]", pair), set("[0]", star)}, `["*", ["y","z"]]`},

		{"add", `["a", "b"]`, []iam.Edit{set("[2]", star)}, `["a", "b", "*"]`},
		{"add to a dense list", `["a","b"]`, []iam.Edit{set("[2]", star)}, `["a","b","*"]`},
		{"add to a list of one", `[ "a" ]`, []iam.Edit{set("[1]", star)}, `[ "a", "*" ]`},
		{"add to a tall list", "[\n\t\"a\",\n\t\"b\"\n]", []iam.Edit{set("[2]", star)}, "[\n\t\"a\",\n\t\"b\",\n\t\"*\"\n]"},
		{"add two", `["a"]`, []iam.Edit{set("[1]", star), set("[2]", pair)}, `["a","*",["y","z"]]`},
		{"add to an empty list", `[ ]`, []iam.Edit{set("[0]", star)}, `["*"]`},
		{"add two to an empty list", `[]`, []iam.Edit{set("[0]", star), set("[1]", star)}, `["*", "*"]`},

		{"remove the last and add", "[\n \"a\",\n \"b\"\n]", []iam.Edit{remove("[1]"), set("[2]", star)}, "[\n \"a\",\n \"*\"\n]"},
		{"remove the first and add", `["a", "b"]`, []iam.Edit{set("[2]", star), remove("[0]")}, `["b", "*"]`},
		{"remove all and add", "[\n \"a\"\n]", []iam.Edit{remove("[0]"), set("[1]", star), set("[2]", star)}, "[\n \"*\",\n \"*\"\n]"},
		{"replace and add", `["a"]`, []iam.Edit{set("[0]", pair), set("[1]", star)}, `[["y","z"],"*"]`},

		{"the same removal twice", `["a", "b"]`, []iam.Edit{remove("[0]"), remove("[0]")}, `["b"]`},
		{"the same replacement twice", `["a"]`, []iam.Edit{set("[0]", star), set("[0]", iam.NewString("*"))}, `["*"]`},
		{"the same addition twice", `["a"]`, []iam.Edit{set("[1]", star), set("[1]", iam.NewString("*"))}, `["a","*"]`},
		{"edits inside what is replaced", `["a"]`, []iam.Edit{remove("[0]"), set("[1]", star), set("", pair)}, `["y","z"]`},
		{"a scalar is a list of one", `"a"`, []iam.Edit{set("[0]", star)}, `"*"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.edits {
				c.edits[i].At = at + c.edits[i].At
			}
			got, err := mustParse(t, before+c.text+after).Apply(c.edits)
			if err != nil {
				t.Fatal(err)
			}
			if want := before + c.want + after; got != want {
				t.Errorf("\ngot  %s\nwant %s", got, want)
			}
		})
	}
}

func TestApplyToObject(t *testing.T) {
	for _, c := range []struct {
		name, text string
		edits      []iam.Edit
		want       string
	}{
		{"nothing", ` { } `, nil, ` { } `},
		{"replace the document", " {} \n", []iam.Edit{set("", iam.NewStrings())}, " [] \n"},
		{"replace a member", `{"Id" : "a"}`, []iam.Edit{set("Id", star)}, `{"Id" : "*"}`},
		{"remove the only member", `{ "Id": "a" }`, []iam.Edit{remove("Id")}, `{}`},
		{"remove the first member", `{ "Id": "a", "Statement": [] }`, []iam.Edit{remove("Id")}, `{ "Statement": [] }`},
		{"remove the last member", `{ "Id": "a", "Statement": [] }`, []iam.Edit{remove("Statement")}, `{ "Id": "a" }`},

		{"add", `{"Id": "a"}`, []iam.Edit{set("Version", star)}, `{"Id": "a","Version": "*"}`},
		{"add to a dense object", `{"Id":"a"}`, []iam.Edit{set("Version", star)}, `{"Id":"a","Version":"*"}`},
		{"add to an airy object", `{ "Id" : "a" }`, []iam.Edit{set("Version", star)}, `{ "Id" : "a", "Version" : "*" }`},
		{"add to a tall object", "{\r\n  \"Id\":\t\"a\"\r\n}", []iam.Edit{set("X", star)}, "{\r\n  \"Id\":\t\"a\",\r\n  \"X\":\t\"*\"\r\n}"},
		{"add two to nothing", `{ }`, []iam.Edit{set("X", star), set("Id", star)}, `{"X": "*", "Id": "*"}`},
		{"rename", "{\n  \"Id\": \"a\"\n}", []iam.Edit{remove("Id"), set("X", star)}, "{\n  \"X\": \"*\"\n}"},
		{"the same addition twice", `{}`, []iam.Edit{set("X", star), set(`["X"]`, star)}, `{"X": "*"}`},
		{"edits inside what is removed", `{"Id": "a", "Statement": {"Sid": "a"}}`,
			[]iam.Edit{set("Statement[0].Effect", star), remove("Statement[0].Sid"), remove("Statement")}, `{"Id": "a"}`},

		{"a lone statement is a list of one", `{"Statement":{"Sid":"a"}}`, []iam.Edit{set("Statement[0].X", star)},
			`{"Statement":{"Sid":"a","X":"*"}}`},
		{"a second statement makes a list", `{"Statement": {"Sid":"a"}, "Id":"b"}`,
			[]iam.Edit{set("Statement[1]", star), set("Statement[0].X", star), set("Statement[2]", pair)},
			`{"Statement": [{"Sid":"a","X":"*"}, "*", ["y","z"]], "Id":"b"}`},
		{"beside another in its place", `{"Id": "a"}`, []iam.Edit{set("Id[1]", star), set("Id", pair)}, `{"Id": [["y","z"], "*"]}`},
		{"an object among tall neighbours", "{\n  \"Statement\": [\n    {\n      \"Sid\": \"a\"\n    }\n  ]\n}",
			[]iam.Edit{set("Statement[1]", iam.NewObject(iam.Member{Name: "X", Value: pair}))},
			"{\n  \"Statement\": [\n    {\n      \"Sid\": \"a\"\n    },\n    {\n      \"X\": [\n        \"y\",\n        \"z\"\n      ]\n    }\n  ]\n}"},
		{"an object among dense neighbours", `{"Statement": [{"Sid": "a"}]}`,
			[]iam.Edit{set("Statement[1]", iam.NewObject(iam.Member{Name: "X", Value: star}))}, `{"Statement": [{"Sid": "a"},{"X":"*"}]}`},
		{"to remove what stands for a list of one removes the member", `{"Id":"a", "Statement":{"Sid":"a"}}`,
			[]iam.Edit{remove("Statement[0]")}, `{"Id":"a"}`},
		{"what JSON cannot say is replaced", `{}`, []iam.Edit{set(`["\xff"]`, iam.NewString("\xff"))}, `{"�": "�"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := mustParse(t, c.text).Apply(c.edits)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestApplyErrors(t *testing.T) {
	const text = `{"Id": "a", "Statement": {"Sid": "a", "Action": ["a", "b"]}}`
	for _, c := range []struct {
		edits []iam.Edit
		want  string
	}{
		{[]iam.Edit{remove("")}, "the document itself cannot be removed"},
		{[]iam.Edit{remove("Version")}, "Version: there is nothing to remove"},
		{[]iam.Edit{remove("Statement[0].Action[2]")}, "Statement[0].Action[2]: there is nothing to remove"},
		{[]iam.Edit{set("Statement[", star)}, `"Statement[" is not a path`},
		{[]iam.Edit{set("Statement[1].Sid", star)}, "Statement[1].Sid: the document has no such place"},
		{[]iam.Edit{set("Id.X", star)}, "Id.X: a string has no members"},
		{[]iam.Edit{set("Statement[0].Action.X", star)}, "Statement[0].Action.X: a list has no members"},
		{[]iam.Edit{set("Id[2]", star)}, "Id[2]: a string has no elements"},
		{[]iam.Edit{set("Statement[2]", star)}, "Statement[2]: an object has no elements"},
		{[]iam.Edit{set("Statement[1]", star), set("Statement[3]", star)}, "Statement[3]: the list ends before that place"},
		{[]iam.Edit{remove("Statement"), set("Statement[1]", star)}, "Statement[0]: one edit removes it and another turns it into a list"},
		{[]iam.Edit{set("Statement[0].Action[3]", star)}, "Statement[0].Action[3]: the list ends before that place"},
		{[]iam.Edit{set("Statement[0].Action[2]", star), set("Statement[0].Action[4]", star)},
			"Statement[0].Action[4]: the list ends before that place"},
		{[]iam.Edit{remove("Id"), set("Id", star)}, "Id: two edits contradict each other"},
		{[]iam.Edit{set("Id", star), set("Id[0]", pair)}, "Id[0]: two edits contradict each other"},
		{[]iam.Edit{remove("Statement"), set("Statement[0]", star)}, "Statement[0]: two edits contradict each other"},
		{[]iam.Edit{set("Version", star), set("Version", pair)}, "Version: two edits contradict each other"},
		{[]iam.Edit{set("Statement[0].Action[2]", star), set("Statement[0].Action[2]", pair)},
			"Statement[0].Action[2]: two edits contradict each other"},
	} {
		got, err := mustParse(t, text).Apply(c.edits)
		if got != "" || err == nil || err.Error() != c.want {
			t.Errorf("Apply(%v) = %q, %v, want %s", c.edits, got, err, c.want)
		}
	}
}
