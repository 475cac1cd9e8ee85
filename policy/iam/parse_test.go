package iam_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

var update = flag.Bool("update", false, "write what Parse answers into testdata")

// TestTestdata holds Parse to testdata: a sentence why, the document (policy.json, or quoted as in Go where its bytes
// do not survive in a text file), and either how it is understood or the error.
func TestTestdata(t *testing.T) {
	for _, c := range []struct {
		dir, section string
		answer       func(*iam.Document, error) string
	}{
		{"ok", "document", func(d *iam.Document, err error) string {
			if err != nil {
				return "refused: " + err.Error()
			}
			return describe(d)
		}},
		{"err", "error", func(_ *iam.Document, err error) string {
			if err == nil {
				return "accepted\n"
			}
			return err.Error() + "\n"
		}},
	} {
		names, err := filepath.Glob(filepath.Join("testdata", c.dir, "*.txtar"))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", c.dir, len(names), err)
		}
		for _, name := range names {
			t.Run(c.dir+"/"+strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
				a, err := txtar.ParseFile(name)
				if err != nil {
					t.Fatal(err)
				}
				got := c.answer(iam.Parse(input(t, a)))
				if *update {
					a.Files = append(a.Files[:1], txtar.File{Name: c.section, Data: []byte(got)})
					if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				if len(a.Comment) == 0 || len(a.Files) != 2 || a.Files[1].Name != c.section {
					t.Fatalf("want a sentence why, a document and -- %s --", c.section)
				}
				if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", strings.TrimSpace(string(a.Comment)), diff)
				}
			})
		}
	}
}

func input(t testing.TB, a *txtar.Archive) string {
	t.Helper()
	f := a.Files[0]
	if f.Name == "policy.json" {
		return string(f.Data)
	}
	text, err := strconv.Unquote(strings.TrimSpace(string(f.Data)))
	if f.Name != "quoted" || err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return text
}

// describe prints what a document's fields hold, and then every value with its place.
func describe(d *iam.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Version=%q ID=%q variables=%t identity=%t\n", d.Version, d.ID, d.HasVariables(), d.IsIdentityPolicy())
	if d.Statements == nil {
		b.WriteString("no Statement\n")
	}
	for i, s := range d.Statements {
		fmt.Fprintf(&b, "%d: Sid=%q Effect=%q\n", i, s.Sid, s.Effect)
		describePrincipal(&b, "Principal", s.Principal)
		describePrincipal(&b, "NotPrincipal", s.NotPrincipal)
		describeList(&b, "Action", s.Action)
		describeList(&b, "NotAction", s.NotAction)
		describeList(&b, "Resource", s.Resource)
		describeList(&b, "NotResource", s.NotResource)
		if s.Condition != nil && len(s.Condition) == 0 {
			b.WriteString("   Condition\n")
		}
		for _, c := range s.Condition {
			describeList(&b, fmt.Sprintf("Condition %q %q", c.Operator, c.Key), c.Values)
		}
	}
	for _, v := range values(d.Root()) {
		line, column := d.Position(v.Start)
		what := v.Kind.String()
		if len(v.Elements)+len(v.Members) == 0 {
			what += " " + v.Compact()
		}
		fmt.Fprintln(&b, strings.Join(strings.Fields(fmt.Sprintf("%d:%d %s %s", line, column, v.Path(), what)), " "))
	}
	return b.String()
}

func describePrincipal(b *strings.Builder, name string, p *iam.Principal) {
	if p == nil {
		return
	}
	fmt.Fprintf(b, "   %s any=%t %q\n", name, p.Any, p.Value.Text)
	for _, e := range p.Entries {
		fmt.Fprintf(b, "   %s %s %q\n", name, e.Type, e.ID.Text)
	}
}

func describeList(b *strings.Builder, name string, list []*iam.Value) {
	if list == nil {
		return
	}
	b.WriteString("   " + name)
	for _, v := range list {
		fmt.Fprintf(b, " %q", v.Text)
	}
	b.WriteByte('\n')
}

// TestParseBounds has what is too large to be a file.
func TestParseBounds(t *testing.T) {
	long := strings.Repeat("k", iam.MaxName)
	for _, c := range []struct{ name, text, want string }{
		{"as large as can be", "{}" + strings.Repeat(" ", iam.MaxSize-2), ""},
		{"too large", "{}" + strings.Repeat(" ", iam.MaxSize-1), "the document is larger than 131072 bytes; S3 accepts at most 20480"},
		{"lists without end", strings.Repeat("[", 100_000), "line 1, column 17: nested deeper than 16 levels"},
		{"objects without end", strings.Repeat(`{"Id":`, 20_000), "line 1, column 97: nested deeper than 16 levels"},
		{"as deep as can be", strings.Repeat("[", 16) + strings.Repeat("]", 16), "line 1, column 1: a list stands where an object belongs"},
		{"a name as long as can be", `{"Statement": {"Principal": {"` + long + `": []}}}`, ""},
		{"a name too long", `{"Statement": {"Principal": {"` + long + `k": []}}}`,
			"line 1, column 30: Statement[0].Principal: a name has 1025 bytes; the longest may have 1024"},
		{"long text is cut in a message", `{"Version": "` + strings.Repeat("é", 90) + `"}`,
			"line 1, column 13: Version: version \"" + strings.Repeat("é", 29) + "... must be 2012-10-17 or 2008-10-17"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if _, err := iam.Parse(c.text); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
	if _, err := iam.Parse(strings.Repeat(" ", iam.MaxSize+1)); !errors.Is(err, iam.ErrTooLarge) {
		t.Errorf("%v is not ErrTooLarge", err)
	}
}

// TestParseRepeatedNames tries objects of every size around the one from which names are looked up in a map.
func TestParseRepeatedNames(t *testing.T) {
	for n := 1; n < 40; n++ {
		for first := range n {
			var names []string
			for i := range n {
				names = append(names, fmt.Sprintf(`"k%d": []`, i))
			}
			for _, again := range []string{`"k%d": []`, `"K%d": []`, "\"\u212a%d\": []"} { // U+212A is the Kelvin sign
				all := append(slices.Clone(names), fmt.Sprintf(again, first))
				_, err := iam.Parse(`{"Statement": {"Principal": {` + strings.Join(all, ", ") + `}}}`)
				var syntax *iam.SyntaxError
				if !errors.As(err, &syntax) || !strings.Contains(syntax.Reason, fmt.Sprintf(`"k%d"`, first)) {
					t.Fatalf("%s after %d names: %v", all[n], n, err)
				}
			}
		}
	}
}

func TestSyntaxError(t *testing.T) {
	_, err := iam.Parse("{\"Id\": \"é\",\n \"Statement\": {\"Effect\": \"allow\"}}")
	var got *iam.SyntaxError
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	want := &iam.SyntaxError{
		Offset: 38, Line: 2, Column: 26, Path: "Statement[0].Effect",
		Reason: `effect "allow" must be Allow or Deny`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
