package fix_test

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// A fix is an edit of text; where ACLs are off, the proof says that nothing is lost which S3 would serve.
func Example() {
	in := policy.NewInput(policy.BucketPolicy, `{"Version": "2012-10-17", "Statement":
  {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::logs/*"}}`,
		policy.Bucket{Ownership: policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared}})
	fixed, err := fix.Apply(in.Document, []policy.Fix{{Edits: []iam.Edit{{At: "Statement[0].Action[1]"}}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fixed.Text())
	proof, err := fix.Prove(in, fixed, policy.Equivalent)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(proof.Grade)
	fmt.Println(proof.Claim)
	// Output:
	// {"Version": "2012-10-17", "Statement":
	//   {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::logs/*"}}
	// effect-equivalent
	// no request is newly allowed, and only requests that S3 refuses or ignores with ACLs disabled are lost
}
