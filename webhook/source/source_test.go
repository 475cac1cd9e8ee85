package source

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write what the tests get into testdata")

// golden compares what got returns for each x.yaml in testdata/pattern with x.txt after it; with -update it writes x.txt.
func golden(t *testing.T, pattern string, got func(*testing.T, map[string]any) string) {
	t.Helper()
	for file, archive := range archives(t, pattern) {
		out := &txtar.Archive{Comment: archive.Comment}
		for i, f := range archive.Files {
			name, ok := strings.CutSuffix(f.Name, ".yaml")
			if !ok {
				continue
			}
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				text := got(t, decode(t, f.Data))
				out.Files = append(out.Files, f, txtar.File{Name: name + ".txt", Data: []byte(text)})
				want := ""
				if i+1 < len(archive.Files) && archive.Files[i+1].Name == name+".txt" {
					want = string(archive.Files[i+1].Data)
				}
				if diff := cmp.Diff(want, text); diff != "" && !*update {
					t.Errorf("-want +got\n%s", diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(out), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func archives(t testing.TB, pattern string) map[string]*txtar.Archive {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join("testdata", pattern))
	all := map[string]*txtar.Archive{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = archive
	}
	if len(all) == 0 {
		t.Fatalf("no testdata/%s", pattern)
	}
	return all
}

// objects returns every x.yaml in testdata/pattern.
func objects(t testing.TB, pattern string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, archive := range archives(t, pattern) {
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				all = append(all, decode(t, f.Data))
			}
		}
	}
	return all
}

// decode decodes YAML the way the API server decodes JSON: whole numbers become int64.
func decode(t testing.TB, text []byte) map[string]any {
	t.Helper()
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	var obj map[string]any
	if err := utiljson.Unmarshal(data, &obj); err != nil {
		t.Fatal(err)
	}
	return obj
}

func TestRead(t *testing.T) {
	golden(t, "read/*.txtar", func(t *testing.T, obj map[string]any) string {
		r, ok, err := Read(obj)
		if !ok {
			t.Errorf("%v %v is no source", obj["apiVersion"], obj["kind"])
		}
		return dump(r, err)
	})
}

func TestEveryKindHasACase(t *testing.T) {
	seen := map[schema.GroupKind]bool{}
	for _, obj := range objects(t, "read/*.txtar") {
		if r, _, err := Read(obj); err == nil {
			seen[r.Source.GroupKind()] = true
		}
	}
	for _, s := range slices.Concat(All(), Identities()) {
		if !seen[s.GroupKind()] {
			t.Errorf("no readable case of %v", s.GroupKind())
		}
	}
}

// dump writes what is not zero in a Reading, one thing a line.
func dump(r Reading, err error) string {
	var b strings.Builder
	line := func(name string, parts ...any) {
		text := strings.Join(strings.Fields(fmt.Sprintln(parts...)), " ")
		if strings.Trim(text, "()") != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, text)
		}
	}
	if err != nil {
		line("error", err)
	}
	dumpName(line, "name", r.Name)
	dumpName(line, "access point", BucketName(r.AccessPoint))
	for _, d := range r.Documents {
		line("document", d.Pointer, d.Field, d.Encoding, d.Side, when(d.Shadowed, "shadowed"), when(d.Refs, "refs"))
		fmt.Fprintf(&b, "\t%s\n", strings.ReplaceAll(strings.TrimSpace(d.Raw), "\n", "\n\t"))
		if d.Err != nil {
			line("document error", d.Err)
		}
		if d.Encoded != d.Raw {
			line("encoded", d.Encoded)
		}
		line("overwritten", strings.Join(d.Overwritten, " "))
	}
	line("blank", strings.Join(r.Blank, " "))
	for _, s := range r.Ownership {
		line("ownership", s.Value, at(s.Pointer), s.Side, when(s.CreateOnly, "create only"))
	}
	for _, p := range r.PublicAccessBlock {
		line("public access block", block(p), at(p.Pointer), p.Side, when(p.Absent, "absent"))
	}
	if all, ok := r.BlockPublicAccess(); ok && len(r.PublicAccessBlock) > 1 {
		line("together", block(all))
	}
	dumpACL(line, "", r.ACL)
	dumpACL(line, "object ", r.ObjectACL)
	line("object key", r.ObjectKey.Value, at(r.ObjectKey.Pointer))
	dumpName(line, "log target", r.LogTarget)
	dumpACL(line, "log ", r.LogACL)
	for _, f := range []struct {
		name string
		text *Text
	}{
		{"versioning", r.Features.Versioning}, {"access log", r.Features.AccessLog}, {"key", r.Features.Key},
		{"object lock", r.Features.ObjectLock}, {"abort uploads", r.Features.AbortUploads},
	} {
		if f.text != nil && f.text.Value != "" {
			line(f.name, f.text.Value, at(f.text.Pointer))
		}
	}
	for _, t := range []struct {
		name string
		text Text
	}{
		{"account", r.Account}, {"bucket account", r.BucketAccount}, {"region", r.Region}, {"partition", r.Partition},
		{"profile", r.Profile}, {"parameters", r.Parameters},
	} {
		line(t.name, t.text.Value, at(t.text.Pointer))
	}
	line("provider config", r.ProviderConfig.Kind, r.ProviderConfig.Name, at(r.ProviderConfig.Pointer))
	line("mode", when(r.Mode.ObserveOnly, "observe only"), when(r.Mode.Adopting, "adopting"),
		when(r.Mode.Paused, "paused"), when(r.Mode.Orphan, "orphan"), when(r.Deleting, "deleting"))
	line("owner", r.Owner.Composite, r.Owner.ClaimNamespace, r.Owner.Claim, r.Owner.Resource)
	if c := r.Owner.Controller; c != nil {
		line("controller", c.GroupVersion(), c.Kind, c.Name)
	}
	return b.String()
}

