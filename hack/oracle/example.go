package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// writeExamples writes the shortest pair of each known disagreement to <dir>/<peer>/<class>.json, unless that is there.
// It does nothing for the empty dir.
func (t *tally) writeExamples(dir string) error {
	for peer, p := range sorted(t.peers) {
		for class, example := range sorted(p.examples) {
			path := filepath.Join(dir, peer, class+".json")
			if _, err := os.Stat(path); dir == "" || !errors.Is(err, fs.ErrNotExist) {
				continue
			}
			var b bytes.Buffer
			if err := json.Indent(&b, []byte(example.String()+"\n"), "", "  "); err != nil {
				return err
			}
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
				return err
			}
		}
	}
	return nil
}

// readPair reads what String writes.
func readPair(text []byte) (pair, error) {
	var p pair
	if err := json.Unmarshal(text, &p.request); err != nil {
		return pair{}, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var rest struct {
		ID     int
		Policy map[string]any
	}
	if err := d.Decode(&rest); err != nil {
		return pair{}, err
	}
	p.id, p.policy, p.follows = rest.ID, rest.Policy, follows(p.request.Principal)
	return p, nil
}

func follows(principal string) authz.Context {
	for _, c := range callers {
		if c.principal == principal {
			return c.follows
		}
	}
	return nil
}
