package manifest

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// splitYAML cuts a stream into its documents, so that a mistake in one does not hide the others. Documents without
// content are left out. The line `---` belongs to the document that it begins, `...` to the one that it ends.
func splitYAML(text string) []*document {
	var out []*document
	place := append(newLines(text), len(text))
	open := &document{line: 1}
	var marked, begun bool // whether open has its marker, and any content
	next := func(line, start int) {
		if begun {
			open.end = start
			out = append(out, open)
		}
		open = &document{line: line, start: start}
		marked, begun = false, false
	}
	for i, at := range place[:len(place)-1] {
		switch content := strings.TrimRight(text[at:place[i+1]], " \t\r\n"); {
		case isMarker(content, "---"):
			if begun || marked {
				next(i+1, at)
			}
			marked = true
			rest := strings.TrimLeft(content, "- \t")
			begun = rest != "" && rest[0] != '#'
		case isMarker(content, "..."):
			next(i+2, place[i+1])
		case content != "" && content[0] != '#' && content[0] != '%':
			begun = true
		}
	}
	next(0, len(text))
	return out
}

func isMarker(line, marker string) bool {
	rest, ok := strings.CutPrefix(line, marker)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// yamlError moves the line of an error out of its message. text is that of the document.
func yamlError(err error, d *document, text string) *Error {
	line, reason := program.YAMLMistake(text, err)
	return &Error{Line: d.line + max(line-1, 0), Reason: reason}
}

// parseYAML returns where everything stands in one YAML document.
func parseYAML(text string) (*node, error) {
	dec := yaml.NewDecoder(strings.NewReader(text))
	var root, second yaml.Node
	if err := dec.Decode(&root); err != nil {
		return nil, err
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("yaml: line %d: a second document begins without `---`", second.Line)
	}
	p := yamlParser{text, newLines(text), map[*yaml.Node]*node{}}
	return p.value(root.Content[0]), nil
}

type yamlParser struct {
	text    string
	lines   lines
	anchors map[*yaml.Node]*node
}

func (p yamlParser) value(n *yaml.Node) *node {
	from := p.lines.offset(p.text, n.Line, n.Column)
	out := &node{value: n.Value, from: from, start: from}
	if n.Anchor != "" {
		p.anchors[n] = out
	}
	out.style = styleOf(n)
	switch n.Kind {
	case yaml.AliasNode:
		out.end = out.start + len("*") + len(n.Value)
		out.target = p.anchors[n.Alias]
		return out
	case yaml.MappingNode:
		out.kind = mapping
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := p.value(n.Content[i])
			out.entries = append(out.entries, entry{key, p.value(n.Content[i+1])})
		}
	case yaml.SequenceNode:
		out.kind = sequence
		for _, c := range n.Content {
			out.entries = append(out.entries, entry{nil, p.value(c)})
		}
	}
	if n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		out.start = skipProperties(p.text, from)
	}
	out.end = spanEnd(p.text, out)
	return out
}

func styleOf(n *yaml.Node) style {
	switch {
	case n.Style&yaml.FlowStyle != 0:
		return flow
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return double
	case n.Style&yaml.SingleQuotedStyle != 0:
		return single
	case n.Style&yaml.LiteralStyle != 0:
		return literal
	case n.Style&yaml.FoldedStyle != 0:
		return folded
	case n.Kind == yaml.ScalarNode:
		return plain
	}
	return block
}
