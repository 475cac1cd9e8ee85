package report

import (
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// KRMResult is one entry of a ResourceList's results.
//
// https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
type KRMResult struct {
	Message     string            `json:"message"`
	Severity    string            `json:"severity"` // error, warning, info
	ResourceRef krmReference      `json:"resourceRef"`
	Field       krmField          `json:"field"`
	Tags        map[string]string `json:"tags"`
}

type krmReference struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
}

type krmField struct {
	Path string `json:"path"`
}

// KRM are what was found, but for what is only recorded.
func KRM(all []files.Judged) []KRMResult {
	out := []KRMResult{}
	for _, j := range all {
		for _, f := range j.Findings {
			if f.Action == policy.Audit {
				continue
			}
			out = append(out, KRMResult{
				Message: krmMessage(j, f), Severity: krmSeverity(f.Action), ResourceRef: krmReference(*objectOf(j.Item)),
				Field: krmField{f.Field}, Tags: map[string]string{"rule": f.Rule.ID},
			})
		}
	}
	return out
}

func krmMessage(j files.Judged, f review.Finding) string {
	if why := j.WhyUnfixed(f); why != "" {
		return f.Text() + ": not fixed: " + plain.Line(why)
	}
	return "fixed: " + f.Text()
}

func krmSeverity(a policy.Action) string {
	switch a {
	case policy.Deny:
		return "error"
	case policy.Warn:
		return "warning"
	}
	return "info"
}
