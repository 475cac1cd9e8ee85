package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

var (
	// In the plural it is a list of other modules' licences.
	licenceFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying)([-._].*)?$|^(mit|bsd|apache)-licen[cs]e`)
	noticeFile  = regexp.MustCompile(`(?i)^notices?(\.(txt|md))?$`)
	code        = regexp.MustCompile(`\.(go|s|c|h|py|sh|json|ya?ml|html|tmpl)$`)
)

// known is how much of a licence file has to be text of licences, in percent. pkg.go.dev asks the same.
const known = 75

// unknown stands where a name would: there is no licence file, or one that says something else.
const unknown = "unknown"

// read are the licences of texts that a person has read, as the library does not know them: by their SHA-256, so that a
// changed text has to be read again.
var read = map[string]string{
	// cert-manager's internal/cron: where the code comes from, robfig/cron's licence, and that all else is Apache-2.0
	"7da62784d8cb6024081a0f923cf3476d95e2cff3d9f6468fce1b6971f9c542d2": "MIT",
	// go-check-sumtype: "dual-licensed under the Unlicense and MIT licenses"
	"01c266bced4a434da0051174d6bee16a4c82cf634e2679b6155d40d75012390f": "MIT",
	// freetype: FTL or GPL-2.0 or later, "subject to your choice"
	"d3ba056adc2b7909e95681deaae397fb37c97ed491a920f491214f07b62c41d0": "FTL",
	// svgo: "licensed under the Creative Commons Attribution 4.0 International license", with an address
	"faef26bb83b741b22eed4593980048f1607bdc679232ca9635ccf505cf2abe77": "CC-BY-4.0",
}

// files are the module's files whose name fits, in the directories of its packages and above those, up to its root.
// What a package took from elsewhere has its licence beside it.
func (m *module) files(name *regexp.Regexp) ([]string, error) {
	seen := map[string]bool{}
	var out []string
	for _, dir := range append(m.dirs, m.Dir) {
		for ; !seen[dir] && strings.HasPrefix(dir, m.Dir); dir = filepath.Dir(dir) {
			seen[dir] = true
			entries, err := os.ReadDir(dir)
			if err != nil {
				return nil, err
			}
			for _, e := range entries {
				if e.Type().IsRegular() && name.MatchString(e.Name()) && !code.MatchString(e.Name()) {
					out = append(out, filepath.Join(dir, e.Name()))
				}
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// licences are the SPDX names of what the module's licence files say, each with a file that says it. They are all of them:
// a choice between two is not seen.
func (m *module) licences() (map[string]string, error) {
	files, err := m.files(licenceFile)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return map[string]string{unknown: m.Dir}, nil
	}
	out := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if id, ok := read[fmt.Sprintf("%x", sha256.Sum256(text))]; ok {
			out[id] = name
			continue
		}
		cover := licensecheck.Scan(text)
		for _, match := range cover.Match {
			if !match.IsURL {
				out[match.ID] = name
			}
		}
		if cover.Percent < known {
			out[unknown] = name
		}
	}
	return out, nil
}
