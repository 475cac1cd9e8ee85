package public

import (
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Status is what S3 calls a policy: public or not. It decides what BlockPublicPolicy refuses and RestrictPublicBuckets
// cuts, and is a notion of its own: a Deny does not count, only who is let in by fixed values.
type Status string

// The statuses.
const (
	StatusPublic    Status = "public"
	StatusNotPublic Status = "notPublic"
	StatusUndecided Status = "undecided"
)

// S3Status follows "the meaning of public": each Allow has to single out its callers, by principal or by a fixed value
// of one of the keys that the page lists. statement is the index of the one that decides, -1 for none.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func S3Status(doc *iam.Document) (status Status, statement int, reason string) {
	status, statement, reason = StatusNotPublic, -1, "every Allow names its callers by fixed values"
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Effect != iam.Allow {
			continue
		}
		found, why := statementStatus(doc, s)
		switch {
		case found == StatusPublic:
			return found, i, why
		case found == StatusUndecided && status == StatusNotPublic:
			status, statement, reason = found, i, why
		}
	}
	return status, statement, reason
}

func statementStatus(doc *iam.Document, s *iam.Statement) (Status, string) {
	who, why := principalStatus(s)
	if who == StatusNotPublic {
		return who, ""
	}
	for i := range s.Condition {
		switch found, because := conditionStatus(doc, &s.Condition[i]); found {
		case StatusNotPublic:
			return found, ""
		case StatusUndecided:
			who, why = found, because
		}
	}
	return who, why
}

func principalStatus(s *iam.Statement) (Status, string) {
	p := s.Principal
	switch {
	case s.NotPrincipal != nil:
		return StatusPublic, "NotPrincipal allows everyone who is not named"
	case p == nil:
		return StatusUndecided, "the statement names no principal"
	case p.Any:
		return StatusPublic, `the principal is "*" and no condition has a fixed value`
	}
	out, why := StatusNotPublic, ""
	for _, e := range p.Entries {
		id := e.ID.Text
		switch {
		case strings.ContainsAny(id, "*?"):
			return StatusPublic, fmt.Sprintf("the principal is %q and no condition has a fixed value", id)
		case e.Type == "Federated" && !strings.HasPrefix(id, "arn:"):
			return StatusPublic, fmt.Sprintf("anyone can sign in with %q", id)
		case e.Type == "Federated":
			out, why = StatusUndecided, "AWS does not say whether an identity provider of one account is a fixed principal"
		}
	}
	return out, why
}

// conditionStatus reports whether a condition limits a statement to fixed values.
func conditionStatus(doc *iam.Document, c *iam.Condition) (Status, string) {
	op, ok := iam.ParseOperator(c.Operator)
	switch {
	case !ok || op.Negated || op.IfExists || op.Quantifier == iam.ForAllValues || op.Comparison == iam.Null || len(c.Values) == 0:
		return StatusPublic, ""
	case strings.EqualFold(c.Key, "aws:PrincipalIsAWSService"):
		if len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "true") {
			return StatusNotPublic, ""
		}
		return StatusPublic, ""
	}
	p, ok := placeOf(c)
	service := strings.EqualFold(c.Key, "aws:PrincipalServiceName") && op.Comparison.Textual()
	if !ok && !service {
		return StatusPublic, ""
	}
	for _, v := range c.Values {
		switch {
		case service && strings.HasSuffix(v.Text, ".amazonaws.com"):
		case p.key == "aws:userid" && strings.Contains(v.Text, ":*"):
			return StatusUndecided, "AWS's page excepts aws:userid values of the form ROLEID:* and does not say how"
		case service, !p.fixes(doc, v.Text):
			return StatusPublic, ""
		}
	}
	if p.key == "aws:SourceIp" && crowded(doc) {
		return StatusUndecided, "AWS's page is about each range of addresses, but all of them together are broad"
	}
	return StatusNotPublic, ""
}
