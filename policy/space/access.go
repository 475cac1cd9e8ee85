package space

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Access asks for a request that doc allows and nobody has accepted: accepted are documents, and what they allow does
// not count. among says which callers count.
func Access(doc *iam.Document, among Callers, steps int, accepted ...*iam.Document) Verdict {
	return access(doc, among, steps, accepted, func(s *iam.Statement) bool { return among.MayUse(s) })
}

// access asks about the Allow statements that are open; the others let none of the callers in.
func access(doc *iam.Document, among Callers, steps int, accepted []*iam.Document, open func(*iam.Statement) bool) Verdict {
	asked := slices.DeleteFunc(whole(doc).of(iam.Allow), func(s *iam.Statement) bool { return !open(s) })
	asked = outside(doc, asked, doc, iam.Deny)
	for _, d := range accepted {
		asked = outside(doc, asked, d, iam.Allow)
	}
	if len(asked) == 0 { // as in most policies
		return Verdict{Answer: None}
	}
	near := touching(doc, asked, outlines{})
	q := question{
		docs: append(wholes(accepted), near), actors: among.has, budget: &budget{steps},
		build: func(u *universe) (boxes, cover []box) {
			return u.boxesOf(doc, asked), slices.Concat(u.statements(near, iam.Deny), u.axioms, u.allowed(accepted))
		},
		confirm: func(r authz.Request) authz.Match {
			return isAllowed(doc, r, true).andIgnored(r, accepted)
		},
	}
	return q.ask()
}

// MayUse tells, by a look at its principals, whether a statement may let one of the callers in. False is certain.
func (c Callers) MayUse(s *iam.Statement) bool {
	if !namesAll(s) {
		return true
	}
	return slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool {
		switch {
		case e.Type == "Federated", strings.ContainsAny(e.ID.Text, "*?$"):
			return true
		case e.Type == "Service":
			return c&Services != 0
		}
		return c&NamedCallers != 0
	})
}

// Callers is a set of callers, by what they are.
type Callers uint8

// The callers. Strangers are signed callers of an account that no document names.
const (
	AnonymousCallers Callers = 1 << iota
	Strangers
	NamedCallers
	Services
	Everyone = AnonymousCallers | Strangers | NamedCallers | Services
)

func (c Callers) has(a actor) bool {
	switch {
	case a.kind == anonymousActor:
		return c&AnonymousCallers != 0
	case a.kind == serviceActor:
		return c&Services != 0
	case a.stranger:
		return c&Strangers != 0
	}
	return c&NamedCallers != 0
}

// strangers are who gets in where nobody is named.
const strangers = AnonymousCallers | Strangers

// Public asks whether anybody gets in whom the document does not single out, for what nobody has accepted: an anonymous
// caller, or a signed one of any account, from no network, organization or source that the document names.
func Public(doc *iam.Document, steps int, accepted ...*iam.Document) Verdict {
	open := func(s *iam.Statement) bool { return strangers.MayUse(s) && !singlesOut(doc, s) }
	if !slices.ContainsFunc(whole(doc).of(iam.Allow), open) { // before Named is made
		return Verdict{Answer: None}
	}
	return access(doc, strangers, steps, append([]*iam.Document{Named(doc)}, accepted...), open)
}

// singlesOut tells that a condition of a statement by itself keeps within what Named accepts.
func singlesOut(doc *iam.Document, s *iam.Statement) bool {
	return slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
		op, ok := iam.ParseOperator(c.Operator)
		key := trustKey(c.Key)
		if !ok || key == "" || op.Negated || op.IfExists || len(c.Values) == 0 || op.Quantifier == iam.ForAllValues ||
			(op.Quantifier == iam.ForAnyValue) != strings.HasSuffix(key, "OrgPaths") {
			return false
		}
		switch op.Comparison {
		case iam.StringEquals, iam.StringLike, iam.ARNEquals, iam.ARNLike, iam.IPAddress:
		default:
			return false
		}
		return !slices.ContainsFunc(c.Values, func(v *iam.Value) bool { return !fixedValue(doc, key, v.Text) })
	})
}

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

// Named returns a document that accepts whatever comes from a place that doc names in a condition, of an Allow or of a
// Deny for all others: a fixed value of a trust key, or an address range that S3 does not call broad.
func Named(doc *iam.Document) *iam.Document {
	values := map[string][]string{}
	for _, s := range doc.Statements {
		for _, c := range s.Condition {
			op, ok := iam.ParseOperator(c.Operator)
			key := trustKey(c.Key)
			if !ok || key == "" {
				continue
			}
			for _, v := range c.Values {
				if fixedValue(doc, key, v.Text) && (isText(op.Comparison) || op.Comparison == iam.IPAddress) {
					values[key] = append(values[key], v.Text)
				}
			}
		}
	}
	return accept(values)
}

func trustKey(key string) string {
	for _, k := range trustKeys {
		if strings.EqualFold(k, key) {
			return k
		}
	}
	return ""
}

