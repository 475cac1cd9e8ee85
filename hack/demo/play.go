package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// stage is where samples are played.
type stage struct {
	cluster *cluster.Cluster
	out     io.Writer
}

// play applies one sample and shows what becomes of it. The error says that the sample's promise was not kept.
func (s stage) play(ctx context.Context, sample sample) error {
	if err := s.settle(ctx, sample); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s\n\n$ kubectl apply -f %s\n", sample.comment, sample.file)
	answer, err := s.cluster.Kubectl(ctx, nil, "apply", "-f", sample.file)
	if err != nil {
		return err
	}
	fmt.Fprint(s.out, answer.Stdout, answer.Stderr)
	diff := ""
	if answer.Code == 0 {
		stored, err := s.cluster.Kubectl(ctx, nil, "get", "-f", sample.file, "-o", "json")
		if err != nil {
			return err
		}
		if diff, err = diffFrom(sample.object, stored.Stdout); err != nil {
			return err
		}
	}
	if diff != "" {
		fmt.Fprintf(s.out, "\nWhat was sent, and what is stored:\n%s", diff)
	}
	if got := judge(answer, diff != ""); got != sample.promise {
		return fmt.Errorf("%s: %s, but it says %s", sample.file, got, sample.promise)
	}
	return nil
}

// settle waits until the webhook knows what the samples before this one have declared: it learns that by watching, which
// takes a moment. It gives up in silence, as what then comes out is to be seen.
func (s stage) settle(ctx context.Context, sample sample) error {
	err := wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, 20*time.Second, true, func(ctx context.Context) (bool, error) {
		answer, err := s.cluster.Kubectl(ctx, nil, "apply", "--dry-run=server", "-o", "json", "-f", sample.file)
		if err != nil {
			return false, err
		}
		diff := ""
		if answer.Code == 0 {
			if diff, err = diffFrom(sample.object, answer.Stdout); err != nil {
				return false, err
			}
		}
		return judge(answer, diff != "") == sample.promise, nil
	})
	if wait.Interrupted(err) && ctx.Err() == nil {
		return nil
	}
	return err
}

// Where kubectl's answers name rules.
var (
	refusedBy = regexp.MustCompile(`(?m)(?:denied the request: |^)(BW[0-9]{3}) `)
	patchedBy = regexp.MustCompile(`(?m)^Warning: patched: (BW[0-9]{3}) `)
	warnedBy  = regexp.MustCompile(`(?m)^Warning: (BW[0-9]{3}) `)
)

// judge reads an answer of kubectl apply.
func judge(answer cluster.Answer, changed bool) outcome {
	out, rule := outcome{verdict: "Admitted"}, warnedBy
	switch {
	case answer.Code != 0 && !strings.Contains(answer.Stderr, "denied the request: "):
		return outcome{verdict: "failed"}
	case answer.Code != 0:
		out.verdict, rule = "Refused", refusedBy
	case changed:
		out.verdict, rule = "Patched", patchedBy
	}
	found := map[string]bool{}
	for _, m := range rule.FindAllStringSubmatch(answer.Stderr, -1) {
		found[m[1]] = true
	}
	out.rules = strings.Join(slices.Sorted(maps.Keys(found)), ", ")
	return out
}

// diffFrom returns the unified diff of the policies of an object and of its stored version in JSON, "" when they are the
// same.
func diffFrom(sent map[string]any, stored string) (string, error) {
	var object map[string]any
	if err := json.Unmarshal([]byte(stored), &object); err != nil {
		return "", fmt.Errorf("kubectl -o json: %w", err)
	}
	before, errSent := policies(sent)
	after, errStored := policies(object)
	var out strings.Builder
	for _, field := range slices.Sorted(maps.Keys(before)) {
		out.WriteString(udiff.Unified("sent "+field, "stored "+field, before[field], after[field]))
	}
	return out.String(), errors.Join(errSent, errStored)
}
