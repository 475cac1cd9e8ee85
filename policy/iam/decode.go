package iam

import (
	"fmt"
	"slices"
	"strings"
)

// The elements that each object may have.
const (
	documentElements  = "Version, Id, Statement"
	statementElements = "Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition"
)

// document fills d from the tree: known elements only, each with a value of its type.
func (p *parser) document(d *Document) error {
	if err := p.want(d.root, Object); err != nil {
		return err
	}
	for _, m := range d.root.Members {
		if err := p.documentElement(m, d); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) documentElement(m Member, d *Document) error {
	switch m.Name {
	case "Version":
		d.Version = m.Value.Text
		return p.oneOf(m.Value, "version", Version2012, Version2008)
	case "Id":
		d.ID = m.Value.Text
		return p.want(m.Value, String)
	case "Statement":
		return p.statements(m.Value, d)
	default:
		return p.unknown(d.root, m, documentElements)
	}
}

func (p *parser) statements(v *Value, d *Document) error {
	if err := p.want(v, Object, Array); err != nil {
		return err
	}
	values := v.listed()
	d.Statements = make([]Statement, len(values))
	for i, v := range values {
		s := &d.Statements[i]
		if err := p.statement(v, s); err != nil {
			return err
		}
		s.read, s.source = s, p.text[v.Start:v.End]
	}
	return nil
}

func (p *parser) statement(v *Value, s *Statement) error {
	if err := p.want(v, Object); err != nil {
		return err
	}
	s.Value = v
	for _, m := range v.Members {
		if err := p.statementElement(m, s); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) statementElement(m Member, s *Statement) (err error) {
	switch m.Name {
	case "Sid":
		s.Sid = m.Value.Text
		return p.want(m.Value, String)
	case "Effect":
		s.Effect = Effect(m.Value.Text)
		return p.oneOf(m.Value, "effect", string(Allow), string(Deny))
	case "Principal":
		s.Principal, err = p.principal(m.Value)
	case "NotPrincipal":
		s.NotPrincipal, err = p.principal(m.Value)
	case "Action":
		s.Action, err = p.list(m.Value, String)
	case "NotAction":
		s.NotAction, err = p.list(m.Value, String)
	case "Resource":
		s.Resource, err = p.list(m.Value, String)
	case "NotResource":
		s.NotResource, err = p.list(m.Value, String)
	case "Condition":
		s.Condition, err = p.conditions(m.Value)
	default:
		return p.unknown(s.Value, m, statementElements)
	}
	return err
}

func (p *parser) principal(v *Value) (*Principal, error) {
	if err := p.want(v, String, Object); err != nil {
		return nil, err
	}
	out := &Principal{Any: v.Text == "*", Value: v}
	for _, m := range v.Members {
		ids, err := p.list(m.Value, String)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			out.Entries = append(out.Entries, PrincipalEntry{m.Name, id})
		}
	}
	return out, nil
}

func (p *parser) conditions(v *Value) ([]Condition, error) {
	if err := p.want(v, Object); err != nil {
		return nil, err
	}
	out := []Condition{}
	for _, operator := range v.Members {
		if err := p.want(operator.Value, Object); err != nil {
			return nil, err
		}
		for _, key := range operator.Value.Members {
			values, err := p.list(key.Value, String, Number, Bool)
			if err != nil {
				return nil, err
			}
			out = append(out, Condition{operator.Name, key.Name, values, key.Value})
		}
	}
	return out, nil
}

// list reads a scalar or a list of scalars; the result is never nil.
func (p *parser) list(v *Value, kinds ...Kind) ([]*Value, error) {
	if v.Kind == Object {
		return nil, p.want(v, append(kinds, Array)...)
	}
	values := v.listed()
	for _, e := range values {
		if err := p.want(e, kinds...); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (p *parser) want(v *Value, kinds ...Kind) error {
	if slices.Contains(kinds, v.Kind) {
		return nil
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	write := ""
	if slices.Contains(kinds, String) && (v.Kind == Number || v.Kind == Bool) {
		write = "; write " + clip(`"`+v.raw+`"`)
	}
	return p.fail(v.Start, v.Path(), "%s stands where %s belongs%s", v.Kind, strings.Join(names, " or "), write)
}

func (p *parser) oneOf(v *Value, what, a, b string) error {
	if v.Kind == Object || v.Kind == Array {
		return p.want(v, String)
	}
	if v.Kind != String || v.Text != a && v.Text != b {
		return p.fail(v.Start, v.Path(), "%s %s must be %s or %s", what, clip(v.raw), a, b)
	}
	return nil
}

func (p *parser) unknown(parent *Value, m Member, elements string) error {
	hint := "the known elements here are " + elements
	for name := range strings.SplitSeq(elements, ", ") {
		if strings.EqualFold(m.Name, name) {
			hint = fmt.Sprintf("write %q", name)
		}
	}
	return p.fail(m.Start, parent.Path(), "unknown element %s; %s", quote(m.Name), hint)
}
