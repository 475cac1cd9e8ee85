package aclplan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// write makes the new policy: the statements that there are, and then those that are added.
func (p *planner) write() {
	taken := map[string]bool{}
	if p.Document != nil {
		for _, s := range p.Document.Statements {
			taken[s.Sid] = true
		}
	}
	number := 0
	var values []any
	for _, s := range p.added {
		for s.sid == "" || taken[s.sid] {
			number++
			s.sid = fmt.Sprint("FromAcl", number)
		}
		taken[s.sid] = true
		p.plan.Added = append(p.plan.Added, s.sid)
		values = append(values, s.value())
	}
	if p.Document == nil && len(values) == 0 {
		return
	}
	p.plan.Policy = p.with(values)
	p.plan.Size = len(p.plan.Policy.Root().Compact())
	if p.plan.Size > iam.MostKept {
		p.plan.Open = append(p.plan.Open, fmt.Sprintf("the policy has %d bytes, and S3 accepts %d: move some of it to policies in the "+
			"callers' own accounts, or to access points", p.plan.Size, iam.MostKept))
	}
}

// with returns the policy that there is with more statements, over several lines. Its Version stays: what variables it has
// would mean something else under another one.
func (p *planner) with(more []any) *iam.Document {
	var head, statements []string
	head = append(head, `"Version":"2012-10-17"`)
	if p.Document != nil {
		head = nil
		for _, m := range p.Document.Root().Members {
			if !strings.EqualFold(m.Name, "Statement") {
				head = append(head, iam.NewString(m.Name).Compact()+":"+m.Value.Compact())
			}
		}
		for _, s := range p.Document.Statements {
			statements = append(statements, s.Value.Compact())
		}
	}
	for _, s := range iam.NewDocument(more...).Statements {
		statements = append(statements, ordered(s.Value))
	}
	text := "{" + strings.Join(append(head, `"Statement":[`+strings.Join(statements, ",")+"]"), ",") + "}"
	var lines bytes.Buffer
	if err := json.Indent(&lines, []byte(text), "", "  "); err != nil {
		panic(err) // all of it was JSON
	}
	doc, err := iam.Parse(lines.String())
	if err != nil {
		panic(err) // the parts were a document's
	}
	return doc
}

// ordered writes a statement's elements in the order in which people read them.
func ordered(s *iam.Value) string {
	var out []string
	for _, name := range []string{"Sid", "Effect", "Principal", "Action", "Resource", "Condition"} {
		if m := s.Member(name); m != nil {
			out = append(out, iam.NewString(name).Compact()+":"+m.Compact())
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

// What a proof and its check may take, in steps.
const (
	proveSteps = 5_000_000
	checkSteps = 4_000_000
)

// prove shows that the new policy allows what the old one and the ACL do, but for what S3 ignores with ACLs off, and no more.
func (p *planner) prove() {
	if p.plan.Policy == nil {
		return
	}
	var added []any
	for _, s := range p.added {
		added = append(added, s.provable())
	}
	before, after := p.with(p.granted), p.with(added)
	kept := space.NewAccess(after, before, space.Steps(proveSteps), fix.Refusals(fix.EffectEquivalent, p.Bucket.Owner.Value))
	more := space.NewAccess(before, after, space.Steps(proveSteps))
	for _, v := range []struct {
		space.Verdict
		what string
	}{{kept, "the policy loses"}, {more, "the policy newly allows"}} {
		switch v.Answer {
		case space.Found:
			p.plan.Open = append(p.plan.Open, fmt.Sprintf("%s %v", v.what, *v.Witness))
		case space.Undecided:
			p.plan.Open = append(p.plan.Open, "it is undecided whether "+v.what+" anything; "+v.Why())
		}
	}
	if kept.Answer != space.None || more.Answer != space.None {
		return
	}
	if err := space.CheckAll(append(kept.Proofs, more.Proofs...), space.Steps(checkSteps)); err != nil {
		p.plan.Open = append(p.plan.Open, "the proof is not confirmed: "+err.Error())
		return
	}
	p.plan.Proof = "it allows exactly what the old policy and the moved grants allowed, except setting ACLs"
}

// off is the bucket once ACLs are switched off.
func (p *planner) off() policy.Bucket {
	b := p.Bucket
	b.Ownership = policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared, From: "the plan"}
	return b
}
