package iam_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// TestApplyRandomly holds Apply to an oracle that knows nothing of bytes, and to the promise that other bytes stay.
func TestApplyRandomly(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	var applied, refused int
	for seed := range uint64(10_000) {
		r := rand.New(rand.NewPCG(seed, 0))
		text := randomDocument(r)
		before := scan(t, text)
		edits := before.edits(r)
		r.Shuffle(len(edits)/2, func(i, j int) { edits[i], edits[j] = edits[j], edits[i] })
		if checkApply(t, text, edits) {
			applied++
		} else {
			refused++
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if applied < 1000 || refused < 1000 {
		t.Errorf("%d sets of edits applied, %d refused: too few of either to learn from", applied, refused)
	}
}

// checkApply reports whether Apply and the oracle took the edits.
func checkApply(t *testing.T, text string, edits []iam.Edit) bool {
	t.Helper()
	before := scan(t, text)
	want, err := oracle(before, edits)
	got, gotErr := mustParse(t, text).Apply(edits)
	if err != nil || gotErr != nil {
		if (err == nil) != (gotErr == nil) {
			t.Errorf("Apply(%v) to %s: error %v, want %v", edits, text, gotErr, err)
		}
		return false
	}
	if diff := cmp.Diff(want, decode(t, got)); diff != "" {
		t.Errorf("Apply(%v) to\n%s is\n%s\n(-want +got):\n%s", edits, text, got, diff)
		return true
	}
	if complaint := stays(before, scan(t, got), edits); complaint != "" {
		t.Errorf("Apply(%v) to\n%q is\n%q\n%s", edits, text, got, complaint)
	}
	return true
}

// oracle makes the edits to the decoded document, one place after the other.
func oracle(root tree, edits []iam.Edit) (any, error) {
	made := map[iam.Path]string{}
	for _, e := range edits {
		text := "remove"
		if e.New != nil {
			text = e.New.Compact()
		}
		if before, ok := made[e.At]; ok && before != text {
			return nil, fmt.Errorf("%s: contradiction", e.At)
		}
		made[e.At] = text
		around, last := root.around(e.At)
		switch {
		case e.At == "" && e.New == nil:
			return nil, fmt.Errorf("the root is removed")
		case last == "" || slices.ContainsFunc(around.children, func(c tree) bool { return c.path == string(e.At) }):
		case e.New == nil:
			return nil, fmt.Errorf("%s: nothing to remove", e.At)
		case around.open == '{' && last[1] == '"', around.open == '[' && last[1] != '"':
		default:
			return nil, fmt.Errorf("%s: nothing there", e.At)
		}
		if i, err := strconv.Atoi(strings.Trim(last, "[]")); err == nil && around.open == '[' && i > len(around.children) {
			if _, ok := made[iam.Path(around.path+fmt.Sprintf("[%d]", i-1))]; !ok {
				return nil, fmt.Errorf("%s: a gap", e.At)
			}
		}
	}
	return root.edited(edits), nil
}

// around returns what the last step of a path leads from, and that step.
func (t tree) around(at iam.Path) (tree, string) {
	for _, c := range t.children {
		if rest, ok := strings.CutPrefix(string(at), c.path+"["); ok && rest != "" {
			return c.around(at)
		}
	}
	return t, strings.TrimPrefix(string(at), t.path)
}

// edited returns the value of t with the edits made.
func (t tree) edited(edits []iam.Edit) any {
	for _, e := range edits {
		if e.At == iam.Path(t.path) && e.New != nil {
			return value(e.New.Compact())
		}
	}
	object, list := map[string]any{}, []any{}
	for i, c := range t.children {
		if slices.ContainsFunc(edits, func(e iam.Edit) bool { return e.At == iam.Path(c.path) && e.New == nil }) {
			continue
		}
		if t.open == '{' {
			object[t.names[i]] = c.edited(edits)
		} else {
			list = append(list, c.edited(edits))
		}
	}
	for _, e := range t.added(edits) {
		if t.open == '{' {
			name, _ := strconv.Unquote(strings.TrimSuffix(string(e.At[len(t.path)+1:]), "]"))
			object[name] = value(e.New.Compact())
		} else {
			list = append(list, value(e.New.Compact()))
		}
	}
	switch t.open {
	case '{':
		return object
	case '[':
		return list
	}
	return value(t.text[t.start:t.end])
}

// added returns the edits that add something to t, each once.
func (t tree) added(edits []iam.Edit) []iam.Edit {
	var out []iam.Edit
	for _, e := range edits {
		rest, ok := strings.CutPrefix(string(e.At), t.path+"[")
		inside := slices.ContainsFunc(t.children, func(c tree) bool { return strings.HasPrefix(string(e.At), c.path) })
		again := slices.ContainsFunc(out, func(o iam.Edit) bool { return o.At == e.At })
		if ok && rest != "" && !inside && !again {
			out = append(out, e)
		}
	}
	return out
}

// stays tells which bytes should have stayed; "" when all did.
func stays(before, after tree, edits []iam.Edit) string {
	if slices.ContainsFunc(edits, func(e iam.Edit) bool { return e.At == iam.Path(before.path) }) {
		return ""
	}
	if len(before.children) == 0 && len(before.added(edits)) == 0 && before.source() != after.source() {
		return fmt.Sprintf("%s is now %s", before.source(), after.source())
	}
	if len(before.children) > 0 && len(after.children) == 0 && len(after.source()) != 2 {
		return "what is empty now has something in it: " + after.source()
	}
	if len(before.children) == 0 || len(after.children) == 0 {
		return ""
	}
	if !strings.HasPrefix(after.source(), before.gap(-1)) || !strings.HasSuffix(after.source(), before.gap(len(before.children)-1)) {
		return fmt.Sprintf("%s begins or ends otherwise: %s", before.source(), after.source())
	}
	next := 0
	for i, c := range before.children {
		if slices.ContainsFunc(edits, func(e iam.Edit) bool { return e.At == iam.Path(c.path) && e.New == nil }) {
			continue
		}
		if was, is := before.text[before.from[i]:c.start], after.text[after.from[next]:after.children[next].start]; was != is {
			return fmt.Sprintf("%s is now %s", was, is)
		}
		if complaint := stays(c, after.children[next], edits); complaint != "" {
			return complaint
		}
		if next++; next < len(after.children) && i+1 < len(before.children) && before.gap(i) != after.gap(next-1) &&
			next < len(after.children)-len(before.added(edits)) {
			return fmt.Sprintf("%s: the gap %q is now %q", c.path, before.gap(i), after.gap(next-1))
		}
	}
	return ""
}

func (t tree) source() string { return t.text[t.start:t.end] }

// gap returns what stands behind child i; before the first for -1.
func (t tree) gap(i int) string {
	start, end := t.start, t.end
	if i >= 0 {
		start = t.children[i].end
	}
	if i+1 < len(t.children) {
		end = t.from[i+1]
	}
	return t.text[start:end]
}

func value(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		panic(text + ": " + err.Error())
	}
	return v
}

func decode(t *testing.T, text string) any {
	t.Helper()
	if !json.Valid([]byte(text)) {
		t.Fatalf("not JSON: %s", text)
	}
	return value(text)
}

// scan reads text by encoding/json's tokens.
func scan(t *testing.T, text string) tree {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	token := func() (json.Token, int) {
		from := int(d.InputOffset())
		from += len(text[from:]) - len(strings.TrimLeft(text[from:], " \t\r\n,:"))
		tok, err := d.Token()
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return tok, from
	}
	var read func(path string) tree
	read = func(path string) tree {
		tok, from := token()
		out := tree{path: path, text: text, start: from}
		if delim, ok := tok.(json.Delim); ok {
			out.open = byte(delim)
			for d.More() {
				at, start := fmt.Sprintf("%s[%d]", path, len(out.children)), -1
				if delim == '{' {
					var name json.Token
					name, start = token()
					out.names = append(out.names, name.(string))
					at = path + "[" + strconv.Quote(name.(string)) + "]"
				}
				c := read(at)
				if start < 0 {
					start = c.start
				}
				out.children, out.from = append(out.children, c), append(out.from, start)
			}
			token()
		}
		out.end = int(d.InputOffset())
		return out
	}
	return read("")
}
