package manifest

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"gomodules.xyz/jsonpatch/v2"
)

// parseChanges reads lines of an item's index, an operation and a pointer: "0 remove /spec/acl", and
// `1 cut /spec/policy "text"` to leave text out of a string, or `1 put /spec/policy "before" "text"`.
func parseChanges(t *testing.T, f *File, text string) []Change {
	t.Helper()
	var out []Change
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		fields := strings.SplitN(lines.Text(), " ", 4)
		index, err := strconv.Atoi(fields[0])
		if err != nil || index >= len(f.Items) {
			t.Fatalf("%q of %d items: %v", lines.Text(), len(f.Items), err)
		}
		change := Change{Item: f.Items[index]}
		op := jsonpatch.Operation{Operation: fields[1], Path: fields[2]}
		if op.Operation == "cut" || op.Operation == "put" {
			old := valueAt(change.Item.Object, op.Path)
			op.Operation, op.Value = "replace", edited(t, old, fields[1], fields[3])
			change.Patch = append(change.Patch, jsonpatch.Operation{Operation: "test", Path: op.Path, Value: old})
		}
		change.Patch = append(change.Patch, op)
		out = append(out, change)
	}
	return out
}

func edited(t *testing.T, old, how, arguments string) string {
	t.Helper()
	first, err := strconv.QuotedPrefix(arguments)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := strconv.Unquote(first)
	if !strings.Contains(old, text) {
		t.Fatalf("%q is not in %q", text, old)
	}
	if how == "cut" {
		return strings.Replace(old, text, "", 1)
	}
	more, err := strconv.Unquote(strings.TrimSpace(arguments[len(first):]))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(old, text, text+more, 1)
}

func valueAt(v any, pointer string) string {
	for _, token := range split(pointer) {
		switch parent := v.(type) {
		case map[string]any:
			v = parent[token]
		case []any:
			i, _ := strconv.Atoi(token)
			v = parent[i]
		}
	}
	text, _ := v.(string)
	return text
}

func TestApply(t *testing.T) {
	golden(t, "apply/*.txtar", "out", func(t *testing.T, files []txtar.File) string {
		text := string(files[0].Data)
		f, err := Parse(files[0].Name, text)
		if err != nil {
			t.Fatal(err)
		}
		changes := string(files[1].Data)
		out, err := f.Apply(parseChanges(t, f, changes))
		if err != nil {
			return fmt.Sprintln(err)
		}
		// The same with carriage returns, and with other text around it.
		for _, around := range []func(string) string{
			func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			func(s string) string { return "\ufeff" + s },
			func(s string) string { return "# é\na: 1\n---\n" + s + "---\nb: {c: d} # e\n" },
		} {
			if strings.HasSuffix(f.Name, ".json") {
				break
			}
			g, err := Parse(f.Name, around(text))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := g.Apply(parseChanges(t, g, changes)); err != nil || got != around(out) {
				t.Errorf("of %q: got %q, %v", g.Text, got, err)
			}
		}
		return out
	})
}
