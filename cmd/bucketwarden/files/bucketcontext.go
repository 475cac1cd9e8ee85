package files

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
)

// bucketContext is the shape of --bucket-context. What is left out is not known.
type bucketContext struct {
	Name              string                    `json:"name"`
	Ownership         policy.Ownership          `json:"ownership"`
	PublicAccessBlock *policy.PublicAccessBlock `json:"publicAccessBlock"`
	ACL               string                    `json:"acl"` // a canned one
	Grants            []policy.Grant            `json:"grants"`
	Owner             string                    `json:"owner"` // account, 12 digits
	Region            string                    `json:"region"`
	Partition         string                    `json:"partition"`
	Controllers       []string                  `json:"controllers"` // ARNs
}

// IsAccount reports whether a text is the number of an account.
func IsAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// ReadBucketContext reads a file of --bucket-context.
func ReadBucketContext(name string) (policy.Bucket, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return policy.Bucket{}, program.Cause(err)
	}
	var in bucketContext
	if err := program.ReadYAML(text, &in, json.MatchCaseInsensitiveNames(true)); err != nil {
		return policy.Bucket{}, err
	}
	switch in.Ownership {
	case "", policy.BucketOwnerEnforced, policy.BucketOwnerPreferred, policy.ObjectWriter:
	default:
		return policy.Bucket{}, fmt.Errorf("ownership %q must be %s, %s or %s", in.Ownership,
			policy.BucketOwnerEnforced, policy.BucketOwnerPreferred, policy.ObjectWriter)
	}
	if in.Owner != "" && !IsAccount(in.Owner) {
		return policy.Bucket{}, fmt.Errorf("owner %q is not an account id of 12 digits in quotes", in.Owner)
	}
	for i, arn := range in.Controllers {
		if !policy.ControllerARN.MatchString(arn) {
			return policy.Bucket{}, fmt.Errorf("controllers[%d]: %q is not the ARN of a role or user, such as arn:aws:iam::111122223333:role/crossplane", i, arn)
		}
	}
	return in.bucket(name)
}

// bucket returns the facts, which are as good as declared: the file is about this very bucket.
func (in bucketContext) bucket(from string) (policy.Bucket, error) {
	out := policy.Bucket{
		Name: Fact(in.Name, from), Ownership: Fact(in.Ownership, from), Owner: Fact(in.Owner, from),
		Region: Fact(in.Region, from), Partition: Fact(in.Partition, from),
	}
	for _, arn := range in.Controllers {
		out.Controllers = append(out.Controllers, Fact(arn, from))
	}
	if in.PublicAccessBlock != nil {
		out.PublicAccessBlock = policy.Fact[policy.PublicAccessBlock]{
			Value: *in.PublicAccessBlock, Origin: policy.Sibling, From: from,
		}
	}
	if in.ACL == "" && len(in.Grants) == 0 {
		return out, nil
	}
	for i, g := range in.Grants {
		if g.Permission == "" || g.ID+g.URI+g.Email == "" {
			return out, errors.New("a grant needs a permission, and an id, a uri or an email")
		}
		in.Grants[i].Field = fmt.Sprintf("grants[%d]", i)
	}
	out.ACL = policy.Fact[policy.ACL]{
		Value: policy.ACL{Canned: in.ACL, Grants: in.Grants}, Origin: policy.Sibling, From: from,
	}
	return out, nil
}

// Fact is known from a file or a flag; nothing is known where it is empty.
func Fact[T ~string](value T, from string) policy.Fact[T] {
	if value == "" {
		return policy.Fact[T]{}
	}
	return policy.Fact[T]{Value: value, Origin: policy.Sibling, From: from}
}
