package policy

import (
	"sync"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// memo is what is known already about the Input of one Run. It lives as long as the Run, and is safe for concurrent use.
type memo struct {
	document *iam.Document // that it is about: an Input with another one knows nothing yet
	mu       sync.Mutex
	known    map[any]*answer
}

type answer struct {
	once  sync.Once
	value any
}

func newMemo(doc *iam.Document) *memo { return &memo{document: doc, known: map[any]*answer{}} }

func (m *memo) answer(key any) *answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known[key] == nil {
		m.known[key] = &answer{}
	}
	return m.known[key]
}

// Once returns what find returns, and calls it once in a Run: what several checks need of an Input is found out by the first
// that asks under the key. Outside of a Run, and for an Input with another Document, it calls find each time. What it returns
// is shared, so that the caller does not change it. Find does not ask under the same key again.
func Once[T any](in Input, key any, find func() T) T {
	if in.memo == nil || in.memo.document != in.Document {
		return find()
	}
	a := in.memo.answer(key)
	a.once.Do(func() { a.value = find() })
	value, _ := a.value.(T)
	return value
}
