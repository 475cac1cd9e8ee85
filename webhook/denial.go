package webhook

import (
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// Denial is the reason that a refusal gives to the client.
type Denial string

// The reasons. Crossplane goes on with the other resources of a composition after Invalid, and stops after Forbidden.
const (
	Forbidden Denial = "forbidden" // 403
	Invalid   Denial = "invalid"   // 422
)

// ParseDenial reads the value of --denial-reason.
func ParseDenial(s string) (Denial, error) {
	switch d := Denial(s); d {
	case Forbidden, Invalid:
		return d, nil
	}
	return "", fmt.Errorf("denial reason %q must be forbidden or invalid", s)
}

func (h handlers) refuse(message string, causes []metav1.StatusCause) admission.Response {
	resp := admission.Denied(message)
	if h.denial == Invalid {
		resp.Result.Code, resp.Result.Reason = http.StatusUnprocessableEntity, metav1.StatusReasonInvalid
	}
	if len(causes) > 0 {
		resp.Result.Details = &metav1.StatusDetails{Causes: causes}
	}
	return resp
}

// mostCauses is how many findings of an object clients are told of.
const mostCauses = 100

// causes gives clients one cause a finding, with its field.
func causes(v review.Review) []metav1.StatusCause {
	var out []metav1.StatusCause
	for _, f := range v.Findings {
		if f.Action == policy.Deny && len(out) < mostCauses {
			out = append(out, metav1.StatusCause{Type: metav1.CauseType(f.Rule.ID), Message: f.Text(), Field: f.Field})
		}
	}
	return out
}
