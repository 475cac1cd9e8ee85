package policy

import (
	"slices"
	"sync"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// memo is what is known already about the Input of one Run. It lives as long as the Run, and is safe for concurrent use.
type memo struct {
	document *iam.Document // that it is about: an Input with another one knows nothing yet
	rules    []*Rule       // that are run
	checked  []checked     // what each of them found
	mu       sync.Mutex
	known    map[any]*answer // all else
}

type checked struct {
	once  sync.Once
	found []Finding
}

type answer struct {
	once  sync.Once
	value any
}

func newMemo(rules []*Rule, doc *iam.Document) *memo {
	return &memo{document: doc, rules: rules, checked: make([]checked, len(rules))}
}

// known returns the memo, if it is about the Input as it is now.
func (in *Input) known() *memo {
	if in.memo == nil || in.memo.document != in.Document {
		return nil
	}
	return in.memo
}

// of returns where the findings of a rule are kept, nil for one that is not run.
func (m *memo) of(r *Rule) *checked {
	if i := slices.Index(m.rules, r); i >= 0 {
		return &m.checked[i]
	}
	return nil
}

func (m *memo) answer(key any) *answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.known[key]
	if a == nil {
		if m.known == nil {
			m.known = map[any]*answer{}
		}
		a = &answer{}
		m.known[key] = a
	}
	return a
}

// Once returns what find returns, and calls it once in a Run: what several checks need of an Input is found out by the first
// that asks under the key. Outside of a Run, and for an Input with another Document, it calls find each time. What it returns
// is shared, so that the caller does not change it. Find does not ask under the same key again.
func Once[T any](in Input, key any, find func() T) T {
	m := in.known()
	if m == nil {
		return find()
	}
	a := m.answer(key)
	a.once.Do(func() { a.value = find() })
	value, _ := a.value.(T)
	return value
}
