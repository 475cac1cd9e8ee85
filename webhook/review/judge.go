package review

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// subject is what decides which settings are for an object.
func subject(reading source.Reading, inventory Inventory) settings.Subject {
	out := settings.Subject{Reading: reading}
	if reading.Namespace != "" {
		out.NamespaceLabels, _ = inventory.Namespace(reading.Namespace)
	}
	return out
}

// judge runs the rules on one input and chooses an action for each finding.
func (v *Review) judge(r Reviewer, in policy.Input, document int) {
	found := v.findings(r.Rules, in)
	for _, f := range v.excuse(v.decide(r, in, found, document), in, func(found []policy.Finding) []Finding {
		return v.decide(r, in, found, document)
	}) {
		v.Findings = append(v.Findings, v.locate(f))
	}
}

// decide chooses an action for each finding, and drops those that nobody wants to hear of.
func (v *Review) decide(r Reviewer, in policy.Input, found []policy.Finding, document int) []Finding {
	var out []Finding
	for _, f := range found {
		action, consent := v.settings.Action(f)
		if action == policy.Off || in.Kind != policy.Settings && f.Field != "" {
			continue // a setting is reported once, not beside each document too
		}
		if r.Narrowing && action >= policy.Warn && f.Fix != nil && f.Fix.Class == policy.Narrowing {
			action = policy.Patch
		}
		out = append(out, Finding{Finding: f, Action: action, Field: f.Field, document: document, consent: consent})
	}
	return out
}

// findings returns what the rules find by one trust after the other: whoever is outside any of them is external.
func (v *Review) findings(rules []*policy.Rule, in policy.Input) []policy.Finding {
	out := policy.Run(rules, in).Findings
	for _, trust := range v.settings.Trusts[1:] {
		in.Trust = trust
		for _, f := range policy.Run(rules, in).Findings {
			if !slices.ContainsFunc(out, func(g policy.Finding) bool { return same(f, g) }) {
				out = append(out, f)
			}
		}
	}
	return out
}

func same(f, g policy.Finding) bool {
	return f.Rule == g.Rule && f.At == g.At && f.Field == g.Field && f.Message == g.Message
}

// excuse applies the Exemptions. What one accepts as a whole is only reported. Of what one accepts in part, the rule is
// asked again: what it still finds is beyond, and judged; what it no longer finds is accepted.
func (v *Review) excuse(found []Finding, in policy.Input, decide func([]policy.Finding) []Finding) []Finding {
	var out []Finding
	again := map[*policy.Rule][]Finding{}
	for _, f := range found {
		excuses := v.settings.Excuses(f.Rule, v.bucket.Name.Value)
		if len(excuses) == 0 || f.Action <= policy.Audit {
			out = append(out, f)
			continue
		}
		if excuses[0].Accepted != nil {
			beyond, asked := again[f.Rule]
			if !asked {
				beyond = decide(v.findings([]*policy.Rule{f.Rule}, accepting(in, excuses)))
				again[f.Rule] = beyond
				out = append(out, beyond...)
			}
			if i := slices.IndexFunc(beyond, func(g Finding) bool { return g.At == f.At }); i >= 0 {
				if beyond[i].Message != f.Message {
					v.use(excuses)
				}
				continue
			}
		}
		v.use(excuses)
		f.Action, f.Exempted = policy.Audit, excuses[0].Exemption
		out = append(out, f)
	}
	if len(again) > 0 {
		slices.SortStableFunc(out, func(f, g Finding) int { return policy.Order(f.Finding, g.Finding) })
	}
	return out
}

// use notes the exemptions that made a difference: the one that accepts everything, else all that together accept a part.
func (v *Review) use(excuses []settings.Excuse) {
	for _, e := range excuses {
		if !slices.Contains(v.Exemptions, e.Exemption) {
			v.Exemptions = append(v.Exemptions, e.Exemption)
		}
		if e.Accepted == nil {
			return
		}
	}
}

func accepting(in policy.Input, excuses []settings.Excuse) policy.Input {
	for _, e := range excuses {
		in.Accepted = append(in.Accepted, e.Accepted)
	}
	return in
}
