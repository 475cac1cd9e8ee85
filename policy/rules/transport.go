package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// denyHTTP is a part of a message.
const denyHTTP = `add a Deny of "s3:*" to "*" on the bucket and its objects for Bool aws:SecureTransport false`

// meantForHTTP reports whether somebody relies on a statement to keep out HTTP: a Deny that asks for aws:SecureTransport, or an
// Allow that holds over HTTP alone, where Deny was meant.
func meantForHTTP(s iam.Statement) bool {
	return slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
		op, ok := iam.ParseOperator(c.Operator)
		return strings.EqualFold(c.Key, secureTransportKey) && (s.Effect == iam.Deny || ok && op.Comparison == iam.BoolEquals && onlyFalse(c))
	})
}

// overHTTP asks for a request over plain HTTP, for the bucket or an object in it, that a document of Denies does not deny.
// Services are left out: AWS does not say whether {"AWS": "*"} names them. A request over HTTP has no version of TLS.
func overHTTP(in policy.Input, deny *iam.Document, bucket string) space.Verdict {
	if len(deny.Statements) == 0 { // as in most policies
		return space.Verdict{Answer: space.Found, Witness: &authz.Request{
			Principal: authz.Anonymous, Action: "s3:ListBucket", Resource: instance(bucket),
			Context: authz.Context{"aws:SecureTransport": {"false"}},
		}}
	}
	if slices.ContainsFunc(deny.Statements, func(s iam.Statement) bool { return plainlyDenies(&s, bucket) }) {
		return space.Verdict{Answer: space.None}
	}
	all := allowing(deny, `"*"`, "s3:*", []string{bucket, bucket + "/*"},
		`{"Bool": {"aws:SecureTransport": "false"}, "Null": {"s3:TlsVersion": "true"}}`)
	v := space.Access(all, space.AnonymousCallers|space.Strangers|space.NamedCallers, in.Budget.Share(space.AdmissionBudget))
	if v.Answer == space.Found {
		*v.Witness = usual(all, *v.Witness, bucket)
	}
	return v
}

// plainlyDenies reports whether a Deny covers all of HTTP by itself, as nearly all that do. Others are left to the engine.
func plainlyDenies(s *iam.Statement, bucket string) bool {
	everybody := s.Principal != nil && (s.Principal.Any || len(s.Principal.Entries) == 1 && s.Principal.Entries[0].Type == "AWS" &&
		s.Principal.Entries[0].ID.Text == "*")
	is := func(texts ...string) func(*iam.Value) bool {
		return func(v *iam.Value) bool { return slices.Contains(texts, v.Text) }
	}
	return everybody && slices.ContainsFunc(s.Action, is("s3:*", "*")) && slices.ContainsFunc(s.Resource, is(bucket, bucket+"*", "*")) &&
		slices.ContainsFunc(s.Resource, is(bucket+"/*", bucket+"*", "*")) &&
		!slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
			return !strings.EqualFold(c.Key, "aws:SecureTransport") || c.Operator != "Bool" || !slices.ContainsFunc(c.Values, is("false"))
		})
}

// usual returns a request of the same caller for what people know, where that is allowed as well.
func usual(doc *iam.Document, r authz.Request, bucket string) authz.Request {
	bucket = instance(bucket)
	for _, known := range [...][2]string{
		{"s3:ListBucket", bucket}, {"s3:GetObject", bucket + "/x"}, {"s3:PutObject", bucket + "/x"}, {"s3:DeleteObject", bucket + "/x"},
	} {
		other := r
		other.Action, other.Resource = known[0], known[1]
		if authz.Decide(doc, other).Decision == authz.Allowed {
			return other
		}
	}
	return r
}
