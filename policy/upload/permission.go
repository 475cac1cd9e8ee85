package upload

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Permission is what a bucket policy says about one permission that an upload needs.
type Permission struct {
	Action  string         `json:"action"`
	Allows  Permitted      `json:"allows"`
	Witness *authz.Request `json:"witness,omitempty"` // one upload that it allows
	Reason  string         `json:"reason,omitempty"`  // why it is undecided
}

// Permitted is an answer of a policy: Denies and AllowsNone hold for every object.
type Permitted string

// The answers of a policy.
const (
	Allows     Permitted = "yes"
	AllowsNone Permitted = "no"
	Denies     Permitted = "denied"
	Unsettled  Permitted = "undecided"
)

// questionSteps is what a question may take: somebody waits for the answer, half a second at the most.
const questionSteps = 5_000_000

// permission asks for some object, and circumstances, in which the policy allows the caller the action with the ACL.
func (u *Answer) permission(doc *iam.Document, action string) Permission {
	out := Permission{Action: action, Allows: Unsettled}
	asked := iam.NewDocument(u.question(action))
	v := space.Granted(doc, asked, space.Steps(questionSteps))
	if v.Answer == space.None {
		rest := doc.With(slices.DeleteFunc(slices.Concat(doc.Statements, asked.Statements), func(s iam.Statement) bool {
			return s.Effect == iam.Allow && s.Value != asked.Statements[0].Value
		})...) // its Denies, and all that is asked for
		out.Allows = AllowsNone
		if v = space.Granted(rest, asked, space.Steps(questionSteps)); v.Answer == space.None {
			out.Allows = Denies
		}
	} else if v.Answer == space.Found {
		out.Allows, out.Witness = Allows, v.Witness
	}
	if v.Answer == space.Undecided {
		out.Allows, out.Reason = Unsettled, v.Why()
	}
	return out
}

// question is a statement that allows the upload and nothing else.
func (u *Answer) question(action string) any {
	by := "AWS"
	if !strings.HasPrefix(u.Caller, "arn:") {
		by = "Service"
	}
	const header, fullControl = "s3:x-amz-acl", "s3:x-amz-grant-full-control"
	headers := map[string]any{"Null": map[string]string{header: "true"}}
	switch {
	case u.ACL.Canned():
		headers = map[string]any{"StringEquals": map[string]string{header: string(u.ACL)}}
	case u.ACL == ownership.OwnerGrant:
		headers = map[string]any{"Null": map[string]string{header: "true", fullControl: "false"}}
	case u.ACL == ownership.None:
		headers = map[string]any{"Null": map[string]string{
			header: "true", fullControl: "true", "s3:x-amz-grant-read": "true", "s3:x-amz-grant-write": "true",
			"s3:x-amz-grant-read-acp": "true", "s3:x-amz-grant-write-acp": "true",
		}}
	}
	return map[string]any{
		"Effect": iam.Allow, "Principal": map[string]string{by: u.Caller}, "Action": action, "Resource": "*", "Condition": headers,
	}
}
