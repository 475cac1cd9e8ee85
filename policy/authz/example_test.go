package authz_test

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// One document decides about one request.
func ExampleDecide() {
	doc, _ := iam.Parse(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"},
		{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::site/drafts/*"}]}`)
	for _, key := range []string{"index.html", "drafts/plan.html"} {
		r := authz.Decide(doc, authz.Request{Principal: authz.Anonymous, Action: "s3:GetObject", Resource: "arn:aws:s3:::site/" + key})
		fmt.Println(key, r.Decision, r.Statements)
	}
	// Output:
	// index.html Allowed [0]
	// drafts/plan.html ExplicitDeny [1]
}
