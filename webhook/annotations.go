package webhook

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// annotations goes to the API server's audit log: rule ids, verdict, and why a patch is safe; never a document.
func annotations(v review.Review, actions ...policy.Action) map[string]string {
	out := map[string]string{"verdict": string(v.Verdict())}
	rules := map[policy.Action][]string{}
	for _, f := range v.Findings {
		if !slices.Contains(rules[f.Action], f.Rule.ID) {
			rules[f.Action] = append(rules[f.Action], f.Rule.ID)
		}
	}
	for _, a := range actions {
		if len(rules[a]) > 0 {
			out[strings.ToLower(a.String())] = strings.Join(rules[a], ",")
		}
	}
	if slices.Contains(actions, policy.Patch) {
		annotateProofs(out, v.Fixed)
	}
	return out
}

// annotateProofs adds the grade, the weakest of all documents, and what the certificates of each say.
func annotateProofs(out map[string]string, fixed []review.FixedDocument) {
	var certificates []string
	for _, d := range fixed {
		if out["proof"] != string(fix.EffectEquivalent) {
			out["proof"] = string(d.Proof.Grade)
		}
		certificates = append(certificates, d.Field+" "+d.Proof.String())
	}
	if len(certificates) > 0 {
		out["certificate"] = strings.Join(certificates, "; ")
	}
}
