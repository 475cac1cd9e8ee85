package manifest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/util/json"
)

var update = flag.Bool("update", false, "write what the tests get into testdata")

// golden compares what got makes of each case in testdata/pattern with its last file; with -update it writes that.
func golden(t *testing.T, pattern, last string, got func(*testing.T, []txtar.File) string) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join("testdata", pattern))
	if len(names) == 0 {
		t.Fatalf("no testdata/%s", pattern)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			n := len(archive.Files)
			want := ""
			if n > 0 && archive.Files[n-1].Name == last {
				n--
				want = string(archive.Files[n].Data)
			}
			text := got(t, archive.Files[:n])
			if *update {
				archive.Files = append(archive.Files[:n:n], txtar.File{Name: last, Data: []byte(text)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(want, text); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestParse(t *testing.T) {
	golden(t, "parse/*.txtar", "items", func(t *testing.T, files []txtar.File) string {
		var b strings.Builder
		for _, file := range files {
			f, err := Parse(file.Name, string(file.Data))
			for _, item := range f.Items {
				fmt.Fprintf(&b, "%s:%d", f.Name, item.Line)
				if item.Object == nil {
					fmt.Fprintf(&b, " document of %d bytes\n", len(item.Document))
					continue
				}
				text, err := json.Marshal(item.Object)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&b, " %s\n", text)
			}
			if f.PassedOver > 0 {
				fmt.Fprintf(&b, "%s: passed over %d\n", f.Name, f.PassedOver)
			}
			if err != nil {
				fmt.Fprintln(&b, err)
			}
		}
		return b.String()
	})
}

func TestParseBoundsAliases(t *testing.T) {
	var lists, merges strings.Builder
	lists.WriteString("a: &a x\n")
	merges.WriteString("a: &a {x: y}\n")
	for c := 'b'; c <= 'z'; c++ {
		fmt.Fprintf(&lists, "%c: &%[1]c [*%[2]c, *%[2]c]\n", c, c-1)
		fmt.Fprintf(&merges, "%c: &%[1]c {<<: [*%[2]c, *%[2]c]}\n", c, c-1)
	}
	for name, text := range map[string]string{
		"lists in lists":   lists.String(),
		"merges of merges": merges.String(),
		"a long text":      "a: &a " + strings.Repeat("x", 1<<20) + "\nb: [" + strings.Repeat("*a,", 100) + "]\n",
		"a circle":         "a: &a\n  b: *a\n",
		"a list of itself": "&a\nkind: List\nitems: [*a]\n",
		"a merged circle":  "&a\n<<: *a\n",
	} {
		f, err := Parse("bomb.yaml", text)
		if want := "bomb.yaml:1: its aliases expand to more than 32 MiB"; err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
		if len(f.Items)+f.PassedOver > 0 {
			t.Errorf("%s: read all the same", name)
		}
	}
}