// fixedValue tells whether a value singles callers out: it has no policy variable, a wildcard only where the account or
// organization is fixed, and as a range of addresses it is not broader than /8, or /32 in IPv6.
func fixedValue(doc *iam.Document, key, value string) bool {
	if doc.HasVariables() && strings.Contains(value, "${") {
		return false
	}
	switch key {
	case "aws:SourceIp":
		return !broad(value)
	case "aws:PrincipalArn", "aws:SourceArn", "aws:SourceVpcArn", "s3:DataAccessPointArn":
		parts := strings.SplitN(value, ":", 6)
		return !strings.ContainsAny(value, "*?") || len(parts) == 6 && len(parts[4]) == 12 && !strings.ContainsAny(parts[4], "*?")
	case "aws:PrincipalOrgPaths", "aws:SourceOrgPaths", "aws:VpceOrgPaths":
		org, _, _ := strings.Cut(value, "/")
		return !strings.ContainsAny(org, "*?")
	case "aws:userid":
		id, _, ok := strings.Cut(value, ":")
		return ok && len(id) > 4 && !strings.ContainsAny(id, "*?") || !strings.ContainsAny(value, "*?")
	}
	return !strings.ContainsAny(value, "*?")
}

// broad tells whether a range of addresses is so wide that S3 calls it public. Private ranges never are.
func broad(cidr string) bool {
	p, err := netip.ParsePrefix(cidr)
	if err != nil {
		_, err := netip.ParseAddr(cidr)
		return err != nil
	}
	if p.Addr().IsPrivate() {
		return false
	}
	return p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 32
}

// accept makes a document that allows everybody everything who has one of the values of one key.
func accept(values map[string][]string) *iam.Document {
	statements := []any{}
	for _, key := range trustKeys {
		if len(values[key]) == 0 {
			continue
		}
		operator := "StringLike"
		switch {
		case key == "aws:SourceIp":
			operator = "IpAddress"
		case strings.HasSuffix(key, "OrgPaths"):
			operator = "ForAnyValue:StringLike"
		}
		statements = append(statements, map[string]any{
			"Effect": iam.Allow, "Principal": "*", "Action": "*", "Resource": "*",
			"Condition": map[string]any{operator: map[string]any{key: values[key]}},
		})
	}
	return build(statements)
}

// build makes a document of statements.
func build(statements []any) *iam.Document {
	raw, err := json.Marshal(map[string]any{"Version": iam.Version2012, "Statement": statements})
	if err != nil {
		panic(err) // strings, maps and lists always marshal
	}
	doc, err := iam.Parse(string(raw))
	if err != nil {
		panic(err) // every value was part of a document that Parse read
	}
	return doc
}

// Trust is whom somebody trusts. Callers outside of it are external.
type Trust struct {
	Accounts      []string `json:"accounts"`      // 12 digits
	Organizations []string `json:"organizations"` // o-exampleorgid
	OrgPaths      []string `json:"orgPaths"`      // o-exampleorgid/r-ab12/*, with wildcards
	Networks      []string `json:"networks"`      // CIDR, vpc-... or vpce-...
	Services      []string `json:"services"`      // service principals, or "*"
}

// Validate refuses what can name nobody; the error gives the value and what would do.
func (t Trust) Validate() error {
	for _, a := range t.Accounts {
		if len(a) != 12 || strings.Trim(a, "0123456789") != "" {
			return fmt.Errorf("accounts: %q is not 12 digits", a)
		}
	}
	for _, o := range slices.Concat(t.Organizations, t.OrgPaths) {
		if !strings.HasPrefix(o, "o-") {
			return fmt.Errorf("organizations: %q does not begin with o-", o)
		}
	}
	for _, n := range t.Networks {
		if _, err := netip.ParsePrefix(n); err != nil && !strings.HasPrefix(n, "vpc-") && !strings.HasPrefix(n, "vpce-") {
			return fmt.Errorf("networks: %q is neither a CIDR nor the id of a VPC (vpc-) or a VPC endpoint (vpce-)", n)
		}
	}
	return nil
}

// Document returns what the trust accepts.
func (t Trust) Document() *iam.Document {
	values := map[string][]string{
		"aws:PrincipalAccount": t.Accounts, "aws:PrincipalOrgID": t.Organizations, "aws:PrincipalOrgPaths": t.OrgPaths,
		"aws:SourceAccount": t.Accounts, "aws:SourceOrgID": t.Organizations,
	}
	for _, n := range t.Networks {
		key := "aws:SourceIp"
		switch {
		case strings.HasPrefix(n, "vpce-"):
			key = "aws:SourceVpce"
		case strings.HasPrefix(n, "vpc-"):
			key = "aws:SourceVpc"
		}
		values[key] = append(values[key], n)
	}
	doc := accept(values)
	var statements []any
	for _, s := range t.Services {
		condition := map[string]any{"StringLike": map[string]any{"aws:PrincipalServiceName": s}}
		statements = append(statements, map[string]any{
			"Effect": iam.Allow, "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition,
		})
	}
	if len(statements) == 0 {
		return doc
	}
	for i := range doc.Statements {
		var s any
		_ = json.Unmarshal([]byte(doc.Statements[i].Value.Compact()), &s)
		statements = append(statements, s)
	}
	return build(statements)
}
