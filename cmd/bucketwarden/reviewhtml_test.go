package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// written is an object with a name and a policy that somebody else has written; SID stands for text in it.
const written = `apiVersion: s3.services.k8s.aws/v1alpha1
kind: Bucket
metadata: {name: %[1]s}
spec:
  name: logs
  policy: %[2]s
`

// TestHTMLSkeleton holds the page of hostile text to the elements and attributes of the page of plain text. It is read as XML,
// which refuses whatever is not well-formed.
func TestHTMLSkeleton(t *testing.T) {
	want := skeleton(t, "plain")
	if len(want) < 100 {
		t.Fatalf("%d tags are not much of a page", len(want))
	}
	for _, text := range []string{
		`</title><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onclick='x`, "<!-- ", "]]>", "&lt;&#0;&", "</style>",
		"\u202eabc\u2066", "\u0000\u0001\u001b\u0085\ufffe", "\n\n<p>", "javascript:x", strings.Repeat("<b>", 100),
	} {
		if diff := cmp.Diff(want, skeleton(t, text)); diff != "" {
			t.Errorf("%q changes the page: -plain +hostile\n%s", text, diff)
		}
	}
}

// TestHTMLNames: whoever hears the page or goes through it by keys tells its parts apart by name, and each part has its own id.
func TestHTMLNames(t *testing.T) {
	var out, complaint bytes.Buffer
	run([]string{"review", "../../docs/examples", "-o", "html"}, strings.NewReader(""), &out, &complaint)
	heard := map[string]bool{}
	d := xml.NewDecoder(&out)
	for token, err := d.Token(); !errors.Is(err, io.EOF); token, err = d.Token() {
		if err != nil {
			t.Fatal(err)
		}
		element, _ := token.(xml.StartElement)
		for _, a := range element.Attr {
			if a.Name.Local != "id" && a.Name.Local != "aria-label" {
				continue
			}
			if text := a.Name.Local + " " + a.Value; heard[text] {
				t.Errorf("twice: %s", text)
			} else {
				heard[text] = true
			}
		}
	}
	if len(heard) < 10 {
		t.Errorf("%d names are not much of a page; %s", len(heard), complaint.String())
	}
}

func skeleton(t *testing.T, text string) []string {
	t.Helper()
	quoted := func(s string) string { // in ASCII: YAML takes no other control characters
		var b strings.Builder
		for _, r := range s {
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		return `"` + b.String() + `"`
	}
	policy := `{"Statement": [{"Sid": ` + quoted(text) + `, "Effect": "Allow", "Principal": {"AWS": ["*", ` + quoted(text) + `]}, ` +
		`"Action": ["s3:GetObject", ` + quoted(text) + `], "Resource": ["arn:aws:s3:::logs/*", ` + quoted("arn:aws:s3:::logs/"+text) + `]}]}`
	name := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(name, fmt.Appendf(nil, written, quoted(text), strconv.Quote(policy)), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, complaint bytes.Buffer
	run([]string{"review", name, "-o", "html", "--only", "BW201", "--only", "BW204"}, strings.NewReader(""), &out, &complaint)
	if complaint.Len() > 0 {
		t.Fatal(complaint.String())
	}
	return tags(t, out.String())
}

// tags lists the tags of a text, with the names of their attributes.
func tags(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			tag := token.Name.Local
			for _, a := range token.Attr {
				tag += " " + a.Name.Local
			}
			out = append(out, tag)
		case xml.EndElement:
			out = append(out, "/"+token.Name.Local)
		}
	}
}
