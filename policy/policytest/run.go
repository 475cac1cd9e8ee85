// Package policytest is the one test driver of rules.
//
// The cases of a rule are the files <dir>/<rule>/{bad,ok}-*.txtar: a sentence that says why, then
//
//	-- policy.json --    the document; left out for kind settings
//	-- bucket.yaml --    what is known about the bucket; see Facts. Left out when nothing is
//	-- buckets.yaml --   the same of those that the policy of a role names, by their names
//	-- trust.yaml, old.json, forbid.json, cap.json, keys.yaml, accepted.json --    the rest of policy.Input
//	-- profile --        what the bucket is for, and parameters: cloudtrail account=111122223333 trail=main
//	-- findings --       what the rule says, exactly; written by -update
//	-- fixed.json --     the document with all fixes made; written by -update
//
// Without further code each case shows that the rule is silent on ok- and not on bad-, that its messages fit on one
// line, that a fix only narrows the document, that an Equivalent one also preserves what it grants, that fixing again
// changes nothing, and that the parser keeps every byte.
package policytest

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
)

var update = flag.Bool("update", false, "write what tests expect: the findings and fixed.json sections of the cases in testdata, the catalogue")

// Updating reports whether the test was started with -update: expected texts are written, not compared.
func Updating() bool { return *update }

// Run checks the list of rules, and every rule against its cases under dir. Each rule is a subtest by its name, and each case
// one in it, so that -run 'TestRules/NAME' -update writes the cases of one rule.
func Run(t *testing.T, dir string, rules []*policy.Rule) {
	t.Helper()
	fsys := os.DirFS(dir)
	if err := errors.Join(policy.Validate(rules), inventory(fsys, rules)); err != nil {
		t.Error(err)
	}
	for _, r := range rules {
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			names, _ := fs.Glob(fsys, r.Name+"/*.txtar") // the pattern is well-formed
			for _, name := range names {
				t.Run(strings.TrimSuffix(path.Base(name), ".txtar"), func(t *testing.T) {
					if err := runCase(r, dir, name, *update); err != nil {
						t.Error(err)
					}
				})
			}
		})
	}
}

// runCase checks one file, and rewrites it when asked to.
func runCase(r *policy.Rule, dir, name string, update bool) error {
	file, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	want, err := check(r, path.Base(name), file)
	if want == nil {
		return err
	}
	switch diff := diff(want, file); {
	case diff == "":
		return err
	case update:
		return errors.Join(err, os.WriteFile(filepath.Join(dir, name), want, 0o644))
	default:
		return errors.Join(err, fmt.Errorf("- what the rule says, + what the file says; -update rewrites it:\n%s", diff))
	}
}

// inventory complains about a rule without both kinds of cases, and about everything that belongs to no rule.
func inventory(fsys fs.FS, rules []*policy.Rule) error {
	var errs []error
	folders, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return err
	}
	for _, f := range folders {
		if !slices.ContainsFunc(rules, func(r *policy.Rule) bool { return r.Name == f.Name() }) {
			errs = append(errs, fmt.Errorf("%s: no rule has this name", f.Name()))
		}
	}
	for _, r := range rules {
		errs = append(errs, cases(fsys, r)...)
	}
	return errors.Join(errs...)
}

// cases complains about files of a rule that are no cases, and about a kind of case that is missing.
func cases(fsys fs.FS, r *policy.Rule) (errs []error) {
	files, err := fs.ReadDir(fsys, r.Name)
	if err != nil {
		return []error{fmt.Errorf("rule %s has no cases: %w", r.ID, err)}
	}
	var bad, ok int
	for _, f := range files {
		switch kind, rest, _ := strings.Cut(f.Name(), "-"); {
		case path.Ext(rest) != ".txtar":
			errs = append(errs, fmt.Errorf("%s/%s: not named bad-*.txtar or ok-*.txtar", r.Name, f.Name()))
		case kind == "bad":
			bad++
		case kind == "ok":
			ok++
		default:
			errs = append(errs, fmt.Errorf("%s/%s: not named bad-*.txtar or ok-*.txtar", r.Name, f.Name()))
		}
	}
	if bad == 0 || ok == 0 {
		errs = append(errs, fmt.Errorf("%s: %d bad- and %d ok- cases; a rule needs both", r.Name, bad, ok))
	}
	return errs
}
