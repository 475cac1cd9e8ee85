package webhook

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/go-logr/logr/funcr"
)

// A check says why it fails once, however often it is asked, and when that is over.
func TestTelling(t *testing.T) {
	var said []string
	log := funcr.New(func(_, line string) { said = append(said, line) }, funcr.Options{})
	var state error
	check := telling(log, "reached", func(*http.Request) error { return state })
	for _, state = range []error{errors.New("a"), errors.New("a"), errors.New("b"), nil, nil, errors.New("b")} {
		if err := check(nil); !errors.Is(err, state) {
			t.Errorf("says %v, want %v", err, state)
		}
	}
	want := []string{
		`"level"=0 "msg"="not ready" "check"="reached" "reason"="a"`, `"level"=0 "msg"="not ready" "check"="reached" "reason"="b"`,
		`"level"=0 "msg"="ready" "check"="reached"`, `"level"=0 "msg"="not ready" "check"="reached" "reason"="b"`,
	}
	if !slices.Equal(said, want) {
		t.Errorf("said %q", said)
	}
}
