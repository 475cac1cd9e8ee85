package webhook

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
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

// The probe proves that the API server really reaches this replica, through both configurations: a server-side dry-run
// of a ConfigMap by this name meets only the probe's webhooks, and each of them leaves a warning that names who answered. Which
// replica that is the API server's side decides, so that a probe is sent until it is this one.
const (
	probeName    = "bucketwarden-probe"
	probeWarning = "bucketwarden reached by "
	probeOf      = " of replica " // before who answered
	probeAsker   = "bucketwarden.dev/replica"
)

// A server that has been reached once is probed on, for the metric. It stays ready even if a probe fails later: without
// it the API server would reach nobody.
const (
	probeEvery   = 30 * time.Second
	probeTimeout = 5 * time.Second
	probeTries   = 20 // of one probe, while others answer
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

// answerProbe answers the probe of the configuration that calls path, as the replica self. The API server drops a warning that
// it has passed on already, so the two differ.
//
// The API server keeps a connection for its next request, and would ask the same replica for ever. So an answer to another
// replica's probe ends its connection, and so do some to a replica's own: a way that is open no longer is noticed,
// and the turns of whoever balances the load do not fall on the same replicas for ever.
func answerProbe(log logr.Logger, path, self string) answerer {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		wire(log, admission.HandlerFunc(func(_ context.Context, req admission.Request) admission.Response {
			var probe metav1.PartialObjectMetadata
			if err := json.Unmarshal(req.Object.Raw, &probe); err != nil || probe.Annotations[probeAsker] != self || rand.Text() < "N" { // of A to Z and 2 to 7: three times of five
				w.Header().Set("Connection", "close")
			}
			return admission.Allowed("").WithWarnings(probeWarning + path + probeOf + self)
		}))(w, r, body)
	}
}

// prober sends probes: quickly until the first comes back, then now and then.
type prober struct {
	self   string // tells this replica from others
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
	host, err := os.Hostname() // the pod's name
	if err != nil {
		return nil, err
	}
	self := host + "/" + rand.Text()[:8] // a host may run several
	p := &prober{self: self, seen: &warnings{self: self}, log: log, err: errors.New("no probe was sent yet")}
	config = rest.CopyConfig(config)
	config.WarningHandler = p.seen
	config.QPS, config.Burst = 5*probeTries, probeTries // its own, so that it waits for nobody else
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

// probe sends one probe and reports whether it reached this replica through both webhooks.
func (p *prober) probe(ctx context.Context) bool {
	err := p.reach(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.reached = time.Now()
	} else if p.err == nil { // what it waits for at the start, its readiness says
		p.log.Error(err, "the API server cannot reach this replica any more")
	}
	p.err = err
	return err == nil
}

// reach returns nil once both webhooks have been answered by this replica. It does not go on where nobody answers.
func (p *prober) reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeEvery)
	defer cancel()
	p.seen.reset()
	for range probeTries {
		before := p.seen.answers()
		if err := p.send(ctx); err != nil {
			return err
		}
		switch answers := p.seen.answers(); {
		case p.seen.both():
			return nil
		case answers == before:
			return errors.New("a dry-run succeeded without reaching the probe's webhooks")
		}
	}
	return fmt.Errorf("%d dry-runs reached other replicas, and not this one through both webhooks", probeTries)
}

func (p *prober) send(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	probe := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: probeName, Annotations: map[string]string{probeAsker: p.self}}}
	_, err := p.maps.Create(ctx, probe, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	return err
}

// Ready is a readiness check: nil once the API server has reached both webhooks of this replica.
func (p *prober) Ready(*http.Request) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reached.IsZero() {
		return fmt.Errorf("the API server cannot reach this replica: %w", p.err)
	}
	return nil
}

// Reached returns when a probe last came back.
func (p *prober) Reached() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reached
}

// warnings collects the probe's warnings in the answers to one probe.
type warnings struct {
	self string // whose count

	mu   sync.Mutex
	own  map[string]bool // the paths by which self was reached
	seen int             // also of other replicas
}

// HandleWarningHeader implements rest.WarningHandler.
func (w *warnings) HandleWarningHeader(_ int, _ string, text string) {
	answer, ok := strings.CutPrefix(text, probeWarning)
	if !ok {
		return
	}
	path, replica, _ := strings.Cut(answer, probeOf)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen++
	if replica == w.self {
		w.own[path] = true
	}
}

func (w *warnings) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.own, w.seen = map[string]bool{}, 0
}

func (w *warnings) answers() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen
}

func (w *warnings) both() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.own) == 2
}
