package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Callers who gain what they lack are BW902's, and a service that acts for any account is BW501's and BW502's. Server access
// logs go to no other account, so nothing is said of s3:PutBucketLogging.
var exfiltration = &policy.Rule{
	ID:      "BW903",
	Name:    "exfiltration",
	Summary: "a service or a trusted principal can send objects, or their list, to accounts outside the trust",
	Why: "A service that acts for an account outside the trust gives that account everything it reads: someone else's " +
		"CloudFront distribution shows your objects to its visitors. A replication rule or an inventory keeps sending to " +
		"any account's bucket, even after its author has lost all access. No condition key limits the destination, so " +
		"reserve both for the account that owns the bucket.",
	Sources: []string{
		conditionKeys + "#condition-keys-sourceaccount",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough-2.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/specify-batchjob-manifest-xaccount-inventory.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
		s3Actions,
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true,
	Yields: policy.Yields{Document: incomplete, Statement: []*policy.Rule{externalAccess, wildcardAction, allowNotAction}},
	Check:  checkExfiltration,
}

// toCopy is what reads an object. To read about one, as services do before they write, copies nothing.
var toCopy = grantOf([]string{
	"s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectVersionForReplication", "s3:GetObjectTorrent", "s3:GetObjectVersionTorrent",
})

// onward are the permissions by which a bucket sends what is in it to any account.
var onward = slices.DeleteFunc(slices.Clone(escalations), func(e escalation) bool { return !e.onward })

func checkExfiltration(in policy.Input) []policy.Finding {
	if in.Trust == nil {
		return nil
	}
	return append(copying(in), sending(in)...)
}

// copying finds services that read for somebody outside the trust whom the document names.
func copying(in policy.Input) []policy.Finding {
	trust, ok := trusted(in)
	fixed := func(s *iam.Statement) bool {
		return s.Effect == iam.Deny || letsInService(s) && !openToService(in, s) && toCopy.by(s) && !forOwn(in, s)
	}
	if !ok || !slices.ContainsFunc(in.Document.Statements, func(s iam.Statement) bool { return s.Effect == iam.Allow && fixed(&s) }) {
		return nil // as in most policies
	}
	doc := remaining(in).Only(fixed)
	accepted := []*iam.Document{sources(doc, trust), toCopy.others}
	var out []policy.Finding
	for s, v := range opened(doc, func(d *iam.Document) space.Verdict {
		return space.Access(d, space.Services, in.Budget.Share(partBudget), accepted...)
	}) {
		switch {
		case s != nil && in.Yields(s.Value.Path()):
		case v.Answer == space.Found:
			f := about(s, servicesOf(s), "%s can read %s for %s, not trusted; remove the access, or add it to the trust",
				service(in, v.Witness.Principal), verbatim(v.Witness.Resource), sender(in, v.Witness))
			f.Witness = v.Witness
			out = append(out, f)
		default:
			out = append(out, unsure(in, s, v, "a service reads on behalf of someone outside the trust")...)
		}
	}
	return out
}

// forOwn reports whether a statement wants services to act for the bucket's own account or organization: a policy variable says
// which, and the engine does not know its value.
func forOwn(in policy.Input, s *iam.Statement) bool {
	return slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
		op, ok := iam.ParseOperator(c.Operator)
		return ok && holds(op) && isOneOf(c.Key, sourceKeys) && len(c.Values) > 0 && !slices.ContainsFunc(c.Values, func(v *iam.Value) bool {
			return !strings.Contains(v.Text, "${") || !fixedSource(in, c.Key, v.Text)
		})
	})
}

// sources accepts what services do for whoever is trusted and for the bucket's own account and organization, by the keys that
// a document uses.
func sources(doc *iam.Document, trust public.Trust) *iam.Document {
	accounts := append([]string{"${aws:ResourceAccount}"}, trust.Accounts...)
	organizations := append([]string{"${aws:ResourceOrgID}"}, trust.Organizations...)
	var arns []string
	for _, a := range trust.Accounts {
		arns = append(arns, "arn:*:*:*:"+a+":*")
	}
	paths := slices.Clone(trust.OrgPaths)
	for _, o := range trust.Organizations {
		paths = append(paths, o+"/*")
	}
	var out []condition
	for i, values := range [][]string{accounts, arns, organizations, paths, accounts} {
		key, operator := sourceKeys[i], "StringLike"
		if key == "aws:SourceOrgPaths" {
			operator = "ForAnyValue:StringLike"
		}
		if len(values) > 0 && uses(doc, key) {
			out = append(out, condition{operator: {key: values}})
		}
	}
	return accepting(out...)
}

// uses reports whether a document has a condition on a key.
func uses(doc *iam.Document, key string) bool {
	return slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool {
		return slices.ContainsFunc(s.Condition, func(c iam.Condition) bool { return strings.EqualFold(c.Key, key) })
	})
}

// sender is for whom a service sends a request, as the document says it.
func sender(in policy.Input, r *authz.Request) string {
	for _, key := range sourceKeys {
		values, _ := r.Context.Lookup(key)
		for _, v := range values {
			what, id := "account ", accountOf(v)
			if strings.HasPrefix(key, "aws:SourceOrg") {
				what = "organization "
				id, _, _ = strings.Cut(v, "/")
			}
			if strings.Contains(in.Text, id) {
				return what + quoted(id, 32)
			}
		}
	}
	return "another account"
}

// sending finds principals of other accounts, trusted ones, that may read and have what they read sent on. Where
// nobody knows, BW902 says so.
func sending(in policy.Input) []policy.Finding {
	out := escalating(in, onward, space.Found, func(e escalation, s *iam.Statement, r *authz.Request) []policy.Finding {
		return e.found(in, s, r, "%s can use %s; %s, of any account, so leave that to the bucket's own account",
			outsider(in, r), e.action, e.how)
	})
	return slices.DeleteFunc(out, func(f policy.Finding) bool {
		return in.Yields(f.At) || f.Witness == nil && anyAbout(in.Findings(bucketEscalation), f.At.Statement())
	})
}
