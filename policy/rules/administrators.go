package rules

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// What it takes to manage a policy.
const (
	readsPolicy   = "s3:GetBucketPolicy"
	writesPolicy  = "s3:PutBucketPolicy"
	deletesPolicy = "s3:DeleteBucketPolicy"
)

// locking is the question who can still manage a policy.
type locking struct {
	deny      *iam.Document // the Denies
	bucket    string        // ARN
	principal string        // of an example of their requests
	who       string        // JSON of a Principal: whom the question is about
	how       string        // JSON of a Condition on their requests
	whom      string        // the same in words
	owner     string        // account, "" when unknown
	budget    space.Budget
}

// everyone asks about the users and roles of the bucket's account, or of any where that is not known.
func everyone(in policy.Input) locking {
	l := locking{
		deny: denials(in), bucket: home(in), who: `"*"`, how: "{}", whom: "everyone", owner: in.Bucket.Owner.Value,
		budget: in.Budget.Share(space.AdmissionBudget),
	}
	if in.Bucket.Owner.Known() {
		l.whom = "everyone in account " + l.owner
	}
	if l.owner != "" {
		l.who = `{"AWS": ` + iam.NewString(l.owner).Compact() + `}`
	}
	partition, _, _ := bucketOf(l.bucket)
	l.principal = "arn:" + partition + ":sts::" + cmp.Or(l.owner, "444455556666") + ":assumed-role/bucketwarden-example/session"
	return l
}

// direct is a call to S3 by whoever wants it, over HTTPS, as controllers make them.
const direct = `{"Bool": {"aws:SecureTransport": "true"}, "BoolIfExists": {"aws:ViaAWSService": "false"}, "Null": {"aws:CalledVia": "true"}}`

// controllers asks about each role or user in which a controller manages the bucket.
func controllers(in policy.Input) []locking {
	var out []locking
	all := everyone(in)
	all.budget = in.Budget.Part(4).Share(space.AdmissionBudget) // there may be many
	for _, c := range in.Bucket.Controllers {
		if !c.Known() || !policy.ControllerARN.MatchString(c.Value) {
			continue
		}
		l := all
		l.principal, l.who = c.Value, `{"AWS": `+iam.NewString(c.Value).Compact()+`}`
		l.how = direct
		l.whom = "the controller's " + verbatim(c.Value[strings.LastIndexByte(c.Value, ':')+1:])
		if c.From != "" {
			l.whom += " (" + c.From + ")"
		}
		out = append(out, l)
	}
	return out
}

// shut asks for a request for the bucket that the Denies leave to those whom the question is about.
func (l locking) shut(action string) space.Answer {
	if authz.Decide(l.deny, l.request(action)).Decision == authz.ImplicitDeny { // as in most policies
		return space.Found
	}
	all := allowing(l.deny, l.who, action, []string{l.bucket}, l.how)
	return space.Access(all, space.Strangers|space.NamedCallers, l.budget, roots).Answer
}

// caller is whoever of them a Deny may meet, in words.
func (l locking) caller() string {
	if strings.HasPrefix(l.whom, "everyone") {
		return "the controller that manages the policy"
	}
	return l.whom
}

// bySparing reports whether it takes a NotPrincipal to deny one of them to change the policy.
func (l locking) bySparing() bool {
	l.deny = l.deny.Only(func(s *iam.Statement) bool { return s.NotPrincipal == nil })
	return authz.Decide(l.deny, l.request(writesPolicy)).Decision != authz.ExplicitDeny
}

// request is one of theirs.
func (l locking) request(action string) authz.Request {
	return sent(l.principal, action, l.bucket, "true")
}

// found is the finding that an action is denied to all of them. The witness is one whom it is denied.
func (l locking) found(action, how, so string) policy.Finding {
	r, s := l.request(action), &l.deny.Statements[0]
	if bare := (authz.Request{Principal: r.Principal, Action: action, Resource: r.Resource}); authz.Decide(l.deny, bare).Decision == authz.ExplicitDeny {
		r = bare
	}
	if by := authz.Decide(l.deny, r).Statements; len(by) > 0 {
		s = &l.deny.Statements[by[0]]
	}
	f := about(s, principalOf(s).Value.Path(), "%s", fmt.Sprintf("%s is %s for %s; %s", action, how, l.whom, so))
	f.Witness = &r
	return f
}

// principalOf is who a statement is about, named or spared.
func principalOf(s *iam.Statement) *iam.Principal {
	if s.Principal == nil {
		return s.NotPrincipal
	}
	return s.Principal
}

// roots accepts what an account's root user does.
var roots = allowing(&iam.Document{}, `"*"`, "*", []string{"*"}, `{"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"}}`)
