package rules

import (
	"net/netip"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
)

// What is no range at all is BW110's. Through a VPC endpoint a request has aws:VpcSourceIp, where private ranges belong.
var addressRange = &policy.Rule{
	ID:      "BW805",
	Name:    "address-range",
	Summary: "an IP range matches other requests than it seems to",
	Why: "10.1.2.3/16 means 10.1.0.0/16, whatever its author had in mind. S3 sees public addresses in aws:SourceIp, never " +
		"the private ones behind a gateway, so a private range there matches nobody. Every IPv6 address is outside every " +
		"IPv4 range: a Deny with NotIpAddress blocks all IPv6 callers, and an Allow with it allows them.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress",
		conditionKeys + "#condition-keys-sourceip",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/ipv6-access.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{"IMPROVE_IP_RANGE", "PRIVATE_IP_ADDRESS", "PRIVATE_NOT_IP_ADDRESS"}},
	Severity: policy.Low,
	Baseline: policy.Warn, Restricted: policy.Warn,
	Identities: true,
	Check:      checkAddresses,
}

func checkAddresses(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		for _, c := range s.Condition {
			op, ok := iam.ParseOperator(c.Operator)
			if !ok || op.Comparison != iam.IPAddress {
				continue
			}
			source := strings.EqualFold(c.Key, "aws:SourceIp")
			v4 := len(c.Values) > 0
			for _, v := range c.Values {
				r, err := netip.ParsePrefix(v.Text)
				v4 = v4 && (err == nil && r.Addr().Is4() || err != nil && !strings.Contains(v.Text, ":"))
				switch {
				case err == nil && r != r.Masked():
					out = append(out, hostBits(in, s, v, r.Masked()))
				case err == nil && source && public.Private(r):
					out = append(out, about(s, v.Path(), "no request over the internet comes from %s; requests through a VPC endpoint "+
						"have aws:VpcSourceIp instead", value(v.Text)))
				}
			}
			if source && op.Negated && v4 {
				f := about(s, c.Value.Path(), "this condition also matches all IPv6 callers; add your IPv6 ranges if you use IPv6")
				f.Ceiling = policy.Audit // as most policies do, and S3's usual endpoints are IPv4's alone
				out = append(out, f)
			}
		}
	}
	return out
}

func hostBits(in policy.Input, s *iam.Statement, v *iam.Value, network netip.Prefix) policy.Finding {
	f := about(s, v.Path(), "%s has host bits set and means %s; write %[2]s or a single address", value(v.Text), network)
	if len(in.Findings(missingElement)) > 0 {
		return f // nothing is provable of a document that lacks an Effect
	}
	f.Fix = &policy.Fix{
		Class: policy.Equivalent, Description: "write the network " + network.String(),
		Edits: []iam.Edit{{At: v.Path(), New: iam.NewString(network.String())}},
	}
	return f
}
