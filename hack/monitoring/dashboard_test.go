package monitoring

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql"
)

const (
	dashboardFile = "../../charts/bucketwarden/files/dashboard.json"
	columns       = 24 // of Grafana's grid
	dataSource    = "${datasource}"
)

// dashboard is what the tests read of Grafana's model.
type dashboard struct {
	UID           string
	Title         string
	SchemaVersion int
	Templating    struct {
		List []struct{ Name, Type, Definition string }
	}
	Panels []panel
}

type panel struct {
	ID          int
	Type        string
	Title       string
	Description string
	GridPos     struct{ H, W, X, Y int }
	Datasource  struct{ UID string }
	FieldConfig struct{ Defaults struct{ Unit string } }
	Targets     []target
	Panels      []panel // of a row that is folded
}

type target struct {
	RefID      string
	Expr       string
	Datasource struct{ UID string }
}

func readDashboard(t *testing.T) (d dashboard) {
	t.Helper()
	text, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// all returns every panel, rows too.
func (d dashboard) all() []panel {
	out := slices.Clone(d.Panels)
	for _, p := range d.Panels {
		out = append(out, p.Panels...)
	}
	return out
}

// fill puts something in the place of Grafana's variables.
func fill(expr string) string {
	return strings.NewReplacer("$__rate_interval", "5m", "$__range", "6h", "$namespace", ".*", "$job", ".*").Replace(expr)
}

// Every panel says what it shows, in which unit, and asks the data source that was chosen.
func TestPanels(t *testing.T) {
	d := readDashboard(t)
	if d.UID == "" || d.Title == "" || d.SchemaVersion < 39 {
		t.Errorf("uid %q, title %q, schemaVersion %d", d.UID, d.Title, d.SchemaVersion)
	}
	ids, titles := map[int]bool{}, map[string]bool{}
	for _, p := range d.all() {
		if p.ID == 0 || ids[p.ID] {
			t.Errorf("%s: id %d is not its own", p.Title, p.ID)
		}
		ids[p.ID] = true
		if p.Title == "" || titles[p.Title] {
			t.Errorf("panel %d: title %q is not its own", p.ID, p.Title)
		}
		titles[p.Title] = true
		if p.Type == "row" {
			continue
		}
		if !strings.HasSuffix(p.Description, ".") || p.FieldConfig.Defaults.Unit == "" || p.Datasource.UID != dataSource {
			t.Errorf("%s: description %q, unit %q, data source %q", p.Title, p.Description, p.FieldConfig.Defaults.Unit,
				p.Datasource.UID)
		}
		checkTargets(t, p)
	}
}

func checkTargets(t *testing.T, p panel) {
	t.Helper()
	if len(p.Targets) == 0 {
		t.Errorf("%s: shows nothing", p.Title)
	}
	refs := map[string]bool{}
	for _, q := range p.Targets {
		if q.RefID == "" || refs[q.RefID] || q.Datasource.UID != dataSource {
			t.Errorf("%s: target %q, data source %q", p.Title, q.RefID, q.Datasource.UID)
		}
		refs[q.RefID] = true
		if !strings.Contains(q.Expr, `namespace=~"$namespace", job=~"$job"`) && !strings.Contains(q.Expr, "apiserver_") {
			t.Errorf("%s: %s is not of the chosen namespace and job", p.Title, q.Expr)
		}
	}
}

// No panel lies on another one or leaves the grid.
func TestLayout(t *testing.T) {
	taken := map[[2]int]string{}
	for _, p := range readDashboard(t).Panels {
		g := p.GridPos
		if g.H < 1 || g.W < 1 || g.X < 0 || g.Y < 0 || g.X+g.W > columns {
			t.Errorf("%s: %+v leaves the grid", p.Title, g)
		}
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%s lies on %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}

// The variables that the expressions use are there, and ask for labels of series that there are.
func TestVariables(t *testing.T) {
	data := rising(t)
	types := map[string]string{}
	for _, v := range readDashboard(t).Templating.List {
		types[v.Name] = v.Type
		if v.Type != "query" {
			continue
		}
		inside, ok := strings.CutPrefix(v.Definition, "label_values(")
		end := strings.LastIndex(inside, ", ")
		if !ok || end < 0 {
			t.Fatalf("%s: %q", v.Name, v.Definition)
		}
		selector, label := inside[:end], strings.TrimSuffix(inside[end+2:], ")")
		found := evaluate(t, data, v.Name, fill(selector))
		if !slices.ContainsFunc(found, func(s promql.Sample) bool { return s.Metric.Has(label) }) {
			t.Errorf("%s: there is no %s with the label %s", v.Name, selector, label)
		}
	}
	for name, want := range map[string]string{"datasource": "datasource", "namespace": "query", "job": "query"} {
		if types[name] != want {
			t.Errorf("variable %s is of type %q", name, types[name])
		}
	}
}
