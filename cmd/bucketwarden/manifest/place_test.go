package manifest

import (
	"strings"
	"testing"
)

const placed = `# first
---
kind: List
apiVersion: v1
items:
- apiVersion: s3.services.k8s.aws/v1alpha1
  kind: Bucket
  metadata: {name: a}
  spec:
    name: a
    policy: |
      {
        "Id": "é", "Statement": []
      }
- apiVersion: s3.services.k8s.aws/v1alpha1
  kind: Bucket
  metadata: {name: b, annotations: {"a.b/c": x}}
  spec: {name: b, policy: "{\n\"Statement\": []}", acl: private}
`

func TestPlaces(t *testing.T) {
	f, err := Parse("f.yaml", placed)
	if err != nil || len(f.Items) != 2 {
		t.Fatal(err, len(f.Items))
	}
	var p Places
	for _, c := range []struct {
		item         int
		field        string
		line, column int
		want         string // what stands there
	}{
		{0, "spec.policy", 2, 14, `"Statement": []` + "\n"},
		{0, "spec.policy", 2, 3, `"Id"`},
		{0, "spec.policy", 1, 1, "{\n"},
		{0, "spec.name", 0, 0, "a\n"},
		{1, "spec.policy", 2, 1, `\"Statement\"`},
		{1, "spec.policy", 9, 1, `", acl`},
		{1, "spec.acl", 0, 0, "private"},
		{1, "spec.acl.deeper[3]", 0, 0, "private"},
		{1, "metadata.annotations[a.b/c]", 0, 0, "x}"},
		{1, "spec.nothing", 0, 0, "{name: b, policy"},
		{1, "", 0, 0, "apiVersion"},
		{0, "", 0, 0, "apiVersion"},
	} {
		line, column := p.Of(f.Items[c.item], c.field, c.line, c.column)
		at := newLines(f.Text).offset(f.Text, line, column)
		if !strings.HasPrefix(f.Text[at:], c.want) {
			t.Errorf("%d %s %d:%d: at %d:%d, which is %.30q, not %q", c.item, c.field, c.line, c.column, line, column, f.Text[at:], c.want)
		}
	}
}

func TestPlacesInDocument(t *testing.T) {
	f, err := Parse("p.json", "\n  {\"Id\": \"x\",\n\t\"Statement\": []}\n")
	if err != nil || len(f.Items) != 1 {
		t.Fatal(err, len(f.Items))
	}
	var p Places
	for _, c := range [][4]int{{1, 1, 2, 3}, {1, 2, 2, 4}, {2, 2, 3, 2}, {0, 0, 2, 3}} {
		if line, column := p.Of(f.Items[0], "", c[0], c[1]); line != c[2] || column != c[3] {
			t.Errorf("%d:%d is at %d:%d, want %d:%d", c[0], c[1], line, column, c[2], c[3])
		}
	}
}

func TestPlacesLine(t *testing.T) {
	f, err := Parse("f.yaml", "\ufeffkind: Namespace\r\napiVersion: v1\n")
	if err != nil {
		t.Fatal(err)
	}
	var p Places
	for line, want := range []string{"", "kind: Namespace", "apiVersion: v1", "", ""} {
		if got := p.Line(f, line); got != want {
			t.Errorf("line %d: %q, want %q", line, got, want)
		}
	}
}

// What is asked about one long line, in whatever order, is what it is when it is asked alone.
func TestPlacesInLongLine(t *testing.T) {
	f, err := Parse("f.yaml", "# é\n# éé ééé éé\n# é\nkind: Namespace\napiVersion: v1\n")
	if err != nil {
		t.Fatal(err)
	}
	var p Places
	for _, offset := range []int{0, 5, 6, 12, 15, 9, 12, 24, 12, 40, len(f.Text)} {
		var alone Places
		line, column := p.At(f, offset)
		if wantLine, wantColumn := alone.At(f, offset); line != wantLine || column != wantColumn {
			t.Errorf("byte %d: %d:%d, want %d:%d", offset, line, column, wantLine, wantColumn)
		}
	}
}
