package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the want section of each testdata file")

// Each testdata file is a small package. Its last section is the Go file it gives, or the error.
func TestSource(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := &ar.Files[len(ar.Files)-1]
			got := generate(t, ar.Files[:len(ar.Files)-1])
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A neighbour has its actions by level, and the ARNs of its resources; each has to be in the package.
func TestNeighbourSource(t *testing.T) {
	fs := files{"package.json": []byte(`{"version": "1.2.3"}`)}
	if _, err := neighbourSource(fs); err == nil || err.Error() != "data/actions/s3-object-lambda.json: not in the package" {
		t.Errorf("without its file: %v", err)
	}
	for _, service := range neighbours {
		fs["data/actions/"+service+".json"] = []byte(`{
			"b": {"name": "PutThing", "accessLevel": "Write"}, "a": {"name": "GetThing", "accessLevel": "Read"},
			"c": {"name": "GetAll", "accessLevel": "Read"}}`)
		fs["data/resourceTypes/"+service+".json"] = []byte(`{"thing": {"key": "Thing", "arn": "arn:${Partition}:x:thing/${Name}"}}`)
	}
	src, err := neighbourSource(fs)
	if err != nil {
		t.Fatal(err)
	}
	const want = `	{Prefix: "s3vectors", actions: map[Level][]string{
		Read: {
			"s3vectors:GetAll",
			"s3vectors:GetThing",
		},
		Write: {
			"s3vectors:PutThing",
		},
	}, ARNs: []string{
		"arn:${Partition}:x:thing/${Name}",
	}},
}
`
	if !strings.HasSuffix(string(src), want) {
		t.Errorf("got\n%s\nwant at the end\n%s", src, want)
	}
	fs["data/actions/s3tables.json"] = []byte(`{"a": {"name": "GetThing", "accessLevel": "Sometimes"}}`)
	if _, err := neighbourSource(fs); err == nil || !strings.Contains(err.Error(), `access level "Sometimes" is not known`) {
		t.Errorf("an unknown level: %v", err)
	}
}

func generate(t *testing.T, in []txtar.File) string {
	t.Helper()
	fs, err := untar(pack(t, in))
	if err != nil {
		t.Fatal(err)
	}
	tab, err := read(fs)
	if err != nil {
		return err.Error() + "\n"
	}
	src, err := tab.source()
	if err != nil {
		return err.Error() + "\n"
	}
	return string(src)
}

// pack makes a tarball as npm pack does.
func pack(t *testing.T, in []txtar.File) []byte {
	t.Helper()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	tw := tar.NewWriter(zw)
	for _, f := range in {
		h := &tar.Header{Name: "package/" + f.Name, Mode: 0o644, Size: int64(len(f.Data)), Typeflag: tar.TypeReg}
		if err := tw.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write(f.Data); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestVerify(t *testing.T) {
	const empty = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
	if err := verify(nil, empty); err != nil {
		t.Error(err)
	}
	if err := verify([]byte("x"), empty); err == nil || !strings.Contains(err.Error(), "want "+empty) {
		t.Errorf("verify of other bytes: %v", err)
	}
}

// Without npm there is nothing to generate from, and the message says what to install.
func TestFetchWithoutNPM(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := fetch(t.Context())
	if err == nil || err.Error() != "npm is not on PATH: install Node.js to regenerate the catalogue" {
		t.Errorf("fetch: %v", err)
	}
}
