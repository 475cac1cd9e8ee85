package webhook

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// A change of the configuration is looked at for this long, and what it would refuse is named up to this many.
const (
	impactTime  = time.Second
	impactNames = 5
)

// relabelled is a cluster in which one namespace has other labels.
type relabelled struct {
	review.Inventory
	name   string
	labels map[string]string
}

// Namespace implements review.Inventory.
func (r relabelled) Namespace(name string) (map[string]string, bool) {
	if name == r.name {
		return r.labels, true
	}
	return r.Inventory.Namespace(name)
}

// impact says which of the objects that are concerned would be refused later and are not now, were they new.
func (h handlers) impact(
	ctx context.Context, now, later review.Reviewer, in review.Inventory, concerns func(source.Reading, map[string]string) bool,
) []string {
	ctx, cancel := context.WithTimeout(ctx, impactTime)
	defer cancel()
	looked, failing := 0, []string{}
	keys := h.inventory.Keys()
	for _, key := range keys {
		if ctx.Err() != nil {
			break
		}
		looked++
		obj := h.inventory.Get(key)
		reading, ok, err := source.Read(obj)
		labels, _ := in.Namespace(reading.Namespace)
		if !ok || err != nil || reading.Deleting || !concerns(reading, labels) {
			continue
		}
		then, _, err := later.Object(ctx, obj, in)
		if err != nil || ctx.Err() != nil || then.Verdict() != review.Deny || !then.Sends() {
			continue
		}
		if before, _, err := now.Object(ctx, obj, h.inventory); err == nil && before.Verdict() != review.Deny {
			failing = append(failing, fmt.Sprintf("bucketwarden: %s: %s", key, strings.Join(refusing(then), ", ")))
		}
	}
	return summary(failing, looked, len(keys))
}

// refusing returns the ids of the rules that refuse an object.
func refusing(v review.Review) []string {
	seen := map[string]bool{}
	var out []string
	for _, f := range v.Findings {
		if f.Action == policy.Deny && !seen[f.Rule.ID] {
			seen[f.Rule.ID] = true
			out = append(out, f.Rule.ID)
		}
	}
	return out
}

func summary(failing []string, looked, of int) []string {
	if len(failing) == 0 && looked == of {
		return nil
	}
	what := fmt.Sprintf("bucketwarden: existing objects that would be refused if created now: %d", len(failing))
	if looked < of {
		what += fmt.Sprintf(" of the first %d checked, out of %d", looked, of)
	}
	if more := len(failing) - impactNames; more > 0 {
		failing = append(failing[:impactNames:impactNames], fmt.Sprintf("bucketwarden: and %d more", more))
	}
	return append([]string{what}, failing...)
}
