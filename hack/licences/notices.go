package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// writeNotices writes the licences and notices of the modules, each text once, below the names of those that it is for.
func writeNotices(name string, all modules) error {
	texts := map[string][]string{}
	for _, m := range all.sorted() {
		licences, err := m.files(licenceFile)
		if err != nil {
			return err
		}
		notices, err := m.files(noticeFile)
		if err != nil {
			return err
		}
		for _, file := range append(licences, notices...) {
			if err := m.quote(texts, file); err != nil {
				return err
			}
		}
	}
	var out bytes.Buffer
	fmt.Fprintln(&out, "Bucketwarden is built with these. Its own licence is in the file LICENSE.")
	order := slices.SortedFunc(maps.Keys(texts), func(a, b string) int { return cmp.Compare(texts[a][0], texts[b][0]) })
	for _, text := range order {
		fmt.Fprintf(&out, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), strings.Join(texts[text], "\n"), text)
	}
	return os.WriteFile(name, out.Bytes(), 0o644)
}

// quote puts the text of one of the module's files into texts.
func (m *module) quote(texts map[string][]string, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	inside, err := filepath.Rel(m.Dir, file)
	if err != nil {
		return err
	}
	key := strings.TrimSpace(string(text))
	texts[key] = append(texts[key], fmt.Sprintf("%s %s, %s", m.Path, m.Version, filepath.ToSlash(inside)))
	return nil
}
