package manifest

import (
	"errors"
	"strings"
)

var errLayout = errors.New("the list or mapping is written in a way that cannot be edited")

// cut takes entries out of a mapping or sequence, with their lines and the comments right above those; removed has an
// element for each entry.
func cut(text string, n *node, removed []bool) ([]splice, error) {
	starts, ok := entryStarts(text, n)
	if !ok || n.end == unknown {
		return nil, errLayout
	}
	kept := 0
	for kept < len(removed) && removed[kept] {
		kept++
	}
	switch {
	case kept == len(removed):
		return []splice{{n.start, len(strings.TrimRight(text[:n.end], "\r\n")), emptied(n.kind)}}, nil
	case n.style == flow:
		return cutFlow(n, removed, starts), nil
	}
	var all []splice
	first := 0
	if line := strings.TrimRight(text[:starts[0]], " "); kept > 0 && !strings.HasSuffix(line, "\n") {
		all = append(all, splice{starts[0], starts[kept], ""}) // the first entry stands behind a dash, which stays
		first = kept
	}
	for i := first; i < len(removed); i++ {
		if !removed[i] {
			continue
		}
		start := len(strings.TrimRight(text[:starts[i]], " "))
		if i > 0 { // what is above the first entry may be about all of them
			start = aboveComments(text, start, starts[i]-start)
		}
		all = append(all, splice{start, restOfLine(text, n.entries[i].value.end), ""})
	}
	return all, nil
}

// aboveComments returns the start of the comment lines right above the line at start that are indented as far.
func aboveComments(text string, start, indent int) int {
	for start > 0 {
		line := lineStart(text, start-1)
		above := text[line:start]
		if comment := strings.TrimLeft(above, " "); !strings.HasPrefix(comment, "#") || len(above)-len(comment) != indent {
			break
		}
		start = line
	}
	return start
}

func emptied(k kind) string {
	if k == sequence {
		return "[]"
	}
	return "{}"
}

// cutFlow takes out entries with the comma after them, the last ones with the comma before them.
func cutFlow(n *node, removed []bool, starts []int) []splice {
	last := len(removed) - 1
	for removed[last] {
		last--
	}
	var all []splice
	for i, gone := range removed {
		switch {
		case !gone:
		case i < last:
			all = append(all, splice{starts[i], starts[i+1], ""})
		default:
			all = append(all, splice{n.entries[i-1].value.end, n.entries[i].value.end, ""})
		}
	}
	return all
}

// entryStarts returns the offsets at which the entries begin: their keys, or in a block sequence their dashes.
func entryStarts(text string, n *node) (starts []int, ok bool) {
	at := n.start
	for _, e := range n.entries {
		switch {
		case e.value.end == unknown:
			return nil, false
		case n.kind == mapping:
			starts = append(starts, e.key.from)
		case n.style == flow:
			starts = append(starts, e.value.from)
		default:
			if at >= len(text) || text[at] != '-' {
				return nil, false
			}
			starts = append(starts, at)
			at = skipBlank(text, e.value.end)
		}
	}
	return starts, true
}

// restOfLine returns the offset of the line after the one in which an entry ends at the offset, with its comment.
func restOfLine(text string, at int) int {
	if strings.HasSuffix(text[:at], "\n") || strings.HasSuffix(text[:at], "\r") {
		return at // a block scalar holds its last line break
	}
	end := lineEnd(text, at)
	return end + lineBreak(text[end:])
}
