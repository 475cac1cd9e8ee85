package policy_test

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy"
)

// A rule looks at an Input, and Run places and orders what it finds.
func ExampleRun() {
	r := &policy.Rule{ID: "BW999", Name: "no-sid", Check: func(in policy.Input) []policy.Finding {
		var out []policy.Finding
		for _, s := range in.Statements() {
			if s.Sid == "" {
				out = append(out, policy.Finding{At: s.Value.Path(), Message: "the statement has no Sid; name it"})
			}
		}
		return out
	}}
	text := `{"Version": "2012-10-17", "Statement": [
  {"Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"},
  {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::site/drafts/*"}]}`
	for _, f := range policy.Run([]*policy.Rule{r}, policy.NewInput(policy.BucketPolicy, text, policy.Bucket{})).Findings {
		fmt.Printf("%s %d:%d %s: %s (%s)\n", f.Rule.ID, f.Line, f.Column, f.At, f.Message, f.Certainty)
	}
	// Output:
	// BW999 3:3 Statement[1]: the statement has no Sid; name it (proved)
}
