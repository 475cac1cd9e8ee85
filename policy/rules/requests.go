package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// example makes up a request that can be sent and that a statement is about, but for what its negated conditions say of
// keys that every request has: these are for the plain evaluator. ok is false where it knows none.
func example(s *iam.Statement) (r authz.Request, sure, ok bool) {
	action, arn, ok := something(s)
	if !ok {
		return r, false, false
	}
	principal, ok := somebody(s.Principal, arn)
	r = authz.Request{Principal: principal, Action: action.Name(), Resource: arn, Context: authz.Context{}}
	sure = true
	ways := 0
	for i := range s.Condition {
		c := &s.Condition[i]
		op, known := iam.ParseOperator(c.Operator)
		if isNetwork(c.Key) {
			ways++
		}
		switch _, twice := r.Context.Lookup(c.Key); {
		case !ok || !known || twice || ways > 1:
			return r, false, false
		case op.Negated:
			sure = false
		default:
			ok = carried(r, action, c.Key) && satisfied(r, op.Comparison, c)
		}
	}
	return r, sure, ok
}

// lives reports whether a look shows that a statement decides about a request.
func lives(in policy.Input, s *iam.Statement, deny *iam.Document, spared authz.Context) bool {
	r, sure, ok := example(s)
	if s.Effect == iam.Allow {
		sure = sure && !slices.ContainsFunc(deny.Statements, func(d iam.Statement) bool { return !misses(&d, r.Context) })
	}
	if !ok || sure {
		return ok
	}
	doc, want := in.Document.With(*s), authz.ExplicitDeny
	if s.Effect == iam.Allow {
		doc, want = in.Document.With(slices.Concat(doc.Statements, deny.Statements)...), authz.Allowed
	}
	return authz.Decide(doc, everyday(r, spared)).Decision == want
}

// everyday is a request with the keys that every request has too, and with what more it can carry.
func everyday(r authz.Request, more authz.Context) authz.Request {
	action, _ := catalog.LookupAction(r.Action)
	out := sent(r.Principal, r.Action, r.Resource, "true")
	for _, context := range [...]authz.Context{more, r.Context} {
		for key, values := range context {
			if carried(r, action, key) {
				set(out, key, values[0])
			}
		}
	}
	return out
}

// misses reports whether a Deny is about requests with a key, or over plain HTTP, that one with this context alone is not.
func misses(d *iam.Statement, context authz.Context) bool {
	return slices.ContainsFunc(d.Condition, func(c iam.Condition) bool {
		op, ok := iam.ParseOperator(c.Operator)
		value, asked := context.Lookup(c.Key)
		if strings.EqualFold(c.Key, "aws:SecureTransport") {
			return ok && c.Operator == "Bool" && len(c.Values) == 1 && c.Values[0].Text == "false" && (!asked || value[0] == "true")
		}
		key, known := catalog.LookupKey(c.Key)
		return ok && !asked && known && key.Presence != catalog.PresenceAlways && key.Presence != catalog.PresenceNoVPCEndpoint &&
			key.Category != catalog.CategoryPrincipal && op == iam.Operator{Comparison: op.Comparison} && op.Comparison != iam.Null
	})
}

// somebody is one of a statement's principals.
func somebody(p *iam.Principal, arn string) (string, bool) {
	partition, _, _ := bucketOf(arn)
	session := func(account, role string) string {
		return "arn:" + partition + ":sts::" + account + ":assumed-role/" + role + "/session"
	}
	switch {
	case p == nil:
		return "", false
	case p.Any:
		return session("444455556666", "bucketwarden-example"), true
	case len(p.Entries) == 0:
		return "", false
	}
	e := p.Entries[0]
	id := e.ID.Text
	kind, name, _ := strings.Cut(id[strings.LastIndexByte(id, ':')+1:], "/")
	switch account := accountOf(id); {
	case e.Type == "AWS" && id == "*":
		return session("444455556666", "bucketwarden-example"), true
	case strings.ContainsAny(id, "*?$"), e.Type != "AWS" && e.Type != "Service":
		return "", false
	case e.Type == "Service", kind == "user", kind == "assumed-role":
		return id, true
	case kind == "role":
		return session(account, name[strings.LastIndexByte(name, '/')+1:]), true
	case kind == "root", id == account && len(strings.Trim(id, "0123456789")) == 0:
		return session(account, "bucketwarden-example"), true
	}
	return "", false
}

// something is an action of a statement and a resource of it that go together, among the first.
func something(s *iam.Statement) (catalog.Action, string, bool) {
	const most = 8
	for _, v := range s.Action[:min(most, len(s.Action))] {
		for _, a := range actionsLike(v.Text) {
			for _, r := range s.Resource[:min(most, len(s.Resource))] {
				if arn, ok := somewhere(a, r.Text); ok {
					return a, arn, true
				}
			}
		}
	}
	return catalog.Action{}, "", false
}

