package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

const compareLong = `Show what NEW allows that OLD does not, and the reverse, over all requests; each answer is proved or shown by a request.

OLD and NEW are bucket policies or identity policies, of any service; - means standard input for one of them. A witness is
a request that one of the two allows and the other does not. Actions that AWS may add later are not considered.

With --batch - each line {"id":..,"old":{..},"new":{..}} gets one answer, in order.

The exit code is 0 when there is no new access, 1 when there is or when it cannot be decided.`

const compareExample = `  # what does the edit newly allow?
  bucketwarden compare old.json new.json

  # the same, without what S3 refuses or ignores where ACLs are disabled
  bucketwarden compare old.json new.json --under-ownership BucketOwnerEnforced --account 111122223333`

// pair is one line of a batch.
type pair struct {
	ID  jsontext.Value `json:"id"`
	Old jsontext.Value `json:"old"`
	New jsontext.Value `json:"new"`
}

type compareFlags struct {
	batch, ownership, account, output string
}

func newCompare() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:     "compare OLD NEW",
		Short:   "Show what one policy allows that another does not",
		Long:    compareLong,
		Example: compareExample,
		Args: func(_ *cobra.Command, args []string) error {
			if f.batch == "" && len(args) != 2 || f.batch != "" && len(args) > 0 {
				return fmt.Errorf("compare needs two policies, or only --batch -; got %q", args)
			}
			return nil
		},
		RunE: f.run,
	}
	cmd.Flags().StringVar(&f.batch, "batch", "", "read pairs, one a line, from this `FILE` or -")
	cmd.Flags().StringVar(&f.ownership, "under-ownership", "",
		"leave out what S3 refuses or ignores under this Object Ownership setting")
	cmd.Flags().StringVar(&f.account, "account", "", "account that owns the bucket, 12 digits")
	program.OutputFlag(cmd, &f.output)
	program.Complete(cmd, "under-ownership", string(policy.BucketOwnerEnforced), string(policy.BucketOwnerPreferred), string(policy.ObjectWriter))
	return cmd
}

func (f *compareFlags) run(cmd *cobra.Command, args []string) error {
	if err := program.CheckOutput(f.output); err != nil {
		return err
	}
	ignored, err := f.ignored()
	if err != nil {
		return err
	}
	if f.batch != "" {
		return f.runBatch(cmd, ignored)
	}
	docs, err := readPair(cmd.InOrStdin(), args)
	if err != nil {
		return err
	}
	c := space.Compare(docs[0], docs[1], space.Steps(questionSteps), ignored...)
	out := cmd.OutOrStdout()
	if f.output == "json" {
		_, err = out.Write(lines.Marshal(report.NewComparison(nil, c)))
	} else {
		_, err = io.WriteString(out, report.ComparisonText(c))
	}
	if err == nil && c.New.Answer != space.None {
		return program.ExitError{Code: program.ExitNo}
	}
	return err
}

// readPair reads the old policy and the new one.
func readPair(stdin io.Reader, names []string) (docs [2]*iam.Document, err error) {
	if names[0] == "-" && names[1] == "-" {
		return docs, errors.New("OLD and NEW are both standard input; name a file for one of them")
	}
	for i, name := range names {
		if docs[i], err = files.ReadPolicy(stdin, name); err != nil {
			return docs, fmt.Errorf("%s: %w", name, err)
		}
	}
	return docs, nil
}

// ignored is what does not count: what S3 refuses or lets go without effect.
func (f *compareFlags) ignored() ([]*iam.Document, error) {
	switch policy.Ownership(f.ownership) {
	case "":
		if f.account != "" {
			return nil, errors.New("--account requires --under-ownership")
		}
		return nil, nil
	case policy.BucketOwnerPreferred, policy.ObjectWriter:
		return nil, nil
	case policy.BucketOwnerEnforced:
		if f.account != "" && (authz.Request{Principal: authz.Anonymous, Action: "s3:GetObject", Resource: "*", Account: f.account}).Validate() != nil {
			return nil, fmt.Errorf("--account: %q is not 12 digits", f.account)
		}
		return []*iam.Document{fix.Refusals(fix.EffectEquivalent, f.account)}, nil
	}
	return nil, fmt.Errorf("--under-ownership: %q must be BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter", f.ownership)
}

func (f *compareFlags) runBatch(cmd *cobra.Command, ignored []*iam.Document) error {
	var worst error
	err := lines.Batch(cmd.InOrStdin(), cmd.OutOrStdout(), f.batch, func(id jsontext.Value, p pair) (any, error) {
		old, err := lines.Document("old", p.Old)
		if err != nil {
			return nil, err
		}
		new, err := lines.Document("new", p.New)
		if err != nil {
			return nil, err
		}
		c := space.Compare(old, new, space.Steps(questionSteps), ignored...)
		if c.New.Answer != space.None {
			worst = program.ExitError{Code: program.ExitNo}
		}
		return report.NewComparison(id, c), nil
	})
	return cmp.Or(err, worst)
}
