package rules

import "github.com/bucketwarden/bucketwarden/policy"

// DeclaredTwice is BW609, which other packages name.
//
// Two policies are rivals whatever they say: whoever deletes one object deletes the policy of the other. Of the settings it is
// those that contradict each other.
var DeclaredTwice = &policy.Rule{
	ID:      "BW609",
	Name:    "declared-twice",
	Summary: "another object manages the same policy, Object Ownership or public access block of the bucket",
	Why: "S3 keeps one policy, one Object Ownership and one public access block for each bucket. If two objects manage it, each " +
		"controller overwrites what the other wrote, again and again, and what only one of them denies is lost in between. " +
		"Deleting one of the objects deletes what the other declares. Merge them into one object.",
	Sources: []string{
		putBucketPolicy,
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Warn,
	Check: func(in policy.Input) []policy.Finding {
		var out []policy.Finding
		for _, r := range in.Bucket.Rivals {
			says := r.Object + " sets another " + r.Setting + " for the same bucket"
			advice := "; the last writer wins, so keep one of the two objects"
			if r.Setting == "policy" {
				says = r.Object + " has a policy for the same bucket, too"
				advice = "; S3 keeps one, so each overwrites the other: merge the statements into one object"
			}
			if in.Kind == policy.Settings {
				out = append(out, policy.Finding{Field: r.Field, Message: says + advice})
			}
		}
		return out
	},
}
