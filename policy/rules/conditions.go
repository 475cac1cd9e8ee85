package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Keys that more than one rule asks for.
const (
	isServiceKey       = "aws:PrincipalIsAWSService"
	secureTransportKey = "aws:SecureTransport"
	serviceNameKey     = "aws:PrincipalServiceName"
	sourceAccountKey   = "aws:SourceAccount"
)

// sourceKeys say for whom a service acts.
var sourceKeys = []string{sourceAccountKey, "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"}

// networkKeys say by which way a request came. Calls by a service have none of them.
var networkKeys = []string{
	"aws:SourceIp", "aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths", "aws:VpcSourceIp",
}

// orgKeys say which organization a caller belongs to.
var orgKeys = []string{"aws:PrincipalOrgID", "aws:PrincipalOrgPaths"}

// isNetwork reports whether a key is one of networkKeys.
func isNetwork(key string) bool { return isOneOf(key, networkKeys) }

// isOneOf reports whether a key is among some, in any case.
func isOneOf(key string, keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, key) })
}

// holds reports whether an operator wants the key to be there, with one of the values.
func holds(op iam.Operator) bool {
	return !op.Negated && !op.IfExists && op.Quantifier != iam.ForAllValues
}

// onlyFalse reports whether a condition has no other value than false.
func onlyFalse(c iam.Condition) bool {
	return !slices.ContainsFunc(c.Values, func(v *iam.Value) bool { return !strings.EqualFold(v.Text, "false") })
}

// ofServiceNames reports whether a condition is about the list of a service's names, of which BW507 speaks.
func ofServiceNames(c iam.Condition) bool { return strings.EqualFold(c.Key, serviceNameKey+"sList") }

// unquantified reports whether a condition lacks the set operator that its key asks for.
func unquantified(c iam.Condition) (iam.Operator, bool) {
	op, ok := iam.ParseOperator(c.Operator)
	key, known := catalog.LookupKey(c.Key)
	return op, ok && known && key.Multivalued && op.Quantifier == iam.None && op.Comparison != iam.Null
}

// setOperator is the one that is mostly meant where it is missing.
func setOperator(op iam.Operator) string {
	if op.Negated {
		return "ForAllValues:" // none of them is listed
	}
	return "ForAnyValue:" // one of them is
}

// anyValue returns a document by the wider of the two readings: an Allow whose condition wants some value of a list is read as
// wanting any of them. ok is false where nothing is read in two ways.
func anyValue(doc *iam.Document) (wide *iam.Document, ok bool) {
	statements := slices.Clone(doc.Statements)
	for i := range statements {
		s := &statements[i]
		for j, c := range s.Condition {
			if op, lacks := unquantified(c); lacks && s.Effect == iam.Allow && !op.Negated {
				s.Condition = slices.Clone(s.Condition)
				s.Condition[j].Operator = "ForAnyValue:" + c.Operator
				ok = true
			}
		}
	}
	return doc.With(statements...), ok
}

// ours reports whether a key would be AWS's own; those of federations have the prefix of their provider. One that only
// looks like AWS's to a reader that folds all of Unicode, such as ſ3, is of no provider.
func ours(key string) bool {
	prefix, _, found := strings.Cut(key, ":")
	return !found || slices.ContainsFunc([]string{"aws", "s3", "s3express"}, func(p string) bool {
		return strings.EqualFold(p, prefix)
	})
}

// takes reports whether S3 keeps a statement that names the action under a condition on the key.
func takes(a catalog.Action, key catalog.Key, name string) bool {
	return key.Global || ofResource(name) || a.Supports(name)
}

// ofResource reports whether a key describes what is asked for, such as an access point, rather than one action's request.
func ofResource(key string) bool {
	for r := range catalog.ResourceTypes() {
		if r.Supports(key) {
			return true
		}
	}
	return false
}
