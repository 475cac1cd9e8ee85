package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
)

const generateLong = `Write the smallest policy for a well-known workload: log delivery, synchronisation, replication, a website.

Without a profile it lists all profiles. The policy is for the bucket; with --identity it is the caller's. Across accounts
both are needed; within one account the identity policy is enough. Services call as themselves and need no identity policy.

With -o yaml and --kind it writes the object that gives the bucket this policy. --region is then the region of the object too.

With --check it writes nothing, and says what the policies in files, folders or - for standard input lack for the workload,
and what they allow beyond it. The bucket, its account and region, and the role that calls, need no flag where objects and
policies say them. The exit code is 1 when a policy lacks something or allows too much.`

const generateExample = `  # which profiles are there?
  bucketwarden generate

  bucketwarden generate cloudtrail --bucket logs --account 111122223333 --region eu-central-1 --trail main

  # as an object of Upbound's provider
  bucketwarden generate cloudtrail --bucket logs --account 111122223333 --region eu-central-1 --trail main -o yaml --kind upbound

  # both sides of aws s3 sync --delete into a bucket of another account
  bucketwarden generate s3-sync-destination --bucket logs --prefix team-a/ --delete --principal arn:aws:iam::444455556666:role/sync
  bucketwarden generate s3-sync-destination --bucket logs --prefix team-a/ --delete --principal arn:aws:iam::444455556666:role/sync --identity

  # does the policy of a manifest do for a workload, and no more?
  bucketwarden generate session-manager-logs --check deploy/`

// generateFlags say what to write, or to check.
type generateFlags struct {
	pathFlags
	output, kind, name, namespace string
	identity                      bool
	check                         []string
}

func newGenerate() *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:     "generate [PROFILE] --bucket B",
		Short:   "Write the smallest policy for a workload",
		Long:    generateLong,
		Example: generateExample,
		Args:    cobra.MaximumNArgs(1),
		RunE:    f.run,
	}
	for _, p := range profiles.All() {
		cmd.ValidArgs = append(cmd.ValidArgs, cobra.CompletionWithDesc(p.Name, p.Summary))
	}
	parameterFlags(cmd)
	f.register(cmd)
	cmd.Flags().BoolVar(&f.identity, "identity", false, "write the caller's identity policy")
	cmd.Flags().StringVarP(&f.output, "output", "o", "text", "text, json, or yaml for an object")
	cmd.Flags().StringVar(&f.kind, "kind", "", "kind of the object for -o yaml: "+strings.Join(report.ObjectKinds(), ", "))
	cmd.Flags().StringVar(&f.name, "name", "", "name of the object (default: the bucket's)")
	cmd.Flags().StringVar(&f.namespace, "namespace", "", "namespace of the object, for kinds that have one")
	cmd.Flags().StringArrayVar(&f.check, "check", nil, "check the policies in this `PATH` instead; may be repeated")
	program.Complete(cmd, "output", "text", "json", "yaml")
	program.Complete(cmd, "kind", report.ObjectKinds()...)
	cmd.MarkFlagsMutuallyExclusive("check", "identity")
	cmd.MarkFlagsMutuallyExclusive("check", "kind")
	return cmd
}

// parameterFlags adds a flag for each parameter of a profile.
func parameterFlags(cmd *cobra.Command) {
	for _, p := range profiles.Parameters() {
		if p.Option() {
			cmd.Flags().Bool(p.Name, false, p.Means)
		} else {
			cmd.Flags().String(p.Name, "", p.Means+", such as "+p.Like)
		}
	}
}

func (f *generateFlags) run(cmd *cobra.Command, args []string) error {
	switch {
	case f.output != "yaml":
		if err := program.CheckOutput(f.output); err != nil {
			return err
		}
		for flag, value := range map[string]string{"kind": f.kind, "name": f.name, "namespace": f.namespace} {
			if value != "" {
				return fmt.Errorf("--%s is about an object; add -o yaml", flag)
			}
		}
	case len(args) == 0 || len(f.check) > 0:
		return errors.New(`--output "yaml" must be text or json, except to write the object of a profile`)
	case f.identity:
		return errors.New("-o yaml writes an object with the bucket's policy; leave out --identity or -o yaml")
	}
	if len(args) == 0 {
		return report.WriteProfiles(cmd.OutOrStdout(), f.output)
	}
	profile, err := profiles.Find(args[0])
	if err != nil {
		return err
	}
	values := profiles.Values{}
	for _, q := range profiles.Parameters() {
		if flag := cmd.Flags().Lookup(q.Name); flag.Changed && flag.Value.String() != "false" {
			values[q.Name] = flag.Value.String()
		}
	}
	if len(f.check) > 0 {
		return f.runCheck(cmd, profile, values)
	}
	return f.generate(cmd, profile, values)
}

// generate prints one document or object. Errors name flags, all that are missing at once.
func (f *generateFlags) generate(cmd *cobra.Command, p *profiles.Profile, values profiles.Values) error {
	object := report.Generated{Kind: f.kind, Namespace: f.namespace, Name: f.name, Profile: p, Values: values}
	write := p.Bucket
	if f.identity {
		write = p.Identity
	}
	doc, err := write(values)
	if f.output == "yaml" {
		err = withObject(object, err)
	}
	if err != nil {
		return aboutFlags(err)
	}
	if needed := policy.OneOf(p.Ownership); needed != "" {
		cmd.PrintErrln(plain.Line(fmt.Sprintf("%s works only if the Object Ownership of %s is %s", p.Name, values["bucket"], needed)))
	}
	text := []byte(doc.Text())
	if f.output == "yaml" {
		object.Policy = doc.Text()
		if text, err = object.YAML(); err != nil {
			return err
		}
	}
	_, err = cmd.OutOrStdout().Write(plain.JSON(text))
	return err
}

// withObject adds to an error about a document what is wrong with the object around it, and missing for it.
func withObject(object report.Generated, err error) error {
	missing := &profiles.MissingError{Profile: object.Profile.Name}
	var all []error
	for _, e := range each(err) {
		if !errors.As(e, &missing) {
			all = append(all, e)
		}
	}
	if err := object.Check(); err != nil {
		all = append(all, err)
	}
	for _, name := range object.Lacks() {
		q := profiles.Parameter{Name: name, Means: "the kind of the object", Like: report.ObjectKinds()[0]}
		for _, known := range profiles.Parameters() {
			if known.Name == name {
				q = known
			}
		}
		if !slices.ContainsFunc(missing.Parameters, func(p profiles.Parameter) bool { return p.Name == name }) {
			missing.Parameters = append(missing.Parameters, q)
		}
	}
	if len(missing.Parameters) > 0 {
		all = append(all, missing)
	}
	return errors.Join(all...)
}

// each returns the errors that one is made of.
func each(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// aboutFlags says of each error about a parameter which flag that is.
func aboutFlags(err error) error {
	var out []error
	for _, e := range each(err) {
		var missing *profiles.MissingError
		if errors.As(e, &missing) && len(missing.Parameters) > 1 {
			e = fmt.Errorf("profile %s needs %s", missing.Profile, missing.List("--"))
		} else {
			e = fmt.Errorf("--%w", e)
		}
		out = append(out, e)
	}
	return errors.Join(out...)
}
