package rules

import (
	"errors"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// UnreadableDocument is BW101, which other packages name.
//
// What the parser cannot read, nobody may guess: a document that S3 and we read differently is worse than none.
var UnreadableDocument = &policy.Rule{
	ID:      "BW101",
	Name:    "unreadable-document",
	Summary: "the document cannot be read, or can be read in more than one way",
	Why: "S3 refuses a document that is not JSON, or that has an unknown element. Worse is a document that two readers " +
		"understand differently: of a repeated key some keep the first value and some the last, and some accept " +
		"\"action\" for \"Action\". A document that cannot be read in exactly one way is refused, never guessed.",
	Sources: []string{iamGrammar},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"JSON_SYNTAX_ERROR", "INVALID_POLICY_ELEMENT", "DATA_TYPE_MISMATCH",
		"DUPLICATE_KEYS_WITH_DIFFERENT_CASE", "INVALID_EFFECT", "INVALID_VERSION",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Identities: true, Neighbours: true,
	Check: checkUnreadable,
}

func checkUnreadable(in policy.Input) []policy.Finding {
	var syntax *iam.SyntaxError
	switch {
	case in.Unreadable == nil:
		return nil
	case errors.As(in.Unreadable, &syntax):
		return []policy.Finding{{At: syntax.Path, Message: oneLine(syntax.Reason)}}
	default:
		return []policy.Finding{{Message: oneLine(in.Unreadable.Error())}}
	}
}