// usualActions stand for a pattern that matches them.
var usualActions = []string{"s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:GetBucketPolicy", "s3:PutBucketPolicy"}

func actionsLike(pattern string) []catalog.Action {
	if a, ok := catalog.LookupAction(pattern); ok {
		return []catalog.Action{a}
	}
	var out []catalog.Action
	for _, name := range usualActions {
		if a, _ := catalog.LookupAction(name); glob.MatchFold(pattern, name) {
			out = append(out, a)
		}
	}
	return out
}

// somewhere is a bucket or an object that a Resource matches and that the action is about.
func somewhere(a catalog.Action, pattern string) (string, bool) {
	if pattern == "*" {
		pattern = "arn:aws:s3:::*"
	}
	if _, _, ok := bucketOf(pattern); !ok || strings.Contains(pattern, "$") {
		return "", false
	}
	arn := instance(pattern)
	if a.Resources()&catalog.Object != 0 {
		if !strings.Contains(arn, "/") && strings.HasSuffix(pattern, "*") {
			arn += "/x"
		}
		return arn, strings.Contains(arn, "/")
	}
	return arn, a.Resources()&catalog.Bucket != 0 && !strings.Contains(arn, "/")
}

// satisfied makes a condition hold, where it knows how.
func satisfied(r authz.Request, how iam.Comparison, c *iam.Condition) bool {
	if len(c.Values) == 0 || strings.Contains(c.Values[0].Text, "$") {
		return false
	}
	v := c.Values[0].Text
	switch how {
	case iam.Null:
		return false
	case iam.StringLike, iam.ARNEquals, iam.ARNLike:
		v = instance(v)
	case iam.IPAddress:
		v, _, _ = strings.Cut(v, "/")
	case iam.NumericLessThan, iam.NumericGreaterThan, iam.DateLessThan, iam.DateGreaterThan:
		return false
	}
	if k, _ := catalog.LookupKey(c.Key); k.Type == catalog.TypeBool && v != "true" && v != "false" {
		return false // which nobody sends
	}
	r.Context[c.Key] = []string{v}
	return true
}

// set gives a request a key. Who comes through an endpoint has no address.
func set(r authz.Request, key, v string) {
	for k := range r.Context {
		if strings.EqualFold(k, key) {
			delete(r.Context, k)
		}
	}
	if isNetwork(key) {
		for _, k := range networkKeys {
			delete(r.Context, k)
		}
	}
	r.Context[key] = []string{v}
}

// carried reports whether the request can carry a key with any value.
func carried(r authz.Request, a catalog.Action, key string) bool {
	k, known := catalog.LookupKey(key)
	service := strings.HasSuffix(r.Principal, ".amazonaws.com") || strings.HasSuffix(r.Principal, ".amazonaws.com.cn")
	switch {
	case !known:
		return false
	case !k.Global:
		return a.Supports(key)
	case k.Presence == catalog.PresenceOrganizationMember, k.Presence == catalog.PresenceTaggedPrincipal:
		return !service
	case k.Category == catalog.CategoryPrincipal: // it follows from who that is
		return false
	case k.Presence == catalog.PresenceServicePrincipal:
		return service
	}
	return k.Presence == catalog.PresenceAlways || k.Presence == catalog.PresenceCallerControlled ||
		!service && (k.Presence == catalog.PresenceNoVPCEndpoint || k.Presence == catalog.PresenceVPCEndpoint)
}

// spared returns values that the Denies of a document leave alone, of keys that they deny all others for: of the keys of
// networks one, as a request comes by one way.
func spared(deny *iam.Document) authz.Context {
	out, way := authz.Context{}, false
	for _, s := range deny.Statements {
		for _, c := range s.Condition {
			op, ok := iam.ParseOperator(c.Operator)
			if !ok || !op.Negated || len(c.Values) == 0 || strings.Contains(c.Values[0].Text, "$") || way && isNetwork(c.Key) {
				continue
			}
			v := instance(c.Values[0].Text)
			if op.Comparison == iam.IPAddress {
				v, _, _ = strings.Cut(v, "/")
			}
			way = way || isNetwork(c.Key)
			out[c.Key] = []string{v}
		}
	}
	return out
}

// sent is a request as it usually arrives, with the keys that every request has.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func sent(principal, action, arn, secure string) authz.Request {
	return authz.Request{
		Principal: principal, Action: action, Resource: instance(arn),
		Context: authz.Context{
			"aws:SecureTransport": {secure}, "aws:SourceIp": {"198.51.100.7"}, "aws:CurrentTime": {"2026-01-01T00:00:00Z"},
			"aws:EpochTime": {"1767225600"}, "aws:RequestedRegion": {"us-east-1"}, "aws:UserAgent": {"example"},
			"aws:ViaAWSService": {"false"},
		},
	}
}
