package monitoring

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
)

const (
	ours    = "../../webhook/testdata/series.txt" // a test of that package keeps it as it is
	foreign = "testdata/foreign.txt"
	scraped = `namespace="a", job="bucketwarden", pod="p", instance="p:8080"` // given to whatever is scraped
)

// readSeries reads a list of series, one a line, as they are after a scrape.
func readSeries(t *testing.T, file string) (out []labels.Labels) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, labeled := strings.Cut(strings.TrimSpace(line), "{")
		if !labeled {
			rest = "}"
		}
		series, err := grammar.ParseMetric(name + "{" + scraped + ", " + rest)
		if err != nil {
			t.Fatalf("%s: %s: %v", file, line, err)
		}
		out = append(out, series)
	}
	if len(out) == 0 {
		t.Fatalf("%s lists nothing", file)
	}
	return out
}

// hour is how long all series rise.
const hour = time.Hour

// rising fills a storage with all series there are, each one more every minute.
func rising(t *testing.T) *promqltest.LazyLoader {
	t.Helper()
	var text strings.Builder
	text.WriteString("load 1m\n")
	for _, s := range slices.Concat(readSeries(t, ours), readSeries(t, foreign)) {
		text.WriteString("  " + s.String() + " 0+1x60\n")
	}
	return load(t, text.String())
}

// evaluate returns what an expression comes to an hour later. It must have no reservations about it.
func evaluate(t *testing.T, data *promqltest.LazyLoader, place, expr string) (out promql.Vector) {
	t.Helper()
	at := time.Unix(0, 0).Add(hour)
	data.WithSamplesTill(at, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
		query, err := data.QueryEngine().NewInstantQuery(data.Context(), data.Storage(), nil, expr, at)
		if err != nil {
			t.Fatalf("%s: %s\n%v", place, expr, err)
		}
		defer query.Close()
		result := query.Exec(data.Context())
		if result.Err != nil || len(result.Warnings) > 0 {
			t.Errorf("%s: %s\n%v %v", place, expr, result.Err, result.Warnings)
		}
		if vector, err := result.Vector(); err == nil {
			out = slices.Clone(vector)
		}
	})
	return out
}

// Alerts and dashboard select series that there are and group by labels that these have, and every metric of ours is
// asked for.
func TestMetrics(t *testing.T) {
	data := rising(t)
	asked := map[string]bool{}
	for place, expr := range expressions(t) {
		has := map[string]bool{}
		for _, s := range selectors(t, expr) {
			asked[family(s.Name)] = true
			found := evaluate(t, data, place, (&parser.VectorSelector{LabelMatchers: s.LabelMatchers}).String())
			if len(found) == 0 {
				t.Errorf("%s: there is no %s", place, s)
			}
			for _, sample := range found {
				sample.Metric.Range(func(l labels.Label) { has[l.Name] = true })
			}
		}
		for _, l := range grouping(t, expr) {
			if !has[l] {
				t.Errorf("%s: nothing in it has the label %s", place, l)
			}
		}
	}
	for _, s := range readSeries(t, ours) {
		if name := s.Get(model.MetricNameLabel); !asked[family(name)] {
			t.Errorf("neither an alert nor the dashboard shows %s", name)
		}
	}
}

// Every query of the dashboard shows something when there is something to show.
func TestQueries(t *testing.T) {
	data := rising(t)
	for _, p := range readDashboard(t).all() {
		for _, q := range p.Targets {
			if len(evaluate(t, data, p.Title, fill(q.Expr))) == 0 {
				t.Errorf("%s: %s shows nothing", p.Title, q.Expr)
			}
		}
	}
}

// family is the name under which a histogram's series belong together.
func family(name string) string {
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return name
}

// grouping returns the labels that an expression groups and matches by.
func grouping(t *testing.T, expr string) (out []string) {
	t.Helper()
	parser.Inspect(parse(t, expr), func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.AggregateExpr:
			out = append(out, n.Grouping...)
		case *parser.BinaryExpr:
			if n.VectorMatching != nil {
				out = append(out, n.VectorMatching.MatchingLabels...)
			}
		}
		return nil
	})
	return out
}

func parse(t *testing.T, expr string) parser.Expr {
	t.Helper()
	e, err := grammar.ParseExpr(expr)
	if err != nil {
		t.Fatalf("%s\n%v", expr, err)
	}
	return e
}

func selectors(t *testing.T, expr string) (out []*parser.VectorSelector) {
	t.Helper()
	parser.Inspect(parse(t, expr), func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			out = append(out, s)
		}
		return nil
	})
	return out
}

// expressions returns those of all alerts and panels, by where they stand.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, r := range alertRules(t) {
		out["alert "+r.Name()+" "+r.Labels().Get("severity")] = r.Query().String()
	}
	for _, p := range readDashboard(t).all() {
		for _, target := range p.Targets {
			out["panel "+p.Title+" "+target.RefID] = fill(target.Expr)
		}
	}
	return out
}
