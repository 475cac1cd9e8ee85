package public

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// trustKeys are the keys that AWS supplies and that say where a request comes from; a fixed value of one of them singles
// callers out.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
var trustKeys = []string{
	"aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:SourceIp", "aws:SourceVpc",
	"aws:SourceVpce", "aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths", "aws:SourceArn",
	"aws:SourceAccount", "aws:SourceOwner", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:userid",
	"s3:DataAccessPointArn", "s3:DataAccessPointAccount", "s3:x-amz-server-side-encryption-aws-kms-key-id",
}

// place is a trust key and how it is compared: by values of both, callers are singled out.
type place struct{ operator, key string }

// placeOf returns the place of a condition, whatever its values and its negation. ok is false where these cannot single
// anybody out.
func placeOf(c *iam.Condition) (p place, ok bool) {
	op, ok := iam.ParseOperator(c.Operator)
	i := slices.IndexFunc(trustKeys, func(k string) bool { return strings.EqualFold(k, c.Key) })
	if !ok || i < 0 {
		return place{}, false
	}
	p = place{string(op.Comparison), trustKeys[i]}
	switch op.Comparison {
	case iam.IPAddress:
		return p, p.key == "aws:SourceIp"
	case iam.StringEquals, iam.StringLike:
		p.operator = string(iam.StringLike)
	case iam.ARNEquals, iam.ARNLike:
		p.operator = string(iam.ARNLike)
	case iam.StringEqualsIgnoreCase:
	default:
		return place{}, false
	}
	if strings.HasSuffix(p.key, "OrgPaths") {
		p.operator = string(iam.ForAnyValue) + ":" + p.operator
	}
	return p, p.key != "aws:SourceIp"
}

// singlesOut tells that a condition of a statement by itself keeps within what Named accepts. crowd is of the document.
func singlesOut(doc *iam.Document, s *iam.Statement, crowd bool) bool {
	return slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
		op, _ := iam.ParseOperator(c.Operator)
		p, ok := placeOf(&c)
		return ok && !(crowd && p.key == "aws:SourceIp") && !op.Negated && !op.IfExists && op.Quantifier != iam.ForAllValues && len(c.Values) > 0 &&
			(op.Quantifier == iam.ForAnyValue) == strings.HasPrefix(p.operator, string(iam.ForAnyValue)) && allFixed(doc, p, &c)
	})
}

func allFixed(doc *iam.Document, p place, c *iam.Condition) bool {
	return !slices.ContainsFunc(c.Values, func(v *iam.Value) bool { return !p.fixes(doc, v.Text) })
}

// Named returns a document that accepts whatever comes from a place that doc names in a condition, of an Allow or of a
// Deny for all others: a fixed value of a trust key, or an address range that S3 does not call broad.
func Named(doc *iam.Document) *iam.Document {
	values := map[place][]string{}
	crowd := crowded(doc)
	for _, s := range doc.Statements {
		for i := range s.Condition {
			p, ok := placeOf(&s.Condition[i])
			if !ok {
				continue
			}
			for _, v := range s.Condition[i].Values {
				if p.fixes(doc, v.Text) && !(crowd && p.key == "aws:SourceIp") {
					values[p] = append(values[p], v.Text)
				}
			}
		}
	}
	return iam.NewDocument(accept(values)...)
}

// fixes reports whether a value singles callers out: it has no policy variable, a wildcard only where the account or
// organization is fixed, and as a range of addresses it is not broader than /8, or /32 in IPv6.
func (p place) fixes(doc *iam.Document, value string) bool {
	wild := strings.IndexAny(value, "*?")
	if doc.HasVariables() && strings.Contains(value, "${") {
		return false
	}
	switch p.key {
	case "aws:SourceIp":
		return !broad(value)
	case "aws:PrincipalAccount", "aws:SourceAccount", "aws:SourceOwner", "aws:VpceAccount", "s3:DataAccessPointAccount":
		return authz.IsAccount(value)
	case "aws:PrincipalArn", "aws:SourceArn", "aws:SourceVpcArn", "s3:DataAccessPointArn":
		// Under a String operator a wildcard before the account can take in another one's ARN.
		parts := strings.SplitN(value, ":", 6)
		return wild < 0 || len(parts) == 6 && authz.IsAccount(parts[4]) &&
			(p.operator == string(iam.ARNLike) || strings.Count(value[:wild], ":") >= 5)
	case "aws:PrincipalOrgPaths", "aws:SourceOrgPaths", "aws:VpceOrgPaths":
		org, _, _ := strings.Cut(value, "/")
		return !strings.ContainsAny(org, "*?")
	case "aws:userid": // who did not sign is "anonymous", to StringEqualsIgnoreCase in any case
		id, _, ok := strings.Cut(value, ":")
		return wild < 0 && !strings.EqualFold(value, "anonymous") || ok && len(id) > 4 && !strings.ContainsAny(id, "*?")
	}
	return wild < 0
}

