package rules

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Where a variable stands, another Version is another policy: whoever wrote it has to say which one is meant. Where none does,
// 2012-10-17 means the same as 2008-10-17, which would end the updates as well but leave the finding.
var version = &policy.Rule{
	ID:      "BW104",
	Name:    "version",
	Summary: "the document does not have Version 2012-10-17, which policy variables need",
	Why: "Without a Version a document has version 2008-10-17, in which ${aws:username} is literal text: an Allow meant " +
		"for each user's own folder gives everyone one folder of that name, and a Deny misses everyone. With Version " +
		"2012-10-17 the variable is replaced, so the document may then allow more than before. S3 stores 2008-10-17 where " +
		"a bucket policy has no Version, which Upbound's provider takes for a change and updates for ever.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
		"https://github.com/crossplane-contrib/provider-upjet-aws/issues/2149",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"MISSING_VERSION", "VARIABLE_UNSUPPORTED_IN_VERSION"}},
	Severity: policy.Low,
	Baseline: policy.Warn, Restricted: policy.Warn,
	Identities: true,
	Check:      checkVersion,
}

func checkVersion(in policy.Input) []policy.Finding {
	if in.Document == nil || in.Document.HasVariables() {
		return nil
	}
	const at = iam.Path("Version")
	what, where := "the Version is missing", iam.Path("")
	if in.Document.Version != "" {
		what, where = "the Version is "+in.Document.Version, at
	}
	otherwise, use := "", "write Version 2012-10-17, in which policy variables work"
	if in.Document.Version == "" && in.Kind == policy.BucketPolicy {
		otherwise = ", else 2008-10-17, which S3 stores"
		use = "S3 stores 2008-10-17, so Upbound's provider reconciles for ever; write Version 2012-10-17"
	}
	for i := range in.Document.Statements { // whatever service they are about
		s := &in.Document.Statements[i]
		for _, u := range variableUses(s) {
			return []policy.Finding{about(s, u.value.Path(), "%s, so %s is literal text; write Version 2012-10-17 if a variable is meant, "+
				"which changes who gets in%s", what, value(u.value.Text), otherwise)}
		}
	}
	f := policy.Finding{At: where, Message: what + "; " + use}
	if len(in.Findings(missingElement)) == 0 && !strings.Contains(in.Text, `\u`) { // which the engine could not prove
		f.Fix = &policy.Fix{
			Class: policy.Equivalent, Description: "write Version 2012-10-17",
			Edits: []iam.Edit{{At: at, New: iam.NewString(iam.Version2012)}},
		}
	}
	return []policy.Finding{f}
}
