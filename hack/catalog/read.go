package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The services whose tables are taken, in the order of their prefixes.
var services = [...]string{"s3", "s3express"}

// maxFile bounds each file of the package; the largest one read has 0.2 MB.
const maxFile = 4 << 20

type files map[string][]byte // by path below package/

func untar(tarball []byte) (files, error) {
	zr, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return nil, err
	}
	fs := files{}
	tr := tar.NewReader(zr)
	for {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return fs, nil
		}
		if err != nil {
			return nil, err
		}
		name, ok := strings.CutPrefix(path.Clean(h.Name), "package/")
		if !ok || h.Typeflag != tar.TypeReg || h.Size > maxFile {
			continue
		}
		if fs[name], err = io.ReadAll(tr); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
}

func (fs files) json(name string, v any) error {
	data, ok := fs[name]
	if !ok {
		return fmt.Errorf("%s: not in the package", name)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// table is what the package says, sorted by name without regard to case.
type table struct {
	Version, Date string
	Actions       []action
	Types         []resourceType
	Keys          []key
}

type action struct {
	Name, Level string
	Types, Keys []string
}

type resourceType struct {
	Name, ARN string
	Keys      []string
}

type key struct {
	Name, Type, Category string // Category "" is not a global key
	PerAction            bool   // some actions support it, not all
}

func read(fs files) (*table, error) {
	var t table
	var p struct{ Version, UpdatedAt string }
	if err := fs.json("package.json", &p); err != nil {
		return nil, err
	}
	t.Version = p.Version
	t.Date, _, _ = strings.Cut(p.UpdatedAt, "T")
	keys := map[string]key{} // by lower-case name
	if err := readGlobalKeys(fs, keys); err != nil {
		return nil, err
	}
	for _, svc := range services {
		if err := errors.Join(t.readTypes(fs, svc), t.readActions(fs, svc), readKeys(fs, svc, keys)); err != nil {
			return nil, err
		}
	}
	t.Keys = slices.Collect(maps.Values(keys))
	slices.SortFunc(t.Keys, func(a, b key) int {
		return cmp.Or(compareFold(stem(a.Name), stem(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(t.Actions, func(a, b action) int { return compareFold(a.Name, b.Name) })
	return &t, nil
}

func (t *table) readTypes(fs files, svc string) error {
	var rows map[string]struct {
		Key, ARN      string
		ConditionKeys []string
	}
	if err := fs.json("data/resourceTypes/"+svc+".json", &rows); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		r := rows[id]
		t.Types = append(t.Types, resourceType{Name: qualify(svc, r.Key), ARN: r.ARN, Keys: normalAll(r.ConditionKeys)})
	}
	return nil
}

func (t *table) readActions(fs files, svc string) error {
	var rows map[string]struct {
		Name, AccessLevel string
		ConditionKeys     []string
		ResourceTypes     []struct {
			Name          string
			ConditionKeys []string
		}
	}
	if err := fs.json("data/actions/"+svc+".json", &rows); err != nil {
		return err
	}
	for _, r := range rows {
		a := action{Name: svc + ":" + r.Name, Level: r.AccessLevel, Keys: normalAll(r.ConditionKeys)}
		for _, rt := range r.ResourceTypes {
			a.Types = append(a.Types, qualify(svc, rt.Name))
			a.Keys = append(a.Keys, normalAll(rt.ConditionKeys)...)
		}
		t.Actions = append(t.Actions, a)
	}
	return nil
}

func readKeys(fs files, svc string, keys map[string]key) error {
	var rows map[string]struct{ Key, Type string }
	if err := fs.json("data/conditionKeys/"+svc+".json", &rows); err != nil {
		return err
	}
	for _, r := range rows {
		k := key{Name: normal(r.Key), Type: r.Type, PerAction: true}
		id := strings.ToLower(k.Name)
		if global, ok := keys[id]; ok && global.Type != k.Type {
			return fmt.Errorf("%s: type %s in %s, %s as a global key", k.Name, k.Type, svc, global.Type)
		}
		k.Category = keys[id].Category
		keys[id] = k
	}
	return nil
}

// The package keeps the global keys in JavaScript. It is matched, not run.
var globalKey = regexp.MustCompile(`key: '([^']+)',\s+category: '([^']+)',\s+type: '([^']+)'`)

const globalKeys = "dist/cjs/globalConditionKeys.js"

func readGlobalKeys(fs files, keys map[string]key) error {
	src := fs[globalKeys]
	rows := globalKey.FindAllSubmatch(src, -1)
	if n := bytes.Count(src, []byte("key: '")); n == 0 || n != len(rows) {
		return fmt.Errorf("%s: %d keys, of which %d have the expected form", globalKeys, n, len(rows))
	}
	for _, r := range rows {
		k := key{Name: normal(string(r[1])), Category: string(r[2]), Type: string(r[3])}
		keys[strings.ToLower(k.Name)] = k
	}
	for _, k := range corrections {
		id := strings.ToLower(k.Name)
		if keys[id] == k {
			return fmt.Errorf("%s: right in the package: remove it from corrections", k.Name)
		}
		keys[id] = k
	}
	return nil
}

// corrections are global keys that the package lacks or gives another type than AWS's own page:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var corrections = [...]key{
	{Name: "aws:SignInSessionArn", Type: "ARN", Category: "session"},
	{Name: "aws:SourceVpcArn", Type: "ARN", Category: "network"},
	{Name: "codebuild:BuildArn", Type: "ARN", Category: "session"},
	{Name: "codebuild:ProjectArn", Type: "ARN", Category: "session"},
}

// qualify keeps the types of directory buckets apart from those of S3, which have the same names.
func qualify(svc, resourceType string) string {
	if svc == "s3" {
		return resourceType
	}
	return svc + ":" + resourceType
}

// normal gives a family of global keys the placeholder that the service tables use.
func normal(key string) string { return strings.Replace(key, "/tag-key", "/${TagKey}", 1) }

func normalAll(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = normal(k)
	}
	return out
}

func compareFold(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) }

func stem(key string) string {
	before, _, family := strings.Cut(key, "/")
	if family {
		return before + "/"
	}
	return key
}
