package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	agpl = `This program is free software: you can redistribute it and/or modify it under the terms of the GNU Affero General
Public License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later
version.`
	isc = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF
CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`
)

// fake lays out a module with these files; its one package is in the directory pkg.
func fake(t *testing.T, files map[string]string) *module {
	t.Helper()
	m := &module{Path: "example.com/fake", Version: "v1.0.0", Dir: t.TempDir(), linked: true}
	m.dirs = []string{filepath.Join(m.Dir, "pkg")}
	files["pkg/pkg.go"], files["other/COPYING"] = "package pkg", agpl // nobody uses other
	for name, text := range files {
		path := filepath.Join(m.Dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func TestCheck(t *testing.T) {
	const (
		wrong    = "example.com/fake v1.0.0: "
		unneeded = "example.com/fake: the exception is not needed"
	)
	tools := map[string]exception{"example.com/fake": {licences: "AGPL-3.0-or-later", run: true}}
	for _, c := range []struct {
		name       string
		files      map[string]string
		run        bool
		exceptions map[string]exception
		want       []string
	}{
		{name: "allowed", files: map[string]string{"LICENCE": isc}},
		{name: "allowed, with an exception", files: map[string]string{"LICENCE": isc}, exceptions: tools,
			want: []string{unneeded}},
		{name: "none", files: map[string]string{}, want: []string{wrong + "the licence unknown is not allowed (DIR)"}},
		{name: "another text", files: map[string]string{"LICENSE": "All rights reserved."},
			want: []string{wrong + "the licence unknown is not allowed (DIR/LICENSE)"}},
		{name: "AGPL", files: map[string]string{"COPYING": agpl},
			want: []string{wrong + "the licence AGPL-3.0-or-later is not allowed (DIR/COPYING)"}},
		{name: "AGPL beside the package", files: map[string]string{"LICENSE": isc, "pkg/LICENSE.txt": agpl},
			want: []string{wrong + "the licence AGPL-3.0-or-later is not allowed (DIR/pkg/LICENSE.txt)"}},
		{name: "AGPL in a tool", files: map[string]string{"COPYING": agpl}, run: true, exceptions: tools},
		{name: "AGPL of a tool, linked", files: map[string]string{"COPYING": agpl}, exceptions: tools,
			want: []string{wrong + "AGPL-3.0-or-later is allowed in tools alone, and code of ours links it (DIR/COPYING)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := fake(t, c.files)
			m.linked = !c.run
			got, err := check(modules{"": m}, c.exceptions)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range got {
				got[i] = strings.ReplaceAll(line, m.Dir, "DIR")
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNotices(t *testing.T) {
	a, b := fake(t, map[string]string{"LICENSE": isc, "NOTICE": "By A."}), fake(t, map[string]string{"LICENSE": isc})
	a.Path, b.Path = "example.com/a", "example.com/b"
	name := filepath.Join(t.TempDir(), "notices")
	if err := writeNotices(name, modules{"a": a, "b": b}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	line := "\n" + strings.Repeat("=", 80) + "\n"
	want := "Bucketwarden is built with these. Its own licence is in the file LICENSE.\n" +
		line + "example.com/a v1.0.0, LICENSE\nexample.com/b v1.0.0, LICENSE\n\n" + isc + "\n" +
		line + "example.com/a v1.0.0, NOTICE\n\nBy A.\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}
