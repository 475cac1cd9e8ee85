package rules

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Near the limit the next statement is the one that does not fit, so that is said early.
var tooLarge = &policy.Rule{
	ID:      "BW106",
	Name:    "too-large",
	Summary: "the document is larger than S3 accepts, or nearly so",
	Why: "A bucket policy may have 20 KB. S3 refuses a larger one and keeps the old one, so the newest restriction is the " +
		"one that never takes effect. Remove white space first. If there are many callers, use access points with " +
		"policies of their own.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"}},
	Severity: policy.SeverityError,
	Baseline: policy.Patch, Restricted: policy.Patch, Unfixed: policy.Deny,
	AnySize: true,
	Check:   checkTooLarge,
}

func checkTooLarge(in policy.Input) []policy.Finding {
	if !resourcePolicy(in) {
		return nil
	}
	size := len(in.Text)
	if size*10 <= iam.MostKept*9 {
		return nil
	}
	compact := len(in.Document.Root().Compact())
	var f policy.Finding
	switch {
	case size > iam.MostKept && compact > iam.MostKept:
		f.Message = fmt.Sprintf("the document has %d bytes, %d without white space, and S3 accepts %d; merge or move statements",
			size, compact, iam.MostKept)
	case size > iam.MostKept:
		f.Message = fmt.Sprintf("the document has %d bytes, and S3 accepts %d; without white space it has %d",
			size, iam.MostKept, compact)
		f.Fix = &policy.Fix{
			Class:       policy.Equivalent,
			Description: "remove the white space",
			Edits:       []iam.Edit{{New: in.Document.Root()}},
		}
	default:
		f.Message = fmt.Sprintf("the document has %d of the %d bytes that S3 accepts; without white space it has %d",
			size, iam.MostKept, compact)
		f.Ceiling = policy.Warn
	}
	return []policy.Finding{f}
}
