package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// print writes tables as docs/performance.md has them.
func print(out io.Writer, arms []*arm) {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	cluster.Head(w, "operation", "webhook", "requests", "p50 ms", "p99 ms", "p99 to no-op", "requests/s", "CPU ms")
	for i, o := range operations {
		noop := arms[1].Operations[i]
		for _, a := range arms {
			m := a.Operations[i]
			fmt.Fprintf(w, "| %s\t| %s\t| %d\t| %.2f\t| %.2f\t| %.2f\t| %.0f\t| %.2f\t|\n",
				o.name, a.Name, m.Requests, m.P50, m.P99, m.P99/noop.P99, m.Throughput, m.CPU)
		}
	}
	fmt.Fprintln(w)
	cluster.Head(w, "webhook", "start to Ready, ms", "memory idle, MB", "memory loaded, MB", "binary, MB")
	for _, a := range arms {
		if a.server != nil {
			fmt.Fprintf(w, "| %s\t| %.0f\t| %.1f\t| %.1f\t| %.1f\t|\n", a.Name, a.Ready, mega(a.Idle), mega(a.Loaded), mega(a.Binary))
		}
	}
	_ = w.Flush() // a printed line has no reader to tell
}

func mega(bytes int64) float64 { return float64(bytes) / 1e6 }

func drawFile(name string, arms []*arm) error {
	if name == "" {
		return nil
	}
	return os.WriteFile(name, []byte(draw(arms)), 0o644)
}

// The picture's measures, in pixels.
const (
	left, width, line = 230, 420, 18
)

// colours are of the arms, in their order.
var colours = []string{"#9aa5b1", "#5b8def", "#e07a5f"}

// draw makes an SVG: for each operation and webhook a bar up to p50, and a paler one up to p99.
func draw(arms []*arm) string {
	longest := slowest(arms)
	var b strings.Builder
	y := 28
	text := func(x, y int, anchor, s string) {
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="%s">%s</text>`+"\n", x, y, anchor, s)
	}
	text(10, 16, "start", "latency through the API server: p50, and p99 (pale), in ms")
	for i, o := range operations {
		for j, a := range arms {
			m := a.Operations[i]
			if j == 0 {
				text(10, y+line-5, "start", o.name)
			}
			text(left-6, y+line-5, "end", a.Name)
			for _, bar := range []struct {
				to      float64
				opacity string
			}{{m.P99, "0.4"}, {m.P50, "1"}} {
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s" fill-opacity="%s"/>`+"\n",
					left, y+2, bar.to/longest*width, line-4, colours[j], bar.opacity)
			}
			text(left+int(m.P99/longest*width)+6, y+line-5, "start", fmt.Sprintf("%.1f, %.1f", m.P50, m.P99))
			y += line
		}
		y += line / 2
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">`+"\n"+
		`<rect width="100%%" height="100%%" fill="white"/>`+"\n%s</svg>\n", left+width+100, y, b.String())
}

// slowest returns the longest p99 of all.
func slowest(arms []*arm) (longest float64) {
	for _, a := range arms {
		for _, o := range a.Operations {
			longest = max(longest, o.P99)
		}
	}
	return longest
}
