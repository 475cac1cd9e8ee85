package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// One finding a document, about the statement that comes closest to denying HTTP. An Allow over HTTPS is no such statement:
// it does what it says of its own grant, and that nothing is denied beside it is BW601's.
var transportDenyIneffective = &policy.Rule{
	ID:      "BW602",
	Name:    "transport-deny-ineffective",
	Summary: "a statement is meant to block plain HTTP but does not",
	Why: "Whoever wrote the statement relies on it. A Deny that names only some actions, some principals, or one of the " +
		"two ARNs (bucket, bucket/*) leaves the rest open; one that matches \"true\" denies HTTPS instead; and an Allow " +
		"under \"false\" allows HTTP. Write one Deny for everyone, of every action, on both ARNs.",
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
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkTransportDeny,
}

func checkTransportDeny(in policy.Input) []policy.Finding {
	bucket := home(in)
	if bucket == "" || !slices.ContainsFunc(in.Document.Statements, meantForHTTP) {
		return nil
	}
	deny := denials(in)
	v := overHTTP(in, deny, bucket)
	if v.Answer == space.None {
		return nil
	}
	s, at, instead := closest(in, deny, bucket)
	f := about(s, at, "it is undecided whether this denies all plain HTTP; %s", instead)
	if v.Answer == space.Found {
		f = about(s, at, "%s on %s is not denied over plain HTTP; %s", verbatim(v.Witness.Action), verbatim(v.Witness.Resource), instead)
		f.Witness, f.Fix = v.Witness, httpDenied(in, bucket)
		return []policy.Finding{f}
	}
	f.Certainty, f.Ceiling, f.Fix = policy.Undecided, policy.Warn, httpDenied(in, bucket)
	return []policy.Finding{f}
}

// closest is the statement that comes closest to denying HTTP, what about it leaves HTTP open, and what would not.
func closest(in policy.Input, deny *iam.Document, bucket string) (s *iam.Statement, at iam.Path, instead string) {
	if i := slices.IndexFunc(deny.Statements, meantForHTTP); i >= 0 {
		at, instead = repaired(in, deny, i, bucket)
		return &deny.Statements[i], at, instead
	}
	s = &in.Document.Statements[slices.IndexFunc(in.Document.Statements, meantForHTTP)]
	return s, s.Value.Member("Effect").Path(), "this Allow covers plain HTTP, so " + denyHTTP
}

// repaired finds the one element of a Deny that leaves HTTP open: with another in its place nothing gets by. Where it takes
// more than one, it is the statement.
func repaired(in policy.Input, deny *iam.Document, i int, bucket string) (at iam.Path, instead string) {
	s := deny.Statements[i]
	full := allowing(&iam.Document{}, `"*"`, "s3:*", []string{bucket, bucket + "/*"}, `{"Bool": {"aws:SecureTransport": "false"}}`).Statements[0]
	for _, part := range [...]struct {
		names   [2]string
		change  func(*iam.Statement)
		instead string
	}{
		{[2]string{"Condition"}, func(t *iam.Statement) { t.Condition = full.Condition },
			`write the Condition {"Bool": {"aws:SecureTransport": "false"}}`},
		{[2]string{"Resource", "NotResource"}, func(t *iam.Statement) { t.Resource, t.NotResource = full.Resource, nil },
			"write as Resource " + shown([]string{bucket, bucket + "/*"})},
		{[2]string{"Action", "NotAction"}, func(t *iam.Statement) { t.Action, t.NotAction = full.Action, nil },
			`write Action "s3:*"`},
		{[2]string{"Principal", "NotPrincipal"}, func(t *iam.Statement) { t.Principal, t.NotPrincipal = full.Principal, nil },
			`write Principal "*"`},
	} {
		changed := slices.Clone(deny.Statements)
		part.change(&changed[i])
		if overHTTP(in, deny.With(changed...), bucket).Answer != space.None {
			continue
		}
		for _, name := range part.names {
			if v := s.Value.Member(name); v != nil {
				return v.Path(), part.instead
			}
		}
	}
	return s.Value.Path(), denyHTTP
}
