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
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

const compareLong = `Show what NEW allows that OLD does not, and the reverse, over all requests; each answer is proved or shown by a request.

OLD and NEW are bucket policies or identity policies, of any service: each a document, or a file or folder of objects that hold
some, as for review; - means standard input for one of them. Where there are several policies, each is compared with the one
in the same object, or of the same bucket; one that only one side has is compared with none. A witness is a request that one of
the two allows and the other does not. Actions that AWS may add later are not considered.

With -o json each answer is one line. With --batch - each line {"id":..,"old":{..},"new":{..}} gets one answer, in order.

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
	pathFlags
	batch, ownership, account, output string
}

func newCompare() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:     "compare OLD NEW",
		Short:   "Show what one policy allows that another does not",
		Long:    compareLong,
		Example: compareExample,
		RunE:    f.run,
	}
	batchFlag(cmd, &f.batch, "two policies", "pairs", func(args int) bool { return args == 2 })
	f.register(cmd)
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
	if args[0] == manifest.Stdin && args[1] == manifest.Stdin {
		return errors.New("OLD and NEW are both standard input; name a file for one of them")
	}
	var sides [2]files.Side
	var read [2]*files.Inputs
	for i, path := range args {
		if read[i], err = f.readPolicies(cmd, path); err != nil {
			return err
		}
		sides[i] = files.Side{Path: path, Policies: read[i].Policies()}
		f.finish(read[i])
	}
	if err := errors.Join(read[0].Finish(cmd.ErrOrStderr()), read[1].Finish(cmd.ErrOrStderr())); err != nil {
		return err // what is missing on one side would be taken for access that is new or lost
	}
	return f.comparePairs(cmd.OutOrStdout(), sides, ignored)
}

// comparePairs prints an answer for each pair of two sides.
func (f *compareFlags) comparePairs(out io.Writer, sides [2]files.Side, ignored []*iam.Document) error {
	named := !report.Plain(sides[0].Policies) || !report.Plain(sides[1].Policies)
	var worst error
	for i, pair := range files.Pairs(sides[0], sides[1]) {
		c := space.Compare(documentOf(pair.Old), documentOf(pair.New), space.Steps(questionSteps), ignored...)
		if c.New.Answer != space.None {
			worst = program.ExitError{Code: program.ExitNo}
		}
		text := report.ComparisonText(c)
		if named {
			text = report.PairText(pair) + text
		}
		if i > 0 {
			text = "\n" + text
		}
		if f.output == "json" {
			text = string(lines.Marshal(report.NewComparison(c).Of(pair)))
		}
		if _, err := io.WriteString(out, text); err != nil {
			return err
		}
	}
	return worst
}

// documentOf returns what a side of a pair allows: nothing where it has no policy.
func documentOf(p *files.Policy) *iam.Document {
	if p == nil {
		return iam.NewDocument()
	}
	return p.Document
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
		answer := report.NewComparison(c)
		answer.ID = id
		return answer, nil
	})
	return cmp.Or(err, worst)
}
