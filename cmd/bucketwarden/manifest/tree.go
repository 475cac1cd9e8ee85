package manifest

import (
	"iter"
	"strconv"
)

// node is a value and where it stands in the text of its document. A nil node is absent.
type node struct {
	kind       kind
	style      style
	value      string // a scalar, decoded
	from       int    // byte at which its anchor or tag begins; start when it has none
	start, end int    // bytes; end is -1 where it was not found. A block scalar ends with its last line break
	entries    []entry
	target     *node // of an alias; all but the offsets is unset then
}

// entry is a member of a mapping, or an element of a sequence, which has no key.
type entry struct{ key, value *node }

type kind uint8

const (
	scalar kind = iota
	mapping
	sequence
)

type style uint8

const (
	plain style = iota
	double
	single
	literal
	folded
	flow
	block
)

// resolved returns what an alias stands for.
func (n *node) resolved() *node {
	if n != nil && n.target != nil {
		return n.target
	}
	return n
}

// text returns a scalar's value.
func (n *node) text() string {
	if n == nil || n.kind != scalar {
		return ""
	}
	return n.value
}

// elements yields the elements of a list, or the one value that stands where a list may; nothing of an absent node.
func (n *node) elements() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		switch {
		case n == nil:
		case n.kind != sequence:
			yield(n)
		default:
			for _, e := range n.entries {
				if !yield(e.value.resolved()) {
					return
				}
			}
		}
	}
}

const mergeKey = "<<"

// member returns a member of a mapping, also one that is merged in.
func (n *node) member(name string) *node {
	_, value := n.find(name)
	return value
}

// find returns the mapping that holds the member itself, and the member.
func (n *node) find(name string) (holder, value *node) {
	if n == nil || n.kind != mapping {
		return nil, nil
	}
	for _, e := range n.entries {
		if e.key.resolved().text() == name {
			return n, e.value.resolved()
		}
	}
	for _, e := range n.entries {
		if e.key.value != mergeKey {
			continue
		}
		merged := e.value.resolved()
		if merged.kind == mapping {
			return merged.find(name)
		}
		for _, m := range merged.entries {
			if holder, value := m.value.resolved().find(name); value != nil {
				return holder, value
			}
		}
	}
	return nil, nil
}

// lookup returns what is at a JSON pointer, nil when nothing is.
func (n *node) lookup(pointer string) *node {
	for _, token := range split(pointer) {
		switch {
		case n == nil:
			return nil
		case n.kind != sequence:
			n = n.member(token)
		default:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(n.entries) {
				return nil
			}
			n = n.entries[i].value.resolved()
		}
	}
	return n
}

// repeated returns the first key that its mapping has already, nil when there is none.
func (n *node) repeated() *node {
	seen := map[string]bool{}
	for _, e := range n.entries {
		if e.key != nil && e.key.kind == scalar && e.key.value != mergeKey {
			if seen[e.key.value] {
				return e.key
			}
			seen[e.key.value] = true
		}
		if again := e.value.repeated(); again != nil {
			return again
		}
	}
	return nil
}

// expanded returns about how many bytes the value takes with every alias written out, at most a little over MaxSize.
func (n *node) expanded() int { return n.expand(map[*node]int{}) }

func (n *node) expand(known map[*node]int) int {
	n = n.resolved()
	size, ok := known[n]
	if ok {
		return size
	}
	known[n] = MaxSize + 1 // an alias inside what it stands for has no end
	size = len(n.value) + 8
	for _, e := range n.entries {
		if e.key != nil {
			size += e.key.expand(known)
		}
		size += e.value.expand(known)
		if size > MaxSize {
			break
		}
	}
	known[n] = min(size, MaxSize+1)
	return known[n]
}
