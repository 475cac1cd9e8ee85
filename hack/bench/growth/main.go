// Growth draws how what Bucketwarden does grows with the size of a policy, as an SVG on standard output and as a table on
// standard error.
//
//	cd hack/bench && go run ./growth >../../docs/growth.svg
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// teams returns a document of n statements of about 330 bytes.
func teams(n int, action string) string {
	var s []string
	for i := range n {
		s = append(s, fmt.Sprintf(`{"Sid":"Team%d","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/team-%[1]d"},`+
			`"Action":["s3:GetObject",%[2]q],"Resource":"arn:aws:s3:::logs/team-%[1]d/*",`+
			`"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"},"Bool":{"aws:SecureTransport":"true"}}}`, i, action))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(s, ",") + `]}`
}

// curves are what is measured, each for a document of n statements.
var curves = []struct {
	name string
	work func(n int) func()
}{
	{"parse", func(n int) func() {
		text := teams(n, "s3:PutObject")
		return func() { parse(text) }
	}},
	{"all rules", func(n int) func() {
		in := policy.NewInput(policy.BucketPolicy, teams(n, "s3:PutObject"), policy.Bucket{})
		return func() { policy.Run(rules.All, in) }
	}},
	{"compare: one statement added", func(n int) func() {
		old, new := parse(teams(n-1, "s3:PutObject")), parse(teams(n, "s3:PutObject"))
		return func() { space.NewAccess(old, new, space.Steps(space.AdmissionBudget)) }
	}},
	{"compare: every statement narrowed", func(n int) func() {
		old, new := parse(teams(n, "s3:PutObject")), parse(teams(n, "s3:GetObject"))
		return func() { space.NewAccess(old, new, space.Steps(space.AdmissionBudget)) }
	}},
}

func parse(text string) *iam.Document {
	doc, err := iam.Parse(text)
	if err != nil {
		log.Fatal(err)
	}
	return doc
}

func main() {
	log.SetFlags(0)
	if err := draw(os.Stdout, os.Stderr); err != nil {
		log.Fatal(err)
	}
}

func draw(svg, table io.Writer) error {
	p := plot.New()
	p.Title.Text = "Time by size of the policy"
	p.X.Label.Text, p.Y.Label.Text = "policy, KB", "time, µs"
	p.X.Min, p.Y.Min, p.Legend.Top, p.Legend.Left = 0, 0, true, true
	p.Add(plotter.NewGrid())
	var lines []any
	for _, c := range curves {
		points := plotter.XYs{}
		for _, n := range []int{3, 6, 12, 24, 36, 48, 60} {
			size := float64(len(teams(n, "s3:PutObject"))) / 1000
			micros := measure(c.work(n))
			points = append(points, plotter.XY{X: size, Y: micros})
			fmt.Fprintf(table, "%-35s %5.1f KB %8.1f µs\n", c.name, size, micros)
		}
		lines = append(lines, c.name, points)
	}
	if err := plotutil.AddLinePoints(p, lines...); err != nil {
		return err
	}
	out, err := p.WriterTo(16*vg.Centimeter, 10*vg.Centimeter, "svg")
	if err != nil {
		return err
	}
	_, err = out.WriteTo(svg)
	return err
}

// measure returns the least of five measurements, in microseconds: other work on the machine only ever adds.
func measure(work func()) float64 {
	var least float64
	for i := range 5 {
		r := testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				work()
			}
		})
		if t := float64(r.T.Nanoseconds()) / float64(r.N) / 1000; i == 0 || t < least {
			least = t
		}
	}
	return least
}