func dumpACL(line func(string, ...any), whose string, a ACL) {
	for _, s := range a.Canned {
		line(whose+"acl", s.Value, at(s.Pointer), s.Side)
	}
	for _, g := range a.Grants {
		line(whose+"grant", g.Permission, "id="+g.ID, "uri="+g.URI, "email="+g.Email, "unknown="+g.Unknown, at(g.Pointer), g.Side)
	}
}

func dumpName(line func(string, ...any), what string, n BucketName) {
	line(what, n.Literal, at(n.Pointer))
	if n.Ref != nil {
		line(what+" ref", n.Ref.Namespace+"/"+n.Ref.Name, at(n.Ref.Pointer), when(n.Ref.Always, "always"))
	}
	if s := n.Selector; s != nil {
		line(what+" selector", s.Namespace+"/", s.MatchLabels, at(s.Pointer),
			when(s.MatchControllerRef, "same controller"), when(s.Always, "always"))
	}
}

func block(p PublicAccessBlock) string {
	switches := ""
	for _, on := range []*bool{p.BlockPublicAcls, p.BlockPublicPolicy, p.IgnorePublicAcls, p.RestrictPublicBuckets} {
		switch {
		case on == nil:
			switches += "-"
		case *on:
			switches += "1"
		default:
			switches += "0"
		}
	}
	return switches
}

func at(pointer string) string { return "(" + pointer + ")" }

func when(b bool, s string) string {
	if b {
		return s
	}
	return ""
}

func TestReadUnknown(t *testing.T) {
	for _, obj := range []map[string]any{
		nil,
		{"apiVersion": "v1", "kind": "ConfigMap"},
		{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "BucketPolicy"},
		{"apiVersion": 7.0, "kind": []any{}},
		{"kind": "Bucket"},
	} {
		if r, ok, err := Read(obj); ok || err != nil || r.Input() != "" {
			t.Errorf("Read(%v) = %v, %v", obj, ok, err)
		}
	}
}

func TestReadErrorIsFieldError(t *testing.T) {
	_, _, err := Read(map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "spec": map[string]any{"policy": 1.0},
	})
	var field *FieldError
	if !errors.As(err, &field) || field.Pointer != "/spec/policy" {
		t.Errorf("got %v", err)
	}
}

func TestAll(t *testing.T) {
	all := slices.Concat(All(), Identities())
	for i, s := range all {
		got, ok := Lookup(s.GroupKind())
		if diff := cmp.Diff(s, got); diff != "" || !ok {
			t.Errorf("Lookup(%v): %v, -want +got\n%s", s.GroupKind(), ok, diff)
		}
		if s.Plural != strings.ToLower(s.Plural) || !strings.HasPrefix(s.Plural, strings.ToLower(s.Kind)[:len(s.Kind)-1]) {
			t.Errorf("%v: plural %q", s.GroupKind(), s.Plural)
		}
		for _, f := range slices.Concat(s.Bucket, s.AccessPoint, s.Logs.Target) {
			if f.Literal == "" || (f.Ref == "") != (f.Selector == "") {
				t.Errorf("%v: incomplete name field %v", s.GroupKind(), f)
			}
		}
		if want := strings.Contains(s.Kind, "AccessPoint") || s.Service != ""; s.OnAccessPoint() != want {
			t.Errorf("%v: OnAccessPoint is %v", s.GroupKind(), !want)
		}
		if want := i >= len(All()); s.OnIdentity() != want {
			t.Errorf("%v: OnIdentity is %v", s.GroupKind(), !want)
		}
		for _, p := range judged(s) {
			if !strings.HasPrefix(p, "/spec/") && !strings.HasPrefix(p, "/metadata/") {
				t.Errorf("%v: pointer %q", s.GroupKind(), p)
			}
		}
	}
	if len(all) != len(kinds) {
		t.Errorf("%d rows make %d kinds", len(all), len(kinds))
	}
}
