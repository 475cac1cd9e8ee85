package iam

// print makes the value of a document of its elements.
func (d *Document) print() *Value {
	root := NewObject()
	addMember(root, "Version", textOrNone(d.Version))
	addMember(root, "Id", textOrNone(d.ID))
	statements := &Value{Kind: Array}
	for i := range d.Statements {
		statements.Elements = append(statements.Elements, d.Statements[i].print())
	}
	addMember(root, "Statement", statements)
	return root
}

// print makes the value of a statement of its elements, which Value may not have.
func (s *Statement) print() *Value {
	out := NewObject()
	addMember(out, "Sid", textOrNone(s.Sid))
	addMember(out, "Effect", textOrNone(string(s.Effect)))
	addMember(out, "Principal", s.Principal.print())
	addMember(out, "NotPrincipal", s.NotPrincipal.print())
	for _, list := range []struct {
		name   string
		values []*Value
	}{{"Action", s.Action}, {"NotAction", s.NotAction}, {"Resource", s.Resource}, {"NotResource", s.NotResource}} {
		if list.values != nil {
			addMember(out, list.name, &Value{Kind: Array, Elements: list.values})
		}
	}
	if len(s.Condition) > 0 {
		addMember(out, "Condition", printConditions(s.Condition))
	}
	return out
}

func (p *Principal) print() *Value {
	switch {
	case p == nil:
		return nil
	case p.Any:
		return NewString("*")
	}
	out := NewObject()
	for _, e := range p.Entries {
		list := out.Member(e.Type)
		if list == nil {
			list = &Value{Kind: Array}
			addMember(out, e.Type, list)
		}
		list.Elements = append(list.Elements, e.ID)
	}
	return out
}

func printConditions(conditions []Condition) *Value {
	out := NewObject()
	for _, c := range conditions {
		keys := out.Member(c.Operator)
		if keys == nil {
			keys = NewObject()
			addMember(out, c.Operator, keys)
		}
		addMember(keys, c.Key, &Value{Kind: Array, Elements: c.Values})
	}
	return out
}

// textOrNone is a string, or nothing for the empty one.
func textOrNone(s string) *Value {
	if s == "" {
		return nil
	}
	return NewString(s)
}

// addMember appends a member, if it has a value.
func addMember(object *Value, name string, v *Value) {
	if v != nil {
		object.Members = append(object.Members, Member{Name: name, Value: v})
	}
}
