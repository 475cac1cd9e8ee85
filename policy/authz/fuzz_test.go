package authz

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// FuzzDecide holds what is true of every document and request, whatever AWS means by them.
func FuzzDecide(f *testing.F) {
	files, err := filepath.Glob("testdata/documents/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:Put*","Resource":"*"}]}`
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for i := 0; i+1 < len(archive.Files); i += 2 {
			first, _, _ := strings.Cut(string(archive.Files[i+1].Data), " => ")
			fields := append(strings.SplitN(first, " ", 4), "{}")
			f.Add(string(archive.Files[i].Data), deny, fields[0], fields[1], fields[2], fields[3])
		}
	}
	f.Fuzz(func(t *testing.T, document, other, principal, action, resource, context string) {
		doc, err := iam.Parse(document)
		if err != nil {
			return
		}
		req := Request{Principal: principal, Action: action, Resource: resource}
		if json.Unmarshal([]byte(context), &req.Context) != nil {
			return
		}
		res := Decide(doc, req)
		if err := req.Validate(); err != nil {
			if res.Decision != Undecided || res.Reason != err.Error() {
				t.Errorf("%v gets %+v", err, res)
			}
			return
		}
		explained, _ := Explain(doc, req)
		if diff := cmp.Diff(res, explained); diff != "" {
			t.Errorf("Explain decides otherwise: %s", diff)
		}
		if res.Reason == "" || res.Statements == nil || !slices.IsSorted(res.Statements) {
			t.Errorf("malformed result %+v", res)
		}
		if res.NotAllowed != (res.Decision == ImplicitDeny || res.Decision == ExplicitDeny) && res.Decision != Undecided {
			t.Errorf("NotAllowed is %v at %s", res.NotAllowed, res.Decision)
		}
		reversed := slices.Clone(doc.Statements)
		slices.Reverse(reversed)
		if got := Decide(doc.With(reversed...), req); got.Decision != res.Decision || got.NotAllowed != res.NotAllowed {
			t.Errorf("backwards it is %s, not %s", got.Decision, res.Decision)
		}
		if denies, err := iam.Parse(other); err == nil {
			addDenies(t, doc, denies, req, res)
		}
	})
}

// addDenies checks that Deny statements only take away, and that taking away the Allows leaves nothing allowed.
func addDenies(t *testing.T, doc, denies *iam.Document, req Request, before Result) {
	isAllow := func(s iam.Statement) bool { return s.Effect != iam.Deny }
	more := doc.With(append(slices.DeleteFunc(slices.Clone(denies.Statements), isAllow), doc.Statements...)...)
	if more.IsIdentityPolicy() != doc.IsIdentityPolicy() {
		return // a Principal in one statement changes how those without are read
	}
	after := Decide(more, req)
	switch {
	case after.Decision == Allowed && before.Decision != Allowed:
		t.Errorf("a Deny makes Allowed of %s", before.Decision)
	case before.NotAllowed && !after.NotAllowed:
		t.Errorf("a Deny makes %s of %s", after.Decision, before.Decision)
	case before.Decision == ExplicitDeny && after.Decision != ExplicitDeny:
		t.Errorf("a Deny makes %s of ExplicitDeny", after.Decision)
	}
	if got := Decide(more.Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny }), req); !got.NotAllowed {
		t.Errorf("without an Allow it is %s", got.Decision)
	}
}

// FuzzContext holds that what is read can be written and read again.
func FuzzContext(f *testing.F) {
	f.Add(`{"a":"x","b":["y",1.50,true],"c":[]}`)
	f.Add(`{"a":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		var c, again Context
		if c.UnmarshalJSON([]byte(text)) != nil {
			return
		}
		out, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := again.UnmarshalJSON(out); err != nil {
			t.Fatalf("%s becomes %s: %v", text, out, err)
		}
		if diff := cmp.Diff(c, again); diff != "" {
			t.Errorf("%s becomes %s: %s", text, out, diff)
		}
	})
}
