package iam

import (
	"fmt"
	"strings"
)

var (
	documentElements  = []string{"Version", "Id", "Statement"}
	statementElements = []string{
		"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
	}
)

// document fills d from the tree: known elements only, each with a value of its type.
func (p *parser) document(d *Document) error {
	if err := p.want(d.root, Object); err != nil {
		return err
	}
	for _, m := range d.root.Members {
		if err := p.known(d.root, m, documentElements); err != nil {
			return err
		}
	}
	if v := d.root.Member("Version"); v != nil {
		if err := p.oneOf(v, "version", Version2012, Version2008); err != nil {
			return err
		}
		d.Version = v.Text
	}
	if v := d.root.Member("Id"); v != nil {
		if err := p.want(v, String); err != nil {
			return err
		}
		d.ID = v.Text
	}
	list := d.root.Member("Statement")
	if list == nil {
		return nil
	}
	if err := p.want(list, Object, Array); err != nil {
		return err
	}
	values := list.listed()
	d.Statements = make([]Statement, len(values))
	for i, v := range values {
		if err := p.statement(v, &d.Statements[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) statement(v *Value, s *Statement) error {
	if err := p.want(v, Object); err != nil {
		return err
	}
	s.Value = v
	for _, m := range v.Members {
		if err := p.known(v, m, statementElements); err != nil {
			return err
		}
		if err := p.element(m, s); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) element(m Member, s *Statement) (err error) {
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
	if v.Kind != Array {
		return []*Value{v}, p.want(v, append([]Kind{Array}, kinds...)...)
	}
	for _, e := range v.Elements {
		if err := p.want(e, kinds...); err != nil {
			return nil, err
		}
	}
	return v.listed(), nil
}

// listed returns the elements of a list, or what stands for a list of one.
func (v *Value) listed() []*Value {
	switch {
	case v.Kind != Array:
		return []*Value{v}
	case v.Elements == nil:
		return []*Value{}
	}
	return v.Elements
}

func (p *parser) want(v *Value, kinds ...Kind) error {
	for _, k := range kinds {
		if v.Kind == k {
			return nil
		}
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	return p.fail(v.Start, v.Path(), "%s stands where %s belongs", v.Kind, strings.Join(names, " or "))
}

func (p *parser) oneOf(v *Value, what, a, b string) error {
	if err := p.want(v, String); err != nil {
		return err
	}
	if v.Text != a && v.Text != b {
		return p.fail(v.Start, v.Path(), "%s %s is neither %s nor %s", what, clip(v.raw), a, b)
	}
	return nil
}

func (p *parser) known(parent *Value, m Member, names []string) error {
	for _, n := range names {
		if m.Name == n {
			return nil
		}
	}
	hint := "the elements here are " + strings.Join(names, ", ")
	for _, n := range names {
		if fold(m.Name) == fold(n) {
			hint = fmt.Sprintf("write %q", n)
		}
	}
	return p.fail(m.Start, parent.Path(), "unknown element %s; %s", clip(quote(m.Name)), hint)
}

// clip keeps hostile text from flooding a message.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
