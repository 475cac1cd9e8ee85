package cluster

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Milliseconds returns a time as tables have it.
func Milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Quantiles sorts what requests took and returns two of them in milliseconds, 0 where there was no request.
func Quantiles(took []time.Duration) (p50, p99 float64) {
	slices.Sort(took)
	n := len(took)
	if n == 0 {
		return 0, 0
	}
	return Milliseconds(took[n/2]), Milliseconds(took[n*99/100])
}

// Head writes the first two lines of a Markdown table, for a tabwriter.
func Head(out io.Writer, columns ...string) {
	fmt.Fprintf(out, "| %s\t|\n", strings.Join(columns, "\t| "))
	fmt.Fprintf(out, "%s|\n", strings.Repeat("|---\t", len(columns)))
}
