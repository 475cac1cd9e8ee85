package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// runCheck holds the policies of files to a profile: by the rules that do so for objects whose annotations name one.
func (f *generateFlags) runCheck(cmd *cobra.Command, p *profiles.Profile, values profiles.Values) error {
	if err := unasked(p, values); err != nil {
		return aboutFlags(err)
	}
	var unknown error // why some policy could not be held to the profile
	reviewer := review.Reviewer{Level: policy.Baseline, Now: time.Now(), Profile: func(bucket policy.Bucket, doc *iam.Document) *policy.Profile {
		out := p.For(values, named(bucket, doc), doc)
		unknown = cmp.Or(unknown, out.Err)
		return out
	}}
	for _, id := range []string{"BW408", "BW505"} { // beyond the profile, and less than it
		rule, err := findRule(id)
		if err != nil {
			return err
		}
		reviewer.Rules = append(reviewer.Rules, rule)
	}
	in, err := f.read(cmd, f.check)
	if err != nil {
		return err
	}
	in.Bucket.Name = files.Fact(values["bucket"], "--bucket")
	in.Bucket.Owner = files.Fact(values["account"], "--account")
	checked, wrong := 0, false
	all := func(yield func(files.Judged) bool) {
		for j := range in.Judge(cmd.Context(), reviewer) {
			name := j.Bucket().Name
			if len(j.Reading.Documents) == 0 || j.Item.Object == nil && j.OnIdentity() || j.Reading.Source.OnIdentity() ||
				values["bucket"] != "" && name.Known() && name.Value != values["bucket"] {
				continue
			}
			checked++
			wrong = wrong || len(j.Findings) > 0
			if !yield(j) {
				return
			}
		}
	}
	err = report.WriteReview(cmd.OutOrStdout(), f.output, thisBuild().Version, in, all)
	f.finish(in)
	if checked == 0 && len(in.Errs) == 0 {
		in.Fail(fmt.Errorf("--check: no bucket policy to check%s", ofBucket(values["bucket"])))
	}
	if unknown != nil {
		in.Fail(aboutFlags(unknown))
	}
	if err = errors.Join(err, in.Finish(cmd.ErrOrStderr())); err == nil && wrong {
		return program.ExitError{Code: program.ExitNo}
	}
	return err
}

// unasked returns what is wrong with values, and which are missing that neither a policy nor an object says.
func unasked(p *profiles.Profile, values profiles.Values) error {
	found := []string{"bucket", "source-account", "region", "principal"}
	missing := &profiles.MissingError{Profile: p.Name}
	for _, q := range p.Lacks(values) {
		if !slices.Contains(found, q.Name) {
			missing.Parameters = append(missing.Parameters, q)
		}
	}
	err := p.Accepts(values)
	if missing.Parameters != nil {
		err = errors.Join(append(each(err), missing)...)
	}
	return err
}

func ofBucket(name string) string {
	if name == "" {
		return ""
	}
	return " for bucket " + name
}

// named adds to what is known about a bucket its name, where its policy is about one bucket alone.
func named(bucket policy.Bucket, doc *iam.Document) policy.Bucket {
	if bucket.Name.Known() {
		return bucket
	}
	var resources []*iam.Value
	for _, s := range doc.Statements {
		resources = append(resources, s.Resource...)
	}
	if names, _ := policy.BucketNames(resources); len(names) == 1 {
		bucket.Name = files.Fact(names[0], "the policy")
	}
	return bucket
}