// The private ranges of RFC 1918, which S3 never calls broad.
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
}

// Private reports whether all addresses of an IPv4 range are private ones, of RFC 1918.
func Private(r netip.Prefix) bool {
	return slices.ContainsFunc(private, func(p netip.Prefix) bool { return p.Bits() <= r.Bits() && p.Contains(r.Addr()) })
}

// broad reports whether a range of addresses is so wide that S3 calls it public.
func broad(cidr string) bool {
	p, err := netip.ParsePrefix(cidr)
	if err != nil {
		_, err := netip.ParseAddr(cidr)
		return err != nil
	}
	p = unmapped(p)
	return p.Addr().Is4() && p.Bits() < 8 && !Private(p) || p.Addr().Is6() && p.Bits() < 32
}

// crowded reports whether the ranges of addresses that a document names have, all together, more addresses than the
// broadest that S3 does not call public. Each of them may be narrow, and 256 of them the internet.
func crowded(doc *iam.Document) bool {
	var ranges []netip.Prefix
	for _, s := range doc.Statements {
		for i := range s.Condition {
			p, ok := placeOf(&s.Condition[i])
			if !ok || p.key != "aws:SourceIp" {
				continue
			}
			for _, v := range s.Condition[i].Values {
				if r, err := netip.ParsePrefix(v.Text); err == nil && !broad(v.Text) {
					ranges = append(ranges, unmapped(r).Masked())
				}
			}
		}
	}
	slices.SortFunc(ranges, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	var last netip.Prefix
	parts := map[bool]float64{} // of the broadest range, by whether they are IPv4
	for _, r := range ranges {
		if last.IsValid() && last.Contains(r.Addr()) || slices.ContainsFunc(private, func(p netip.Prefix) bool { return p.Contains(r.Addr()) }) {
			continue
		}
		last = r
		broadest := 32
		if r.Addr().Is4() {
			broadest = 8
		}
		parts[r.Addr().Is4()] += math.Ldexp(1, broadest-r.Bits())
	}
	return parts[true] > 1 || parts[false] > 1
}

// unmapped returns a range of IPv4 addresses that is written as one of IPv6 as what it is.
func unmapped(p netip.Prefix) netip.Prefix {
	const before = 96 // bits
	if p.Addr().Is4In6() && p.Bits() >= before {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-before)
	}
	return p
}

// accept returns statements that allow everybody everything who comes from one of the places.
func accept(values map[place][]string) []any {
	statements := []any{}
	for _, key := range trustKeys {
		for _, quantifier := range [...]iam.Quantifier{iam.None, iam.ForAnyValue} {
			for _, how := range [...]iam.Comparison{iam.StringLike, iam.StringEqualsIgnoreCase, iam.ARNLike, iam.IPAddress} {
				operator := string(how)
				if quantifier != iam.None {
					operator = string(quantifier) + ":" + operator
				}
				if list := values[place{operator, key}]; len(list) > 0 {
					statements = append(statements, allowAll(operator, key, list))
				}
			}
		}
	}
	return statements
}

// allowAll is a statement that allows everybody everything under one condition.
func allowAll(operator, key string, values any) any {
	return map[string]any{
		"Effect": iam.Allow, "Principal": "*", "Action": "*", "Resource": "*",
		"Condition": map[string]any{operator: map[string]any{key: values}},
	}
}
