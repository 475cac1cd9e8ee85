package rules

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
)

// switchedOff says of a setting that the object declares it off, or leaves it out. A directory bucket has none of them.
func switchedOff(in policy.Input, setting policy.Fact[string], message string) []policy.Finding {
	if in.Kind != policy.Settings || setting.Origin != policy.Declared || setting.Value != "" ||
		strings.HasSuffix(in.Bucket.Name.Value, "--x-s3") {
		return nil
	}
	return []policy.Finding{{Field: setting.From, Message: message}}
}
