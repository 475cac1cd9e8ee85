package iam_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// seeds adds every document of testdata.
func seeds(f *testing.F, add func(string)) {
	f.Helper()
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		add(input(f, a))
	}
	for seed := range uint64(20) {
		add(randomDocument(rand.New(rand.NewPCG(seed, 1))))
	}
}

// FuzzParse holds Parse to encoding/json, which reads more but must never read something else.
func FuzzParse(f *testing.F) {
	seeds(f, func(text string) { f.Add(text) })
	f.Fuzz(func(t *testing.T, text string) {
		d, err := iam.Parse(text)
		var syntax *iam.SyntaxError
		switch {
		case errors.As(err, &syntax):
			if syntax.Offset < 0 || syntax.Offset > len(text) || syntax.Reason == "" || strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("%#v", err)
			}
			return
		case err != nil && !errors.Is(err, iam.ErrTooLarge):
			t.Errorf("%T: %v", err, err)
			return
		case err != nil || len(text) > 4096: // the checks below look at everything again for every value
			return
		}
		checkStruct(t, d)
		checkPositions(t, d)
		compact := d.Root().Compact()
		if diff := cmp.Diff(decode(t, text), value(compact)); diff != "" {
			t.Errorf("Compact (-want +got):\n%s", diff)
		}
		if again := mustParse(t, compact); again.Root().Compact() != compact || describe(again) != describe(mustParse(t, compact)) {
			t.Errorf("%s is read as %s", compact, again.Root().Compact())
		}
		for _, v := range values(d.Root()) {
			checkValue(t, d, v)
		}
	})
}

// checkStruct decodes the document as providers do: into a struct, whose fields take their name in any case.
func checkStruct(t *testing.T, d *iam.Document) {
	t.Helper()
	var got struct {
		Version, ID string
		Statement   json.RawMessage
	}
	decoder := json.NewDecoder(strings.NewReader(d.Text()))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err)
	}
	list := ""
	if v := d.Root().Member("Statement"); v != nil {
		list = d.Text()[v.Start:v.End]
	}
	if got.Version != d.Version || got.ID != d.ID || string(got.Statement) != list {
		t.Errorf("encoding/json reads %+v in %s", got, d.Text())
	}
}

func checkValue(t *testing.T, d *iam.Document, v *iam.Value) {
	t.Helper()
	if diff := cmp.Diff(decode(t, d.Text()[v.Start:v.End]), value(v.Compact())); diff != "" {
		t.Errorf("%s (-text +value):\n%s", v.Path(), diff)
	}
	if got := d.Lookup(v.Path()); got != v {
		t.Errorf("at %s there is %v, want %v", v.Path(), got, v)
	}
	for i, m := range v.Members {
		if v.Member(m.Name) != m.Value {
			t.Errorf("%s: member %q is another one", v.Path(), m.Name)
		}
		for _, other := range v.Members[:i] {
			if strings.EqualFold(m.Name, other.Name) {
				t.Errorf("%s: %q repeats %q", v.Path(), m.Name, other.Name)
			}
		}
	}
}

// FuzzApply makes random edits to whatever Parse accepts.
func FuzzApply(f *testing.F) {
	seeds(f, func(text string) { f.Add(text, uint64(len(text))) })
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		if _, err := iam.Parse(text); err != nil || len(text) > 1024 {
			return
		}
		checkApply(t, text, scan(t, text).edits(rand.New(rand.NewPCG(seed, 0))))
	})
}

// FuzzPath takes any text for a path: nothing may break, and what has a meaning has it in its usual spelling too.
func FuzzPath(f *testing.F) {
	d := mustParse(f, `{"Statement": [{"Condition": {"a.b": {"x\"y": ["a"], "é": "b"}}}]}`)
	for _, v := range values(d.Root()) {
		f.Add(string(v.Path()))
	}
	f.Fuzz(func(t *testing.T, p string) {
		at := iam.Path(p)
		v := d.Lookup(at)
		if v != nil && d.Lookup(v.Path()) != v {
			t.Errorf("%s and %s are two places", at, v.Path())
		}
		if _, err := d.Apply([]iam.Edit{{At: at}}); (err == nil) != (v != nil && v != d.Root()) {
			t.Errorf("%s: %v", at, err)
		}
		if n := at.Statement(); n < -1 {
			t.Errorf("%s lies in statement %d", at, n)
		}
		d.PositionOf(at)
	})
}
