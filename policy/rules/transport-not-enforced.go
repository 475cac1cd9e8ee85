package rules

import (
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

var transportNotEnforced = &policy.Rule{
	ID:      "BW601",
	Name:    "transport-not-enforced",
	Summary: "no statement denies requests over plain HTTP",
	Why: "S3 answers over HTTP as well as over HTTPS. Anyone on the path can read and change what travels over HTTP. " +
		"Policies of users and roles in the bucket's own account give access without this document, so only a Deny for " +
		"everyone, of every action, on the bucket and its objects keeps all data off plain HTTP. An Allow over HTTPS is " +
		"not enough.",
	Sources: []string{
		requireTLS,
		"https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html",
		conditionKeys + "#condition-keys-securetransport",
	},
	Controls: policy.Controls{
		SecurityHub: []string{"S3.5"},
		CIS:         []string{"2.1.1"},
		Config:      []string{"s3-bucket-ssl-requests-only"},
	},
	Severity: policy.Medium,
	Baseline: policy.Audit, Restricted: policy.Warn,
	Yields: policy.Yields{Document: []*policy.Rule{missingElement, transportDenyIneffective}},
	Check:  checkTransport,
}

func checkTransport(in policy.Input) []policy.Finding {
	bucket := home(in)
	if bucket == "" {
		return nil
	}
	v := overHTTP(in, denials(in), bucket)
	switch v.Answer {
	case space.None:
		return nil
	case space.Undecided:
		return []policy.Finding{{
			Message: "it is undecided whether plain HTTP is denied; " + denyHTTP, Certainty: policy.Undecided, Fix: httpDenied(in, bucket),
		}}
	}
	return []policy.Finding{{
		Message: "requests over plain HTTP are not denied; " + denyHTTP,
		Witness: v.Witness,
		Fix:     httpDenied(in, bucket),
	}}
}
