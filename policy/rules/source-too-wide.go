package rules

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// No condition at all is BW501's.
var sourceTooWide = &policy.Rule{
	ID:      "BW502",
	Name:    "source-too-wide",
	Summary: "the condition accepts any AWS account as the one for which a service acts",
	Why: "aws:SourceArn with a wildcard for the account matches everyone's resources. The ARN of a bucket contains no " +
		"account: once that bucket is deleted, whoever takes its name matches. Write the account into the ARN, or add " +
		"aws:SourceAccount.",
	Sources: []string{
		confusedDeputies,
		conditionKeys + "#condition-keys-sourcearn",
	},
	Severity: policy.Medium,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkSourceTooWide,
}

func checkSourceTooWide(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for _, d := range deputies(in) {
		if d.Answer != space.Found || !d.asked {
			continue
		}
		f := widest(in, d)
		f.Witness, f.Fix = d.Witness, forOwner(in, d.Statement)
		if !d.sends {
			f.Certainty, f.Ceiling, f.Fix = policy.Undecided, policy.Audit, nil
		}
		out = append(out, f)
	}
	return out
}

// widest is the finding about the first value that stands for more than one account.
func widest(in policy.Input, d deputy) policy.Finding {
	who := service(in, d.Witness.Principal)
	for _, c := range d.Condition {
		if op, ok := iam.ParseOperator(c.Operator); !ok || op.Negated || !isOneOf(c.Key, sourceKeys) {
			continue
		}
		for _, v := range c.Values {
			switch parts := strings.SplitN(v.Text, ":", 6); {
			case fixedSource(in, c.Key, v.Text):
			case len(parts) == 6 && parts[4] == "":
				return about(d.Statement, v.Path(), "%s contains no account; %s also acts for whoever takes the name next, so add aws:SourceAccount",
					quoted(v.Text, 44), who)
			default:
				return about(d.Statement, v.Path(), "%s %s allows %s to act for any account; write yours", c.Key, quoted(v.Text, 32), who)
			}
		}
	}
	return about(d.Statement, servicesOf(d.Statement), "the condition on %s accepts any AWS account; require yours in "+
		"aws:SourceAccount", who)
}
