package report

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// What is written item by item is, byte for byte, what the whole is when it is written at once.
func TestJSONAsItGoes(t *testing.T) {
	items := 0
	for _, f := range append(manifests(t), nil) {
		in := files.Of()
		if f != nil { // nothing at all is a case too
			in = files.Of(f)
		}
		all := slices.Collect(in.Judge(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Restricted}))
		whole := struct {
			APIVersion string        `json:"apiVersion"`
			Kind       string        `json:"kind"`
			Items      []itemOutput  `json:"items"`
			Summary    summaryOutput `json:"summary"`
		}{"bucketwarden.dev/v1alpha1", "Review", nil, newSummary(in)}
		for _, j := range all {
			whole.Summary.add(j)
			whole.Items = append(whole.Items, newItemOutput(j, new(manifest.Places)))
		}
		items += len(all)
		var want, got bytes.Buffer
		if err := program.WriteJSON(&want, whole); err != nil {
			t.Fatal(err)
		}
		if err := program.StreamJSON(&got, newReviewOutput(in, slices.Values(all))); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("%d items (-whole +as it goes):\n%s", len(all), diff)
		}
	}
	if items < 50 {
		t.Errorf("%d items: the scripts are not read as they should be", items)
	}
}

// A name that JSON cannot hold is said before anything is written.
func TestJSONNames(t *testing.T) {
	good, err := manifest.Parse("a.json", `{"Version": "2012-10-17", "Statement": []}`)
	if err != nil {
		t.Fatal(err)
	}
	bad, err := manifest.Parse("b\xff.json", good.Text)
	if err != nil {
		t.Fatal(err)
	}
	in := files.Of(good, bad)
	var out bytes.Buffer
	err = WriteReview(&out, "json", "", in, in.Judge(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Baseline}))
	if want := "b\xff.json: the file's name is not UTF-8, and JSON cannot hold it; rename the file"; err == nil || err.Error() != want || out.Len() > 0 {
		t.Errorf("%v, and %q; want %s", err, out.String(), want)
	}
}

// manifests returns the manifests and policies of the scripts, and one whose text would command a build server.
func manifests(t testing.TB) []*manifest.File {
	t.Helper()
	scripts, err := filepath.Glob("../testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	hostile := `{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": {"name": "::a ##vso[b]\u2028\u001b"}, "spec": {"policy": "{"}}`
	all := []txtar.File{{Name: "##vso[a].yaml", Data: []byte(hostile)}}
	for _, name := range scripts {
		script, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, script.Files...)
	}
	var out []*manifest.File
	for _, f := range all {
		if parsed, _ := manifest.Parse(f.Name, strings.ToValidUTF8(string(f.Data), "")); len(parsed.Items) > 0 { // others are no manifests
			out = append(out, parsed)
		}
	}
	return out
}
