package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/aymanbagabas/go-udiff"
	"github.com/go-json-experiment/json/jsontext"
)

// splice replaces the bytes from start to end.
type splice struct {
	start, end int
	new        string
}

// apply makes all splices. The error names the first that overlaps another one.
func apply(text string, all []splice) (string, error) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b splice) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	all = slices.Compact(all) // two aliases of one value
	var b strings.Builder
	at := 0
	for _, s := range all {
		if s.start < at {
			return "", fmt.Errorf("two changes affect the same bytes")
		}
		b.WriteString(text[at:s.start])
		b.WriteString(s.new)
		at = s.end
	}
	b.WriteString(text[at:])
	return b.String(), nil
}

// replace gives the scalar n another value. What stays of the value keeps its bytes, where its style allows that.
func replace(text string, n *node, value string) ([]splice, error) {
	s, ok := scan(text, n)
	if !ok {
		return nil, fmt.Errorf("the value %.20q is written in a way that cannot be edited", n.value)
	}
	var all []splice
	for _, e := range udiff.Strings(n.value, value) {
		written, fits := s.write(n.style, e.New)
		ok = ok && fits
		start, end := s.at(e.Start), s.at(e.End)
		if n.style == literal && e.New == "" && startsLine(n.value, e.Start) && startsLine(n.value, e.End) {
			start, end = lineStart(text, start), lineStart(text, end) // whole lines: an empty one has no indentation
		}
		all = append(all, splice{start, end, written})
	}
	if ok && reads(text[n.start:s.end], n, s.margin, all, value) {
		return all, nil
	}
	quoted, err := jsontext.AppendQuote(nil, value)
	if err != nil {
		return nil, err
	}
	end := s.end
	if n.style == literal || n.style == folded {
		end = n.start + len(strings.TrimRight(text[n.start:s.end], "\r\n"))
	}
	return []splice{{n.start, end, string(quoted)}}, nil
}

func startsLine(text string, at int) bool { return at == 0 || text[at-1] == '\n' }

func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

// reads reports whether the source of the scalar n reads as value after the splices, is indented by the margin as before,
// and ends a line if it did.
func reads(source string, n *node, margin string, all []splice, value string) bool {
	moved := slices.Clone(all)
	for i := range moved {
		moved[i].start -= n.start
		moved[i].end -= n.start
	}
	after, err := apply(source, moved)
	if err != nil || strings.HasSuffix(after, "\n") != strings.HasSuffix(source, "\n") {
		return false
	}
	s, ok := scan(after, &node{style: n.style, value: value})
	return ok && s.end == len(after) && s.margin == margin
}

// write returns how a scalar of one style spells a part of its value, and whether it can.
func (s scanned) write(style style, part string) (string, bool) {
	switch style {
	case double:
		quoted, err := jsontext.AppendQuote(nil, part)
		return string(quoted[1 : len(quoted)-1]), err == nil
	case single:
		return strings.ReplaceAll(part, "'", "''"), !strings.ContainsFunc(part, unicode.IsControl)
	case literal, folded:
		controls := strings.ContainsFunc(strings.ReplaceAll(part, "\n", ""), unicode.IsControl)
		return strings.ReplaceAll(part, "\n", s.margin), !controls
	}
	return "", false // another plain scalar may be a number, or null
}
