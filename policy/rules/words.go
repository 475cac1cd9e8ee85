package rules

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// What most rules cite.
const (
	s3Actions       = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"
	s3Policies      = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html"
	s3ACLs          = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"
	objectOwnership = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"
	iamGrammar      = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
)

// resourcePolicy tells whether the Input is a document that S3 keeps with a bucket or an access point. Policies of
// users and roles follow other rules.
func resourcePolicy(in policy.Input) bool {
	return in.Document != nil && (in.Kind == policy.BucketPolicy || in.Kind == policy.AccessPointPolicy)
}

// statements yields what S3 keeps with a bucket or an access point.
func statements(in policy.Input) iter.Seq[*iam.Statement] {
	return func(yield func(*iam.Statement) bool) {
		if !resourcePolicy(in) {
			return
		}
		for i := range in.Document.Statements {
			if !yield(&in.Document.Statements[i]) {
				return
			}
		}
	}
}

// about is a finding in a statement, which it names: `Statement[1] "Write": ...`.
func about(s *iam.Statement, at iam.Path, format string, args ...any) policy.Finding {
	name := string(s.Value.Path())
	if s.Sid != "" {
		name += " " + quoted(s.Sid, 24)
	}
	return policy.Finding{At: at, Message: name + ": " + fmt.Sprintf(format, args...)}
}

// value shows what a document says, which may be anything, in one short line.
func value(s string) string { return quoted(s, 60) }

func quoted(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "..."
	}
	return strconv.Quote(s)
}

// nearest returns the name that s was probably meant to be: "; did you mean s3:GetObject?", or "" when none is near.
func nearest(s string, names iter.Seq[string]) string {
	const most = 3 // edits; more is another word
	best, found := most+1, ""
	s = strings.ToLower(s)
	for name := range names {
		if len(name)-len(s) > most || len(s)-len(name) > most {
			continue
		}
		// Its MaxCost is not used: with one, the distance of v1.2.3 can come out too small.
		if d := levenshtein.Distance(s, strings.ToLower(name), nil); d < best {
			best, found = d, name
		}
	}
	if found == "" {
		return ""
	}
	return "; did you mean " + found + "?"
}
