package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// escalation is a permission that comes to another one.
type escalation struct {
	action, gain string
	how          string
	owners       bool // S3 takes it from principals of the bucket's own account alone
	acls         bool // only where ACLs are on
	onward       bool // to any account
	others, rest *iam.Document
}

// named reports whether a statement may be about the action.
func (e escalation) named(s *iam.Statement) bool {
	is := func(v *iam.Value) bool { return fits(v.Text, e.action) }
	return slices.ContainsFunc(s.Action, is) || s.NotAction != nil && !slices.ContainsFunc(s.NotAction, is)
}

// saidOfOutsiders reports whether BW402 speaks of a statement that lets in outsiders for what changes permissions, or BW401
// refuses it.
func (e escalation) saidOfOutsiders(in policy.Input, s *iam.Statement) bool {
	if slices.Contains(managed, e.action) {
		return anyAbout(in.Findings(externalPermissionManagement), s.Value.Path().Statement())
	}
	return in.Trust != nil && anyAbout(in.Findings(externalAccess), s.Value.Path().Statement())
}

func (e escalation) found(in policy.Input, s *iam.Statement, r *authz.Request, format string, args ...any) []policy.Finding {
	f := about(s, s.Principal.Value.Path(), format, args...)
	f.Witness = r
	if e.owners {
		f.Ceiling = policy.Warn
	}
	if !in.Bucket.Owner.Known() {
		f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
		f.Assumptions = []string{"the bucket is not in account " + accountOf(r.Principal)}
	}
	return []policy.Finding{f}
}

var escalations = func() []escalation {
	out := []escalation{
		{action: "s3:PutReplicationConfiguration", gain: "s3:GetObject", how: "every object can be copied to another bucket", onward: true},
		{action: "s3:PutLifecycleConfiguration", gain: "s3:DeleteObject", how: "a lifecycle rule can delete every object"},
		{action: "s3:PutBucketAcl", gain: "s3:PutObject", how: "the ACL can allow others to write", acls: true},
		{action: "s3:PutInventoryConfiguration", gain: "s3:ListBucket", how: "the list of all objects can be sent to any bucket", onward: true},
		{action: "s3:PutBucketNotification", gain: "s3:ListBucket", how: "the key of each new object can be sent to any queue"},
		{action: "s3:PutBucketPolicy", gain: "s3:GetObject", how: "from the owner's account it can open every object", owners: true},
		{action: "s3:PutBucketLogging", gain: "s3:ListBucket", how: "from the owner's account it can reveal every key", owners: true},
	}
	for i := range out {
		out[i].others, out[i].rest = allBut([]string{out[i].action}), allBut([]string{out[i].gain})
	}
	return out
}()

// finder makes the finding that a request shows, about a statement and what it comes to.
type finder func(escalation, *iam.Statement, *authz.Request) []policy.Finding

// escalating is what BW902 and BW903 say of statements that let somebody do what comes to something else: the one where
// nothing lets them do that, the other where something does. gained says which.
func escalating(in policy.Input, list []escalation, gained space.Answer, found finder) []policy.Finding {
	if home(in) == "" {
		return nil
	}
	var out []policy.Finding
	ownership := in.Bucket.Ownership
	asked := 0
	for s := range statements(in) {
		if s.Effect != iam.Allow || s.Principal == nil {
			continue
		}
		for _, e := range list {
			if !e.named(s) || e.acls && (!ownership.Known() || ownership.Value == policy.BucketOwnerEnforced) {
				continue
			}
			if f := escalates(in, s, e, &asked, gained, found); len(f) > 0 && !e.saidOfOutsiders(in, s) {
				out = append(out, f...)
				break
			}
		}
	}
	return out
}

// escalates is the finding about one statement and what its principals may do.
func escalates(in policy.Input, s *iam.Statement, e escalation, asked *int, gained space.Answer, found finder) []policy.Finding {
	var doubt []policy.Finding
	owner := in.Bucket.Owner
	for _, alone := range split(s) {
		if owner.Known() && inside(&alone, public.Trust{Accounts: []string{owner.Value}}, false) {
			continue
		}
		if *asked++; *asked > mostAsked {
			f := about(s, s.Value.Path(), "%s may give %s; only the first %d such permissions were checked", e.action, e.gain, mostAsked)
			f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
			return []policy.Finding{f}
		}
		deny := in.Document.Only(func(t *iam.Statement) bool { return t.Effect == iam.Deny })
		doc := deny.With(append(deny.Statements, alone)...)
		accepted := []*iam.Document{e.others}
		if owner.Known() {
			accepted = append(accepted, accepting(condition{"StringEquals": {"aws:PrincipalAccount": {owner.Value}}}))
		}
		v := space.Access(doc, space.NamedCallers|space.Strangers, in.Budget.Share(space.AdmissionBudget), accepted...)
		if v.Answer == space.None || saidOfStrangers(in, doc, &alone) {
			continue
		}
		if v.Answer == space.Found {
			w := v.Witness
			if v = gains(in, e, w); v.Answer == gained {
				return found(e, s, w)
			}
		}
		if v.Answer == space.Undecided && doubt == nil {
			doubt = unsure(in, s, v, e.action+" gives "+e.gain+", which is not allowed")
		}
	}
	for i := range doubt {
		doubt[i].Ceiling = policy.Warn
	}
	return doubt
}

// split returns a statement once for each of its principals.
func split(s *iam.Statement) []iam.Statement {
	if len(s.Principal.Entries) < 2 {
		return []iam.Statement{*s}
	}
	var out []iam.Statement
	for _, e := range s.Principal.Entries {
		alone := *s
		alone.Principal = &iam.Principal{Entries: []iam.PrincipalEntry{e}, Value: s.Principal.Value}
		out = append(out, alone)
	}
	return out
}

// saidOfStrangers reports whether BW202 speaks of what a statement allows.
func saidOfStrangers(in policy.Input, doc *iam.Document, s *iam.Statement) bool {
	return anybody(s) && space.Access(doc, space.AnonymousCallers|space.Strangers, in.Budget.Share(space.AdmissionBudget), notWrites,
		public.Named(in.Document)).Answer != space.None
}

// gains asks whether the caller of a request is let do on its own what e comes to, on any object and in any way.
func gains(in policy.Input, e escalation, r *authz.Request) space.Verdict {
	arn, ok := r.Context.Lookup("aws:PrincipalArn")
	if !ok {
		arn, _ = authz.DerivedKeys(r.Principal).Lookup("aws:PrincipalArn")
	}
	others := accepting(condition{"StringNotEquals": {"aws:PrincipalArn": arn}})
	return space.Access(in.Document, space.NamedCallers|space.Strangers, in.Budget.Share(space.AdmissionBudget), e.rest, others)
}
