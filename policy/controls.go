package policy

import (
	"regexp"
	"strings"
)

// Controls are checks of others that look for the same, whole or in part: who has to answer for one of them finds the rule.
type Controls struct {
	// SecurityHub has controls of AWS Security Hub, like S3.5.
	// https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html
	SecurityHub []string `json:"securityHub,omitempty"`
	// CIS has recommendations of the CIS AWS Foundations Benchmark v3.0.0, like 2.1.1, as Security Hub relates them.
	CIS []string `json:"cis,omitempty"`
	// Config has AWS Config's managed rules, like s3-bucket-ssl-requests-only.
	// https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
	Config []string `json:"config,omitempty"`
	// AccessAnalyzer has issue codes of IAM Access Analyzer's policy validation, like MISSING_QUALIFIER, and its API calls
	// that answer the question, like CheckNoPublicAccess.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
	AccessAnalyzer []string `json:"accessAnalyzer,omitempty"`
}

// String lists them as a person reads them, "" when there are none.
func (c Controls) String() string {
	var out []string
	for _, l := range []struct {
		by    string
		names []string
	}{
		{"Security Hub", c.SecurityHub}, {"CIS", c.CIS}, {"AWS Config", c.Config}, {"Access Analyzer", c.AccessAnalyzer},
	} {
		if len(l.names) > 0 {
			out = append(out, l.by+" "+strings.Join(l.names, ", "))
		}
	}
	return strings.Join(out, "; ")
}

var controlNames = struct{ securityHub, cis, config, analyzer *regexp.Regexp }{
	regexp.MustCompile(`^S3\.[1-9][0-9]?$`),
	regexp.MustCompile(`^[1-9](\.[1-9][0-9]?)+$`),
	regexp.MustCompile(`^s3-[a-z-]+$`),
	regexp.MustCompile(`^([A-Z]+(_[A-Z]+)+|Check[A-Za-z]+)$`),
}

// unreadable returns the first name that cannot be one of its kind, "" when there is none.
func (c Controls) unreadable() string {
	for _, list := range []struct {
		names []string
		shape *regexp.Regexp
	}{
		{c.SecurityHub, controlNames.securityHub}, {c.CIS, controlNames.cis},
		{c.Config, controlNames.config}, {c.AccessAnalyzer, controlNames.analyzer},
	} {
		for _, name := range list.names {
			if !list.shape.MatchString(name) {
				return name
			}
		}
	}
	return ""
}
