package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/lines"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/upload"
)

const uploadLong = `Predict the outcome of an upload: will S3 accept it, who owns the object, and is s3:PutObjectAcl needed?

The answer follows from the Object Ownership of the bucket, the ACL that the upload sends, and whether the caller is in the
account that owns the bucket. --acl is a canned ACL; or none; or grants, for x-amz-grant-* headers that name anyone except the
bucket's owner; or owner-grant, for x-amz-grant-full-control to that owner alone. If AWS's pages leave something open, the
answer is undecided and names them. With --policy it also checks whether the bucket policy allows what is needed: that of a
document, or those in a file or folder of objects, as for review, each with an answer of its own.

The exit code is 0 when the upload is accepted, and 1 when it is refused or undecided.`

const uploadExample = `  # does a session log need s3:PutObjectAcl?
  bucketwarden explain upload --caller arn:aws:iam::444455556666:role/session-host --owner 111122223333 --ownership BucketOwnerEnforced --acl bucket-owner-full-control

  # the same where ACLs are on, and whether the bucket policy allows what is needed
  bucketwarden explain upload --caller arn:aws:iam::444455556666:role/session-host --owner 111122223333 --ownership ObjectWriter --acl bucket-owner-full-control --policy upload.json`

type uploadFlags struct {
	pathFlags
	caller, owner, ownership, acl, policy, output string
}

func newExplainUpload() *cobra.Command {
	var f uploadFlags
	cmd := &cobra.Command{
		Use:     "upload --caller ARN --owner ACCOUNT --ownership SETTING --acl ACL",
		Short:   "Predict the outcome of an upload",
		Long:    uploadLong,
		Example: uploadExample,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	settings, acls := words(ownership.Settings()), words(ownership.ACLs())
	cmd.Flags().StringVar(&f.caller, "caller", "", "`ARN` of the role, session or user that uploads, or a service such as cloudtrail.amazonaws.com")
	cmd.Flags().StringVar(&f.owner, "owner", "", "`ACCOUNT` that owns the bucket, 12 digits")
	cmd.Flags().StringVar(&f.ownership, "ownership", "", "Object Ownership of the bucket: "+strings.Join(settings, ", "))
	cmd.Flags().StringVar(&f.acl, "acl", string(ownership.None), "the ACL that the upload sends: "+strings.Join(acls, ", "))
	cmd.Flags().StringVar(&f.policy, "policy", "", "`PATH` of the bucket policy to check, or -")
	program.OutputFlag(cmd, &f.output)
	f.register(cmd)
	program.Complete(cmd, "ownership", settings...)
	program.Complete(cmd, "acl", acls...)
	return cmd
}

func words[T ~string](list []T) []string {
	var out []string
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

func (f *uploadFlags) run(cmd *cobra.Command) error {
	if err := program.CheckOutput(f.output); err != nil {
		return err
	}
	first, err := f.answer()
	if err != nil {
		return err
	}
	if f.policy == "" {
		return f.write(cmd.OutOrStdout(), report.NewUpload(first))
	}
	in, err := f.read(cmd, []string{f.policy})
	if err != nil {
		return err
	}
	all := in.Resources(in.Policies())
	var answers []report.Upload
	for _, p := range all {
		u, err := f.answer()
		if err != nil {
			return err
		}
		u.Ask(p.Document)
		answer := report.NewUpload(u)
		if !report.Plain(all) {
			answer.Subject = report.NewSubject(p)
		}
		answers = append(answers, answer)
	}
	f.finish(in)
	err = f.write(cmd.OutOrStdout(), answers...)
	if unread := in.Finish(cmd.ErrOrStderr()); unread != nil {
		return fmt.Errorf("--policy %w", unread)
	}
	return err
}

// write prints answers. The error is that S3 does not accept one of the uploads.
func (f *uploadFlags) write(out io.Writer, answers ...report.Upload) error {
	var worst error
	for i, u := range answers {
		text := []byte(u.Text())
		if i > 0 {
			text = append([]byte("\n"), text...)
		}
		if f.output == "json" {
			text = lines.Marshal(u)
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
		if u.Accepted != ownership.Yes {
			worst = program.ExitError{Code: program.ExitNo}
		}
	}
	return worst
}

// answer looks the answer up. The error names the flag.
func (f *uploadFlags) answer() (*upload.Answer, error) {
	request := authz.Request{Principal: f.caller, Action: "s3:PutObject", Resource: "*"}
	switch {
	case f.caller == authz.Anonymous:
		return nil, errors.New("--caller: an anonymous caller has no account; name the principal that signs the upload")
	case request.Validate() != nil:
		return nil, fmt.Errorf("--caller: %w", request.Validate())
	case !files.IsAccount(f.owner):
		return nil, fmt.Errorf("--owner: %q is not 12 digits", f.owner)
	case !slices.Contains(ownership.Settings(), ownership.Setting(f.ownership)):
		return nil, fmt.Errorf("--ownership: %q must be one of %s", f.ownership, strings.Join(words(ownership.Settings()), ", "))
	}
	out, ok := upload.Of(f.caller, f.owner, ownership.Setting(f.ownership), ownership.ACL(f.acl))
	if !ok {
		return nil, fmt.Errorf("--acl: %q must be one of %s", f.acl, strings.Join(words(ownership.ACLs()), ", "))
	}
	return out, nil
}
