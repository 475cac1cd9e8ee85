package webhook

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/semaphore"
)

// refusal is why a request is not looked at.
type refusal struct {
	status int
	text   string
}

var tooMuch = &refusal{http.StatusTooManyRequests, "too many requests at once"}

func (f *refusal) answer(w http.ResponseWriter) {
	if f.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	http.Error(w, f.text, f.status)
}

// held is what one request holds of the guard's room.
type held struct {
	guard                 *guard
	bodies, long, decoded int64
}

func (h *held) release() {
	h.guard.bodies.Release(h.bodies)
	h.guard.long.Release(h.long)
	h.guard.decoded.Release(h.decoded)
}

// receive reads the body of a request, and takes room for it as it comes.
func (h *held) receive(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	if f := checkLength(r.ContentLength); f != nil {
		return nil, f
	}
	control, end := http.NewResponseController(w), time.Now().Add(h.guard.read)
	body := make([]byte, 0, min(int(r.ContentLength), 512))
	for len(body) < int(r.ContentLength) {
		if len(body) == cap(body) {
			size := min(int(r.ContentLength), max(2*cap(body), 8<<10))
			if !h.grow(r.Context(), int64(size)) {
				return nil, tooMuch
			}
			body = append(make([]byte, 0, size), body...)
		}
		if next := time.Now().Add(h.guard.stalled); next.Before(end) {
			_ = control.SetReadDeadline(next)
		} else {
			_ = control.SetReadDeadline(end)
		}
		n, err := r.Body.Read(body[len(body):cap(body)])
		if body = body[:len(body)+n]; err != nil && len(body) < int(r.ContentLength) {
			w.Header().Set("Connection", "close")
			return nil, &refusal{http.StatusRequestTimeout, fmt.Sprintf("of %d bytes only %d arrived in time", r.ContentLength, len(body))}
		}
	}
	return body, nil
}

// grow takes room for a body of so many bytes, all of it.
func (h *held) grow(ctx context.Context, size int64) bool {
	more, moreLong := size-h.bodies, max(0, size-ordinaryBody)-h.long
	if !h.guard.room(ctx, h.guard.bodies, more) {
		return false
	}
	h.bodies += more
	if !h.guard.room(ctx, h.guard.long, moreLong) {
		return false
	}
	h.long += moreLong
	return true
}

// decode takes room for what a body comes to when it is decoded. What is ordinary takes none: few are decoded at a time.
func (h *held) decode(ctx context.Context, body []byte) *refusal {
	size, depth := weigh(body)
	switch {
	case depth > maxDepth:
		return &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("the request is more than %d levels deep", maxDepth)}
	case size > mostDecoded:
		return &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("the request has too many values: decoded it would take %d bytes, "+
			"and the limit is %d", size, mostDecoded)}
	case size > ordinaryDecoded && !h.guard.room(ctx, h.guard.decoded, int64(size)):
		return tooMuch
	case size > ordinaryDecoded:
		h.decoded = int64(size)
	}
	return nil
}

// room takes room for n, and waits for it where there is none.
func (g *guard) room(ctx context.Context, of *semaphore.Weighted, n int64) bool {
	if n <= 0 || of.TryAcquire(n) { // Acquire would refuse where the time is up, though there is room
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, g.wait)
	defer cancel()
	return of.Acquire(ctx, n) == nil
}

// checkLength refuses a request by how long it says it is. The API server always says so.
func checkLength(n int64) *refusal {
	switch {
	case n < 0:
		return &refusal{http.StatusLengthRequired, "the length of the request is missing"}
	case n > maxBody:
		return &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("the request is longer than %d bytes", maxBody)}
	}
	return nil
}
