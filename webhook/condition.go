package webhook

import (
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
)

func ready(generation int64, broken string) metav1.Condition {
	out := metav1.Condition{Type: "Ready", Status: metav1.ConditionTrue, Reason: "InForce", ObservedGeneration: generation}
	if broken != "" {
		out.Status, out.Reason = metav1.ConditionFalse, "Invalid"
		out.Message = clipped("invalid; the last valid version stays in force: " + broken)
	}
	return out
}

func active(e *v1alpha1.Exemption, broken string, now time.Time) metav1.Condition {
	out := metav1.Condition{Type: "Active", Status: metav1.ConditionTrue, ObservedGeneration: e.Generation}
	switch until := e.Spec.ExpiresAt; {
	case broken != "":
		out.Status, out.Reason = metav1.ConditionFalse, "Invalid"
		out.Message = clipped("invalid; the last valid version stays in force: " + broken)
	case until != nil && !now.Before(until.Time):
		out.Status, out.Reason, out.Message = metav1.ConditionFalse, "Expired", "has expired and accepts nothing; delete it or set a later date"
	case e.Status.Objects == 0:
		out.Reason, out.Message = "Unused", "no object has a finding that it accepts"
	default:
		out.Reason = "InUse"
	}
	return out
}

// clipped keeps a message within what a condition may hold.
func clipped(s string) string {
	const most = 1024
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
