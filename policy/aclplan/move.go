package aclplan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// planner makes one plan.
type planner struct {
	Input
	plan    Plan
	added   []*statement
	granted []any // what the ACL grants and a policy can say, statement by statement, for a proof

	standIns map[string]string // accounts by canonical user id
	last     int               // of their numbers
}

// statement is one that the policy gets: actions of one grantee on one resource.
type statement struct {
	to       grantee
	resource string
	actions  []string
	sid      string
}

// value is the statement as encoding/json takes it.
func (s statement) value() map[string]any {
	out := map[string]any{"Effect": iam.Allow, "Principal": s.to.principal, "Action": s.actions, "Resource": s.resource}
	if s.sid != "" {
		out["Sid"] = s.sid
	}
	if s.to.condition != nil {
		out["Condition"] = s.to.condition
	}
	return out
}

// provable is the same with an account in place of a canonical user id, of which the engine does not know whose it is.
func (s statement) provable() map[string]any {
	out := s.value()
	if s.to.standsFor != "" {
		out["Principal"] = map[string]string{"AWS": s.to.standsFor}
	}
	return out
}

// move finds out what becomes of one grant, and adds to the policy what it needs.
func (p *planner) move(g policy.Grant) {
	to := p.grantee(g)
	out := Grant{From: g.Field, To: to.words, Permission: g.Permission, Outcome: to.outcome, Actions: []string{}, Note: to.note}
	defer func() {
		p.plan.Grants = append(p.plan.Grants, out)
		if out.Outcome == Open {
			p.plan.Open = append(p.plan.Open, fmt.Sprintf("%s of %s: %s", out.Permission, out.To, out.Note))
		}
	}()
	comes, known := ownership.BucketPermission(g.Permission)
	switch {
	case to.outcome != "":
		return
	case !known:
		out.Outcome, out.Note = Open, "there is no such permission, so S3 refuses the ACL"
		return
	case to.logs:
		comes.Bucket = nil // the service does not read the ACL
	}
	var needed []*statement
	for _, one := range []statement{
		{to: to, resource: p.arn(), actions: comes.Bucket}, {to: to, resource: p.objects(to), actions: comes.Objects},
	} {
		if len(one.actions) == 0 {
			continue
		}
		if !to.public {
			p.granted = append(p.granted, one.provable())
		}
		one.actions = slices.DeleteFunc(slices.Clone(one.actions), isACLWrite)
		if len(one.actions) > 0 {
			needed = append(needed, &one)
			out.Actions = append(out.Actions, one.actions...)
		}
	}
	switch {
	case len(needed) == 0:
		out.Outcome, out.Note = Useless, cmp.Or(useless(to), out.Note)
	case to.public:
		out.Outcome = Open
	case p.allowed(needed):
		out.Outcome = Already
	default:
		out.Outcome = Moved
		p.add(needed)
	}
}

func useless(to grantee) string {
	if to.logs {
		return "logging.s3.amazonaws.com does not read the ACL"
	}
	return "with ACLs off, S3 refuses to set an ACL"
}

func isACLWrite(action string) bool {
	for a := range catalog.ACLWrites() {
		if a.Name() == action {
			return true
		}
	}
	return false
}

// allowed reports whether the policy that there is allows all of it.
func (p *planner) allowed(needed []*statement) bool {
	if p.Document == nil {
		return false
	}
	var values []any
	for _, s := range needed {
		values = append(values, s.value())
	}
	return space.NewAccess(p.Document, iam.NewDocument(values...), space.Steps(proveSteps)).Answer == space.None
}

// add puts statements to those of the same grantee on the same resource.
func (p *planner) add(needed []*statement) {
	for _, s := range needed {
		i := slices.IndexFunc(p.added, func(t *statement) bool { return t.to.words == s.to.words && t.resource == s.resource })
		if i < 0 {
			p.added = append(p.added, s)
			continue
		}
		for _, a := range s.actions {
			if !slices.Contains(p.added[i].actions, a) {
				p.added[i].actions = append(p.added[i].actions, a)
			}
		}
	}
}

func (p *planner) partition() string { return cmp.Or(p.Bucket.Partition.Value, "aws") }

func (p *planner) arn() string { return "arn:" + p.partition() + ":s3:::" + p.Bucket.Name.Value }

// objects are those that a grantee's WRITE is about.
func (p *planner) objects(to grantee) string {
	if to.logs {
		return p.arn() + "/" + p.Prefix + "*"
	}
	return p.arn() + "/*"
}
