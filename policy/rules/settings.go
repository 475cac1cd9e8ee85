package rules

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
)

// switchedOff says of a setting that the object declares it off, or leaves it out, or that no object beside the bucket has it on.
// That is only reported: the other object may come a moment later. A directory bucket has none of them.
func switchedOff(in policy.Input, setting policy.Fact[string], message string) []policy.Finding {
	if in.Kind != policy.Settings || setting.Value != "" || strings.HasSuffix(in.Bucket.Name.Value, "--x-s3") {
		return nil
	}
	switch setting.Origin {
	case policy.Declared, policy.Observed:
		return []policy.Finding{{Field: setting.From, Message: message}}
	case policy.AWSDefault:
		return []policy.Finding{{
			Field: "metadata.name", Message: message + "; no other object about the bucket says otherwise", Ceiling: policy.Audit,
		}}
	}
	return nil
}

// permissions are what an ACL can grant.
var permissions = [...]string{"FULL_CONTROL", "READ", "READ_ACP", "WRITE", "WRITE_ACP"}
