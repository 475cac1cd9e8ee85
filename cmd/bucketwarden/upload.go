package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

const uploadLong = `Say what comes of an upload: will S3 accept it, who owns the object, and is s3:PutObjectAcl needed?

The answer follows from the Object Ownership of the bucket, the ACL that the upload asks for, and whether the caller is of
the account that owns the bucket. --acl takes a canned ACL, none, grants for x-amz-grant-* headers that name anybody but
the bucket's owner, or owner-grant for x-amz-grant-full-control to that owner alone. Where AWS's pages leave something open, the
answer is undecided and names them. With --policy the bucket policy is asked for what is needed.

The exit code is 0 when the upload is accepted, and 1 when it is refused or that is undecided.`

const uploadExample = `  # does a session log need s3:PutObjectAcl?
  bucketwarden explain upload --caller arn:aws:iam::444455556666:role/session-host --owner 111122223333 --ownership BucketOwnerEnforced --acl bucket-owner-full-control

  # the same where ACLs count, and whether the bucket policy allows what is needed
  bucketwarden explain upload --caller arn:aws:iam::444455556666:role/session-host --owner 111122223333 --ownership ObjectWriter --acl bucket-owner-full-control --policy upload.json`

type uploadFlags struct {
	caller, owner, ownership, acl, policy, output string
}

func newExplainUpload() *cobra.Command {
	var f uploadFlags
	cmd := &cobra.Command{
		Use:     "upload --caller ARN --owner ACCOUNT --ownership SETTING --acl ACL",
		Short:   "Say what comes of an upload",
		Long:    uploadLong,
		Example: uploadExample,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	settings, acls := words(ownership.Settings()), words(ownership.ACLs())
	cmd.Flags().StringVar(&f.caller, "caller", "", "`ARN` of the role, session or user that uploads, or a service like cloudtrail.amazonaws.com")
	cmd.Flags().StringVar(&f.owner, "owner", "", "`ACCOUNT` that owns the bucket, 12 digits")
	cmd.Flags().StringVar(&f.ownership, "ownership", "", "Object Ownership of the bucket: "+strings.Join(settings, ", "))
	cmd.Flags().StringVar(&f.acl, "acl", string(ownership.None), "what the upload says of ACLs: "+strings.Join(acls, ", "))
	cmd.Flags().StringVar(&f.policy, "policy", "", "bucket policy to ask, a `FILE` or -")
	program.OutputFlag(cmd, &f.output)
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

// upload is what an upload comes to.
type upload struct {
	APIVersion string             `json:"apiVersion"`
	Kind       string             `json:"kind"`
	Caller     string             `json:"caller"`
	Owner      string             `json:"owner"`
	Relation   ownership.Relation `json:"relation"`
	Ownership  ownership.Setting  `json:"ownership"`
	ACL        ownership.ACL      `json:"acl"`
	Accepted   ownership.Answer   `json:"accepted"`
	Error      *serviceError      `json:"error"` // that S3 answers, or may answer; null where it accepts
	ObjectOwn  *objectOwner       `json:"objectOwner"`
	NeedsACL   ownership.Answer   `json:"needsPutObjectAcl"`
	Blocked    bool               `json:"refusedByBlockPublicAcls"`
	Doubt      string             `json:"doubt,omitempty"`
	Policy     []uploadPermission `json:"policy,omitempty"`
	Sources    []string           `json:"sources"`
}

type serviceError struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
}

// objectOwner is who owns an object. The account of an AWS service has no number that anybody knows.
type objectOwner struct {
	Party   ownership.Party `json:"party"`
	Account string          `json:"account,omitempty"`
}

var accessDenied = &serviceError{403, "AccessDenied"}

func (f *uploadFlags) run(cmd *cobra.Command) error {
	if err := program.CheckOutput(f.output); err != nil {
		return err
	}
	u, err := f.upload()
	if err != nil {
		return err
	}
	if f.policy != "" {
		doc, err := readPolicy(cmd.InOrStdin(), f.policy)
		if err != nil {
			return fmt.Errorf("%s: %w", f.policy, err)
		}
		u.ask(doc)
	}
	text := []byte(u.text())
	if f.output == "json" {
		text = marshal(u)
	}
	if _, err = cmd.OutOrStdout().Write(text); err == nil && u.Accepted != ownership.Yes {
		return program.ExitError{Code: program.ExitNo}
	}
	return err
}

// upload looks the answer up. The error names the flag.
func (f *uploadFlags) upload() (upload, error) {
	request := authz.Request{Principal: f.caller, Action: "s3:PutObject", Resource: "*"}
	out := upload{
		APIVersion: "bucketwarden.dev/v1alpha1", Kind: "Upload", Caller: f.caller, Owner: f.owner,
		Relation: ownership.OtherAccount, Ownership: ownership.Setting(f.ownership), ACL: ownership.ACL(f.acl),
	}
	switch {
	case f.caller == authz.Anonymous:
		return out, errors.New("--caller: an anonymous caller has no account; name who signs the upload")
	case request.Validate() != nil:
		return out, fmt.Errorf("--caller: %w", request.Validate())
	case !account.MatchString(f.owner):
		return out, fmt.Errorf("--owner: %q is not 12 digits", f.owner)
	case !slices.Contains(ownership.Settings(), out.Ownership):
		return out, fmt.Errorf("--ownership: %q is none of %s", f.ownership, strings.Join(words(ownership.Settings()), ", "))
	}
	writer := ""
	if values, ok := authz.DerivedKeys(f.caller).Lookup("aws:PrincipalAccount"); ok {
		writer = values[0]
	}
	if writer == f.owner {
		out.Relation = ownership.SameAccount
	}
	o, ok := ownership.Upload(out.Ownership, out.ACL, out.Relation)
	if !ok {
		return out, fmt.Errorf("--acl: %q is none of %s", f.acl, strings.Join(words(ownership.ACLs()), ", "))
	}
	out.Accepted, out.NeedsACL, out.Blocked, out.Doubt, out.Sources = o.Accepted, o.NeedsACL, o.Public, o.Doubt, o.Sources
	if o.Error != "" {
		out.Error = &serviceError{400, o.Error}
	}
	switch o.Owner {
	case ownership.BucketOwner:
		out.ObjectOwn = &objectOwner{o.Owner, f.owner}
	case ownership.Writer:
		out.ObjectOwn = &objectOwner{o.Owner, writer}
	}
	return out, nil
}

func (u *upload) sameAccount() bool { return u.Relation == ownership.SameAccount }

// ask asks the bucket policy for what the upload needs. Within one account a policy of the caller's own is as good, so
// that only a Deny refuses; of another account's caller both are asked.
func (u *upload) ask(doc *iam.Document) {
	actions := []string{"s3:PutObject"}
	if u.NeedsACL != ownership.No {
		actions = append(actions, "s3:PutObjectAcl")
	}
	for _, action := range actions {
		p := u.permission(doc, action)
		u.Policy = append(u.Policy, p)
		lacks := p.Allows == denies || p.Allows == allowsNone && !u.sameAccount()
		unsure := lacks && action == "s3:PutObjectAcl" && u.NeedsACL == ownership.Undecided
		switch {
		case u.Accepted == ownership.No:
		case lacks && !unsure:
			u.Accepted, u.Error, u.ObjectOwn = ownership.No, accessDenied, nil
		case unsure || p.Allows == unsettled:
			u.Accepted, u.Error = ownership.Undecided, accessDenied
		}
	}
}
