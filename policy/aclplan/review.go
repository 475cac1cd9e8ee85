package aclplan

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// review asks all rules about the new policy as it is to be put in, while ACLs are still on: the ACL itself is what the plan is
// about. A policy that is refused is no proposal, also where it is the old one that is at fault.
func (p *planner) review() {
	if p.plan.Policy == nil {
		return
	}
	out := &Review{Level: policy.Baseline, Findings: []string{}}
	var strongest policy.Action
	var refused []string
	bucket := p.Bucket
	bucket.ACL = policy.Fact[policy.ACL]{}
	in := policy.NewInput(policy.BucketPolicy, p.plan.Policy.Text(), bucket)
	for _, f := range policy.Run(rules.All, in).Findings {
		action := out.Level.Action(f)
		if f.Field != "" || action < policy.Warn {
			continue // of a setting, which the steps change
		}
		strongest = max(strongest, action)
		text := fmt.Sprintf("%s %s: %s", f.Rule.ID, f.Rule.Name, f.Message)
		out.Findings = append(out.Findings, text)
		if action == policy.Deny {
			refused = append(refused, "review refuses the policy: "+text)
		}
	}
	out.Verdict = "Admit"
	if strongest >= policy.Warn {
		out.Verdict = strongest.String()
	}
	p.plan.Review = out
	if refused != nil {
		p.plan.Open = append(p.plan.Open, refused...)
		p.plan.Policy, p.plan.Added, p.plan.Size, p.plan.Proof = nil, []string{}, 0, ""
	}
}
