package files

import (
	"fmt"
	"io"
	"time"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// progress is a line on a terminal that says how far the reading of files, or of something else, is.
type progress struct {
	out   io.Writer // nil for none
	of    int       // 0 where that is not known
	what  string
	shown time.Time
	drawn bool
}

func newProgress(out io.Writer, of int, what string) *progress {
	if !program.IsTerminal(out) {
		out = nil
	}
	return &progress{out: out, of: of, what: what, shown: time.Now()}
}

// show draws the line, at most a few times a second, and not before the first half second is over.
func (p *progress) show(done int) {
	if p.out == nil || time.Since(p.shown) < 500*time.Millisecond {
		return
	}
	p.shown, p.drawn = time.Now(), true
	if p.of == 0 {
		fmt.Fprintf(p.out, "\r%d %s", done, p.what)
		return
	}
	fmt.Fprintf(p.out, "\r%d of %d %s", done, p.of, p.what)
}

func (p *progress) end() {
	if p.drawn {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
