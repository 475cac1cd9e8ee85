package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/agext/levenshtein"
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// judgeFlags say how review, fix and drift judge.
type judgeFlags struct {
	pathFlags
	level   string
	only    []string
	context string
	trust   string
}

func (f *judgeFlags) register(cmd *cobra.Command) {
	f.registerRules(cmd)
	f.pathFlags.register(cmd)
	cmd.Flags().StringVar(&f.context, "bucket-context", "",
		"YAML `FILE` with what is known about the bucket of bare documents: name, ownership, acl, owner, region ...")
}

// registerRules adds the flags that do not need files to judge.
func (f *judgeFlags) registerRules(cmd *cobra.Command) {
	program.LevelFlag(cmd, &f.level)
	cmd.Flags().StringArrayVar(&f.only, "only", nil, "apply only this rule: an `ID` or a name; may be repeated")
	program.TrustFlag(cmd, &f.trust)
	program.Complete(cmd, "only", ruleIDs()...)
}

// reviewer returns what the flags ask for. The error names the flag.
func (f judgeFlags) reviewer() (review.Reviewer, error) {
	out := review.Reviewer{Rules: rules.All, Now: time.Now()}
	level, err := policy.ParseLevel(f.level)
	if err != nil {
		return out, fmt.Errorf("--level: %w", err)
	}
	out.Level = level
	if out.Trust, err = program.ReadTrust(f.trust); err != nil {
		return out, err
	}
	if len(f.only) > 0 {
		out.Rules = nil
	}
	for _, name := range f.only {
		rule, err := findRule(name)
		if err != nil {
			return out, fmt.Errorf("--only: %w", err)
		}
		out.Rules = append(out.Rules, rule)
	}
	return out, nil
}

// bucket returns what --bucket-context says.
func (f judgeFlags) bucket() (policy.Bucket, error) {
	if f.context == "" {
		return policy.Bucket{}, nil
	}
	bucket, err := files.ReadBucketContext(f.context)
	if err != nil {
		return bucket, fmt.Errorf("--bucket-context %s: %w", f.context, err)
	}
	return bucket, nil
}

// findRule returns the rule with an id or a name. The error suggests the nearest.
func findRule(name string) (*policy.Rule, error) {
	var nearest *policy.Rule
	best := -1.0
	near := func(s string) float64 { return levenshtein.Similarity(strings.ToUpper(s), strings.ToUpper(name), nil) }
	for _, r := range rules.All {
		if strings.EqualFold(r.ID, name) || r.Name == name {
			return r, nil
		}
		if s := max(near(r.ID), near(r.Name)); s > best {
			nearest, best = r, s
		}
	}
	return nil, fmt.Errorf("no rule %q; the nearest is %s %s ('bucketwarden rules' lists all)", name, nearest.ID, nearest.Name)
}

func ruleIDs() []string {
	var out []string
	for _, r := range rules.All {
		out = append(out, cobra.CompletionWithDesc(r.ID, r.Summary))
	}
	return out
}
