// Package profiles holds what well-known workloads need of a bucket, and nothing more: log delivery, synchronisation,
// replication, a website. Each is a file in data: words, where AWS says so, and the statements as templates.
package profiles

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agext/levenshtein"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
)

// Profile is the least that a workload needs of one bucket.
type Profile struct {
	Name    string   // "cloudtrail"
	Summary string   // a sentence or two
	Sources []string // where AWS says so
	// Ownership are the settings of Object Ownership under which it works; it works under any when there are none.
	Ownership []policy.Ownership
	// Requires and Takes are names of Parameters, those that it cannot do without first. Every profile requires bucket, and
	// takes account and region.
	Requires, Takes []string
	Spare           []string // actions that it is better off with, but can do without
	// Delivers is set where a service gets in for nothing else: it writes logs or reports, and whoever lets it in wants them.
	Delivers bool

	bucket, identity template // statements of the bucket policy, and more ones of the identity policy
}

//go:embed data/*.txtar
var data embed.FS

// All returns the profiles in the order of their names. Its elements are not to be changed.
func All() []*Profile { return all() }

var all = sync.OnceValue(func() []*Profile {
	files, err := data.ReadDir("data")
	if err != nil {
		panic(err)
	}
	var out []*Profile
	for _, f := range files {
		text, err := data.ReadFile(path.Join("data", f.Name()))
		if err != nil {
			panic(err)
		}
		p, err := parse(strings.TrimSuffix(f.Name(), ".txtar"), text)
		if err != nil { // the files are the program's own
			panic(fmt.Errorf("%s: %w", f.Name(), err))
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *Profile) int { return strings.Compare(a.Name, b.Name) })
	return out
})

func parse(name string, text []byte) (*Profile, error) {
	archive := txtar.Parse(text)
	p := &Profile{Name: name, Summary: strings.TrimSpace(string(archive.Comment))}
	for _, f := range archive.Files {
		var err error
		switch f.Name {
		case "profile.json":
			err = json.Unmarshal(f.Data, p)
		case "bucket":
			p.bucket, err = parseTemplate(string(f.Data))
		case "identity":
			p.identity, err = parseTemplate(string(f.Data))
		default:
			err = fmt.Errorf("section %q must be profile.json, bucket or identity", f.Name)
		}
		if err != nil {
			return nil, err
		}
	}
	p.Requires = append([]string{"bucket"}, p.Requires...)
	for _, common := range []string{"account", "region"} {
		if !slices.Contains(p.Requires, common) {
			p.Takes = append(p.Takes, common)
		}
	}
	return p, nil
}

// Find returns the profile with a name. The error names all there are, the nearest first.
func Find(name string) (*Profile, error) {
	var names []string
	for _, p := range All() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	distance := func(s string) int { return levenshtein.Distance(clipped(name), s, nil) }
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(distance(a), distance(b)) })
	all := "; the profiles are "
	if near := didYouMean(name, names); near != "" {
		all = near + " The profiles are "
	}
	return nil, fmt.Errorf("no profile %s%s%s", quoted(name), all, strings.Join(names, ", "))
}

// quoted shows what somebody wrote, which may be anything, in one short line.
func quoted(s string) string { return strconv.Quote(clipped(s)) }

func clipped(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "..."
	}
	return s
}
