// Package monitoring holds the alerts and the dashboard of the chart against Prometheus' own code, and against the
// metrics that there are.
package monitoring

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the alerts do into testdata")

const (
	alertsFile = "../../charts/bucketwarden/files/alerts.yaml"
	series     = "series"
	timeline   = "timeline"
)

var grammar = parser.NewParser(parser.Options{})

// A case is a file testdata/ALERT/{bad,ok}-NAME.txtar: a sentence, series as Prometheus' own tests write them, and the
// timeline of all alerts. A bad one has ALERT fire and resolve, an ok one has nothing fire at all.
func TestAlerts(t *testing.T) {
	fires, silent, known := map[string]bool{}, map[string]bool{}, map[string]bool{}
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		alert, name := filepath.Base(filepath.Dir(file)), strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(alert+"/"+name, func(t *testing.T) {
			got := play(t, file)
			switch kind, _, _ := strings.Cut(name, "-"); kind {
			case "bad":
				if !slices.ContainsFunc(got, func(e event) bool { return e.name == alert && e.what == "resolved" }) {
					t.Errorf("%s does not fire and resolve", alert)
				}
			case "ok":
				silent[alert] = true
				if slices.ContainsFunc(got, func(e event) bool { return e.what == "firing" }) {
					t.Error("an alert fires")
				}
			default:
				t.Errorf("%s begins with neither bad- nor ok-", name)
			}
			for _, e := range got {
				fires[e.name+" "+e.severity] = fires[e.name+" "+e.severity] || e.what == "firing"
			}
		})
	}
	for _, r := range alertRules(t) {
		severity := r.Labels().Get("severity")
		if !fires[r.Name()+" "+severity] || !silent[r.Name()] {
			t.Errorf("%s, %s: needs a case in which it fires and one in which it does not", r.Name(), severity)
		}
		known[r.Name()] = true
	}
	for name := range silent {
		if !known[name] {
			t.Errorf("testdata/%s: no such alert", name)
		}
	}
}

// event is a change of an alert's state.
type event struct{ name, severity, what, text string }

// play runs a case and compares what happens with its timeline.
func play(t *testing.T, file string) []event {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Files) != 2 || a.Files[0].Name != series || a.Files[1].Name != timeline || len(a.Comment) == 0 {
		t.Fatalf("want a sentence, %s and %s", series, timeline)
	}
	events := run(t, string(a.Files[0].Data))
	var text strings.Builder
	for _, e := range events {
		text.WriteString(e.text + "\n")
	}
	if *update {
		a.Files[1].Data = []byte(text.String())
		if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(a.Files[1].Data), text.String()); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	return events
}

// healthy is a release that is there and reached.
func healthy(step, end time.Duration) string {
	n := int(end / step)
	return fmt.Sprintf("bucketwarden_build_info{%s} 1x%d\nbucketwarden_reached_timestamp_seconds{%s} 0+%dx%d\n",
		scraped, n, scraped, int(step.Seconds()), n)
}

// load reads series as Prometheus' own tests write them.
func load(t *testing.T, text string) *promqltest.LazyLoader {
	t.Helper()
	data, err := promqltest.NewLazyLoader(text, promqltest.LazyLoaderOpts{
		EnableAtModifier: true, EnableNegativeOffset: true, Parser: grammar,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := data.Close(); err != nil {
			t.Error(err)
		}
	})
	return data
}

// run evaluates all rules over series. These begin with a line "every DURATION for DURATION". Where they say nothing of a
// release, a healthy one is there.
func run(t *testing.T, text string) (out []event) {
	t.Helper()
	head, lines, _ := strings.Cut(text, "\n")
	var every, length string
	if _, err := fmt.Sscanf(head, "every %s for %s", &every, &length); err != nil {
		t.Fatalf("%q: %v", head, err)
	}
	step, end := duration(t, every), duration(t, length)
	if !strings.Contains(lines, "bucketwarden_build_info") {
		lines += healthy(step, end)
	}
	data := load(t, "load "+every+"\n"+lines)
	groups := loadGroups(t, &rules.ManagerOptions{
		QueryFunc:    rules.EngineQueryFunc(data.QueryEngine(), data.Storage()),
		AppendableV2: data.Storage(),
		Context:      data.Context(),
	})
	states := map[*rules.AlertingRule]alertStates{}
	for at := time.Duration(0); at <= end; at += step {
		var now []event
		data.WithSamplesTill(time.Unix(0, 0).Add(at), func(err error) {
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range groups {
				g.Eval(data.Context(), time.Unix(0, 0).Add(at))
				for _, r := range g.AlertingRules() {
					if r.LastError() != nil {
						t.Fatalf("%s at %s: %v", r.Name(), at, r.LastError())
					}
					after := statesOf(r)
					now = append(now, changes(r, at, states[r], after)...)
					states[r] = after
				}
			}
		})
		slices.SortFunc(now, func(a, b event) int { return strings.Compare(a.text, b.text) })
		out = append(out, now...)
	}
	return out
}

// alertStates is what the alerts of one rule are in, by their labels.
type alertStates map[string]alertState

type alertState struct {
	firing  bool
	summary string
}

func statesOf(r *rules.AlertingRule) alertStates {
	out := alertStates{}
	for _, a := range r.ActiveAlerts() {
		key := labels.NewBuilder(a.Labels).Del(labels.AlertName).Labels().String()
		out[key] = alertState{a.State == rules.StateFiring, a.Annotations.Get("summary")}
	}
	return out
}

// changes returns what has become of a rule's alerts.
func changes(r *rules.AlertingRule, at time.Duration, before, after alertStates) (out []event) {
	say := func(what, key, more string) {
		text := fmt.Sprintf("%s %s %s%s%s", model.Duration(at), what, r.Name(), key, more)
		out = append(out, event{r.Name(), r.Labels().Get("severity"), what, text})
	}
	for key, a := range after {
		b, known := before[key]
		switch {
		case a.firing && !b.firing:
			say("firing", key, ": "+a.summary)
		case !a.firing && !known:
			say("pending", key, "")
		}
	}
	for key, b := range before {
		if _, still := after[key]; still {
			continue
		}
		if b.firing {
			say("resolved", key, "")
		} else {
			say("passed", key, "")
		}
	}
	return out
}

func duration(t *testing.T, s string) time.Duration {
	t.Helper()
	d, err := model.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(d)
}

// loadGroups reads the alerts as Prometheus does, and strictly.
func loadGroups(t *testing.T, o *rules.ManagerOptions) map[string]*rules.Group {
	t.Helper()
	o.Logger, o.Parser = promslog.NewNopLogger(), grammar
	o.NotifyFunc = func(context.Context, string, ...*rules.Alert) {}
	groups, errs := rules.NewManager(o).LoadGroups(time.Minute, labels.EmptyLabels(), "", nil, false, alertsFile)
	for _, err := range errs {
		t.Error(err)
	}
	if errs != nil {
		t.FailNow()
	}
	return groups
}

func alertRules(t *testing.T) (out []*rules.AlertingRule) {
	t.Helper()
	for _, g := range loadGroups(t, &rules.ManagerOptions{}) {
		out = append(out, g.AlertingRules()...)
	}
	return out
}
