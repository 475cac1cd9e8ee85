package webhook

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// The probe proves that the API server really reaches this server, through both configurations: a server-side dry-run
// of a ConfigMap by this name meets only the probe's webhooks, and each of them leaves a warning.
const (
	probeName    = "bucketwarden-probe"
	probeWarning = "bucketwarden reached by "
)

// probePath is where the configuration that calls path answers its probe.
func probePath(path string) string { return "/probe" + path }

func probeRules() []admissionregistration.RuleWithOperations {
	return []admissionregistration.RuleWithOperations{{
		Operations: []admissionregistration.OperationType{admissionregistration.Create},
		Rule:       admissionregistration.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"configmaps"}},
	}}
}

func probeOnly() []admissionregistration.MatchCondition {
	return []admissionregistration.MatchCondition{{
		Name:       "probe",
		Expression: fmt.Sprintf("request.dryRun && request.name == %q", probeName),
	}}
}

// probeHandler answers the probe of the configuration that calls path. The API server drops a warning that it has
// passed on already, so the two differ.
func probeHandler(path string) admission.Handler {
	return admission.HandlerFunc(func(context.Context, admission.Request) admission.Response {
		return admission.Allowed("").WithWarnings(probeWarning + path)
	})
}

// WaitReached returns once the API server has called both probe webhooks, or when ctx ends.
func WaitReached(ctx context.Context, config *rest.Config) error {
	seen := &warnings{texts: map[string]bool{}}
	config = rest.CopyConfig(config)
	config.WarningHandler = seen
	c, err := client.New(config, client.Options{})
	if err != nil {
		return err
	}
	var last error
	err = wait.PollUntilContextCancel(ctx, 50*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		probe := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: metav1.NamespaceDefault, Name: probeName}}
		last = c.Create(ctx, probe, client.DryRunAll)
		return last == nil && seen.both(), nil
	})
	if err != nil {
		return fmt.Errorf("the API server does not reach the webhook: %w (last dry-run: %w)", err, last)
	}
	return nil
}

// warnings collects the probe's warnings in the answers to one client.
type warnings struct {
	mu    sync.Mutex
	texts map[string]bool
}

// HandleWarningHeader implements rest.WarningHandler.
func (w *warnings) HandleWarningHeader(_ int, _ string, text string) {
	if strings.HasPrefix(text, probeWarning) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.texts[text] = true
	}
}

func (w *warnings) both() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.texts) == 2
}
