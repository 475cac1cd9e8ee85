package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr"
	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// The probe proves that the API server really reaches the webhooks, through both configurations: a server-side dry-run
// of a ConfigMap by this name meets only the probe's webhooks, and each of them leaves a warning.
const (
	probeName    = "bucketwarden-probe"
	probeWarning = "bucketwarden reached by "
)

// A server that has been reached once is probed on, for the metric. It stays ready even if a probe fails later: without
// it the API server would reach nobody.
const (
	probeEvery   = 30 * time.Second
	probeTimeout = 5 * time.Second
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

// prober sends probes: quickly until the first comes back, then now and then.
type prober struct {
	maps   coreclient.ConfigMapInterface
	seen   *warnings
	log    logr.Logger
	before func(context.Context) error // what a probe has to wait for
	first  func()                      // called once, after the first that came back

	mu      sync.Mutex
	reached time.Time
	err     error // of the last probe
}

func newProber(config *rest.Config, namespace string, log logr.Logger) (*prober, error) {
	p := &prober{seen: &warnings{}, log: log, err: errors.New("no probe was sent yet")}
	config = rest.CopyConfig(config)
	config.WarningHandler = p.seen
	c, err := coreclient.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	p.maps = c.ConfigMaps(namespace)
	return p, nil
}

// NeedLeaderElection implements manager.LeaderElectionRunnable: every replica proves it for itself.
func (p *prober) NeedLeaderElection() bool { return false }

// Start implements manager.Runnable.
func (p *prober) Start(ctx context.Context) error {
	if err := p.before(ctx); err != nil {
		return ignoreEnd(ctx, err)
	}
	backoff := wait.Backoff{Duration: 50 * time.Millisecond, Factor: 1.3, Steps: 20, Cap: 2 * time.Second}
	err := backoff.DelayFunc().Until(ctx, true, true, func(ctx context.Context) (bool, error) { return p.probe(ctx), nil })
	if err != nil {
		return ignoreEnd(ctx, err)
	}
	p.first()
	wait.UntilWithContext(ctx, func(ctx context.Context) { p.probe(ctx) }, probeEvery)
	return nil
}

// probe sends one probe and reports whether it reached both webhooks.
func (p *prober) probe(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	p.seen.reset()
	probe := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: probeName}}
	_, err := p.maps.Create(ctx, probe, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	if err == nil && !p.seen.both() {
		err = errors.New("a dry-run succeeded without reaching the probe's webhooks")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.reached = time.Now()
	} else if p.err == nil { // what it waits for at the start, its readiness says
		p.log.Error(err, "the API server cannot reach the webhooks any more")
	}
	p.err = err
	return err == nil
}

// Ready is a readiness check: nil once the API server has reached both webhooks.
func (p *prober) Ready(*http.Request) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reached.IsZero() {
		return fmt.Errorf("the API server cannot reach the webhooks: %w", p.err)
	}
	return nil
}

// Reached returns when a probe last came back.
func (p *prober) Reached() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reached
}

// warnings collects the probe's warnings in the answer to one request.
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

func (w *warnings) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.texts = map[string]bool{}
}

func (w *warnings) both() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.texts) == 2
}
