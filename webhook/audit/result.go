package audit

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// results returns what stands in the report: the worst findings, and how many more there are.
func (o outcome) results(group Group) []any {
	if o.err != nil {
		return []any{m{"source": name, "policy": name, "result": "error", "message": review.Line(o.err.Error(), mostText)}}
	}
	findings, out := o.findings(), []any{}
	for _, f := range findings[:min(len(findings), mostResults)] {
		out = append(out, result(f, group))
	}
	if more := len(findings) - mostResults; more > 0 {
		out = append(out, m{
			"source": name, "policy": name, "result": resultOf(findings[mostResults]),
			"message": fmt.Sprintf("and %d more; run bucketwarden review", more),
		})
	}
	return out
}

// findings returns them with the worst first.
func (o outcome) findings() []review.Finding {
	out := slices.Clone(o.review.Findings)
	slices.SortStableFunc(out, func(a, b review.Finding) int { return cmp.Compare(b.Action, a.Action) })
	return out
}

// resultOf returns "fail" for what the gate would refuse if the object came now, "skip" for what somebody has accepted, and
// "warn" for the rest, which is not refused: in the words of the reports' API, it is not scored.
func resultOf(f review.Finding) string {
	switch {
	case f.Exempted != "":
		return "skip"
	case f.Action == policy.Deny:
		return "fail"
	}
	return "warn"
}

func result(f review.Finding, group Group) m {
	properties := m{"action": f.Action.String(), "certainty": string(f.Certainty)}
	optional := map[string]string{"field": f.Field, "exemption": f.Exempted}
	if f.Fix != nil {
		optional["fix"] = string(f.Fix.Class)
	}
	for key, value := range optional {
		if value != "" {
			properties[key] = plain.Line(value)
		}
	}
	return m{
		"source": name, "policy": f.Rule.ID, "rule": f.Rule.Name, "category": "S3 access", "severity": severity(f.Rule.Severity, group),
		"result": resultOf(f), "scored": f.Action == policy.Deny, "message": f.TextWithin(mostText), "properties": properties,
	}
}
