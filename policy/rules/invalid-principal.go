package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// S3 answers "Invalid principal in policy". Ids of deleted principals are left alone: S3 itself writes those. An empty
// principal is what classic Crossplane shows of a reference that its controller resolves before it asks S3, so there a
// warning is the most.
var invalidPrincipal = &policy.Rule{
	ID:      "BW103",
	Name:    "invalid-principal",
	Summary: "S3 does not accept the principal",
	Why: "A principal is an account, a user, a role, a session, a service, a federation or \"*\", each written in full: a " +
		"wildcard cannot stand for part of a name. S3 refuses the whole policy because of one invalid principal. A " +
		"mistyped account id that happens to exist would give access to someone else.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
		"https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"INVALID_PRINCIPAL_FORMAT", "INVALID_PRINCIPAL_KEY", "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
		"INVALID_SERVICE_PRINCIPAL_FORMAT", "FEDERATED_PRINCIPAL_NOT_SUPPORTED",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Neighbours: true,
	Check:      checkInvalidPrincipal,
}

func checkInvalidPrincipal(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		for _, p := range [...]*iam.Principal{s.Principal, s.NotPrincipal} {
			if p == nil {
				continue
			}
			if p.Value.Kind == iam.String && !p.Any {
				out = append(out, about(s, p.Value.Path(), `principal %s has no type; write {"AWS": %[1]s}`,
					value(p.Value.Text)))
			}
			for _, e := range p.Entries {
				// Variables and placeholders are BW112's.
				if in.Document.HasVariables() && strings.Contains(e.ID.Text, "${") || unrenderedPrincipal(e) != "" {
					continue
				}
				if e.Type == "AWS" && authz.IsCanonicalUser(e) {
					f := about(s, e.ID.Path(), "AWS does not say what the canonical user id %s means under \"AWS\"; write it under CanonicalUser, "+
						"or write the account's id", quoted(e.ID.Text, 8))
					f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
					out = append(out, f)
					continue
				}
				if wrong := wrongPrincipal(p, e); wrong != "" {
					f := about(s, e.ID.Path(), "principal %s %s", value(e.ID.Text), wrong)
					if e.ID.Text == "" {
						f.Ceiling = policy.Warn
					}
					out = append(out, f)
				}
			}
		}
	}
	return out
}

var (
	principalID = map[string]*regexp.Regexp{
		"AWS": regexp.MustCompile(`^(\*|[0-9]{12}|A(IDA|ROA)[A-Z0-9]{12,}` +
			`|arn:aws[a-z-]*:iam::[0-9]{12}:(root|(user|role)/([!-~]+/)?[\w+=,.@-]+)` +
			`|arn:aws[a-z-]*:sts::[0-9]{12}:(assumed-role/[^/]+|federated-user)/[^/]+` +
			`|arn:aws[a-z-]*:iam::cloudfront:user/CloudFront Origin Access Identity E[A-Z0-9]{12,14})$`),
		"Service":       regexp.MustCompile(`^(\*|[\w-]+(\.[\w-]+)+)$`),
		"Federated":     regexp.MustCompile(`^(\*|[\w-]+(\.[\w-]+)+|arn:aws[a-z-]*:iam::[0-9]{12}:(saml|oidc)-provider/.+)$`),
		"CanonicalUser": regexp.MustCompile(`^[0-9a-fA-F]{64,}$`),
	}
	principalShape = map[string]string{
		"AWS":           "an account id, or an ARN such as arn:aws:iam::111122223333:role/NAME",
		"Service":       "a service such as cloudtrail.amazonaws.com",
		"Federated":     "a provider's ARN, or a domain such as accounts.google.com",
		"CanonicalUser": "a canonical user id of 64 hexadecimal digits",
	}
	accountInID = regexp.MustCompile(`^(?:arn:[^:]*:(?:iam|sts)::)?([0-9]+)(?::|$)`)
)

// wrongPrincipal returns why S3 refuses one principal of p, "" when it does not.
func wrongPrincipal(p *iam.Principal, e iam.PrincipalEntry) string {
	valid, id := principalID[e.Type], e.ID.Text
	if valid == nil {
		return "is of unknown type " + value(e.Type) + "; the types are AWS, Service, Federated, CanonicalUser"
	}
	switch {
	case e.Type == "AWS" && id == "*" && beside(p):
		return "includes the others in the list; keep one or the other"
	// A name may hold neither wildcard, so that no valid principal has one.
	case id != "*" && strings.ContainsAny(id, "*?"):
		return "contains a wildcard; write it in full, or match patterns with a Condition on aws:PrincipalArn"
	case valid.MatchString(id):
		return ""
	case id == "":
		return "is empty; perhaps a reference was not resolved"
	}
	if _, name, ok := strings.Cut(id, ":iam::cloudfront:user/"); ok {
		name, ok = strings.CutPrefix(name, "CloudFront Origin Access Identity ")
		if !ok {
			return `is not an origin access identity; write "CloudFront Origin Access Identity" and a space before the id`
		}
		return "has the id " + quoted(name, 24) + "; an origin access identity has E and 12 to 14 capitals and digits"
	}
	if account := accountInID.FindStringSubmatch(id); e.Type == "AWS" && account != nil && len(account[1]) != 12 {
		return fmt.Sprintf("has an account id of %d digits; account ids have 12", len(account[1]))
	}
	return "is invalid; write " + principalShape[e.Type]
}

// beside reports whether p names more than one AWS principal.
func beside(p *iam.Principal) bool {
	n := 0
	for _, e := range p.Entries {
		if e.Type == "AWS" {
			n++
		}
	}
	return n > 1
}
