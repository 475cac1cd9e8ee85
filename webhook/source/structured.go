package source

import (
	"encoding/json"
	"strconv"
	"time"
)

// part is a piece of the document that a structured policy becomes: a scalar, a list, or members; and the field whose
// removal takes just this piece away.
type part struct {
	pointer string // "" when the piece has no field of its own
	scalar  any    // string, bool or int64
	list    []part
	members map[string]part
	covers  bool // an equal piece is overwritten by this one, and would come back with its removal
}

// plain returns what encoding/json makes the document of: sorted keys, and <, > and & escaped, as the provider does it.
func (p part) plain() any {
	switch {
	case p.members != nil:
		object := make(map[string]any, len(p.members))
		for name, m := range p.members {
			object[name] = m.plain()
		}
		return object
	case p.scalar != nil:
		return p.scalar
	default:
		list := make([]any, len(p.list))
		for i, e := range p.list {
			list[i] = e.plain()
		}
		return list
	}
}

// structured fills e from a structured policy. An unreadable field of it is an error of the object as well.
func (r *reader) structured(e *Embedded, n node, resolved bool) {
	e.Structured, _ = n.value.(map[string]any)
	var c converter
	document := c.document(n)
	e.Overwritten, e.Refs = c.overwritten, c.refs && resolved
	switch {
	case c.err != nil:
		e.Err = c.err
		if r.err == nil {
			r.err = c.err
		}
	case c.valueless != nil:
		e.Err = c.valueless
	default:
		raw, _ := json.Marshal(document.plain()) // strings, booleans and integers always marshal
		e.Raw = string(raw)
	}
}

// converter makes a document of a structured policy, the way provider-aws does before it calls S3.
//
// https://github.com/crossplane-contrib/provider-aws/blob/v0.58.0/pkg/clients/s3/bucketpolicy.go
type converter struct {
	reader
	overwritten []string
	refs        bool
	valueless   *FieldError // the first condition without a value
}

func (c *converter) document(n node) part {
	document := map[string]part{
		"Version":   c.str(n.key("version")),
		"Statement": {pointer: n.key("statements").pointer},
	}
	if id := c.str(n.key("id")); id.scalar != "" {
		document["Id"] = id
	}
	statements := document["Statement"]
	for s := range c.list(n.key("statements")) {
		statements.list = append(statements.list, c.statement(c.object(s)))
	}
	document["Statement"] = statements
	return part{pointer: n.pointer, members: document}
}

// str returns the string at n, "" when there is none.
func (c *converter) str(n node) part {
	s, _ := c.text(n)
	return part{pointer: n.pointer, scalar: s}
}

func (c *converter) statement(n node) part {
	statement := map[string]part{"Effect": c.str(n.key("effect"))}
	if sid := n.key("sid"); sid.value != nil {
		statement["Sid"] = c.str(sid)
	}
	for _, f := range [][2]string{{"Principal", "principal"}, {"NotPrincipal", "notPrincipal"}} {
		if principal := c.object(n.key(f[1])); principal.value != nil {
			statement[f[0]] = c.principal(principal)
		}
	}
	for _, f := range [][2]string{
		{"Action", "action"}, {"NotAction", "notAction"}, {"Resource", "resource"}, {"NotResource", "notResource"},
	} {
		if list := c.oneOrMore(n.key(f[1])); list.scalar != nil || list.list != nil {
			statement[f[0]] = list
		}
	}
	if condition := n.key("condition"); condition.value != nil {
		statement["Condition"] = c.condition(condition)
	}
	return part{pointer: n.pointer, members: statement}
}

// oneOrMore returns a list of strings, the only one by itself.
func (c *converter) oneOrMore(n node) part {
	all := part{pointer: n.pointer}
	for item := range c.list(n) {
		all.list = append(all.list, c.str(item))
	}
	if len(all.list) == 1 {
		return all.list[0]
	}
	return all
}

func (c *converter) principal(n node) part {
	var accounts []part
	for entry := range c.list(n.key("awsPrincipals")) {
		accounts = append(accounts, c.account(c.object(entry)))
	}
	if anyone := c.flag(n.key("allowAnon")); anyone != nil && *anyone {
		return part{pointer: n.pointer, scalar: "*"}
	}
	members := map[string]part{}
	if service := n.key("service"); service.value != nil {
		services := c.oneOrMore(service)
		services.pointer = service.pointer // without its only element the list would be sent empty
		members["Service"] = services
	}
	if federated := n.key("federated"); federated.value != nil {
		members["Federated"] = c.str(federated)
	}
	switch len(accounts) {
	case 0:
	case 1:
		members["AWS"] = accounts[0]
	default:
		members["AWS"] = part{pointer: n.key("awsPrincipals").pointer, list: accounts}
	}
	return part{pointer: n.pointer, members: members}
}

// account returns one AWS principal, "" for a reference that is not resolved yet.
func (c *converter) account(n node) part {
	account := part{pointer: n.pointer, scalar: ""}
	for _, field := range []string{"iamUserArn", "iamRoleArn", "awsAccountId"} { // the last one there counts
		if v := n.key(field); v.value != nil {
			account.scalar, _ = c.text(v)
		}
		c.refs = c.refs || n.key(field+"Ref").value != nil || n.key(field+"Selector").value != nil
	}
	return account
}

// condition keeps the last of several entries with the same operator or key, as the provider's maps do.
func (c *converter) condition(n node) part {
	operators := map[string]part{}
	for entry := range c.list(n) {
		entry = c.object(entry)
		operator, _ := c.text(entry.key("operatorKey"))
		keys := map[string]part{}
		for item := range c.list(entry.key("conditions")) {
			item = c.object(item)
			key, _ := c.text(item.key("key"))
			c.put(keys, key, c.values(item, operator, key))
		}
		c.put(operators, operator, part{pointer: entry.pointer, members: keys})
	}
	return part{pointer: n.pointer, members: operators}
}

func (c *converter) put(m map[string]part, key string, p part) {
	if old, ok := m[key]; ok {
		c.overwritten = append(c.overwritten, FieldPath(old.pointer))
		p.covers = true
	}
	m[key] = p
}

// values returns the first kind of value that a condition has, in the provider's order.
func (c *converter) values(n node, operator, key string) part {
	value := part{pointer: n.pointer}
	if v := n.key("stringValue"); v.value != nil {
		value.scalar, _ = c.text(v)
	} else if v := n.key("booleanValue"); v.value != nil {
		b := c.flag(v)
		value.scalar = b != nil && *b
	} else if v := n.key("numericValue"); v.value != nil {
		value.scalar, _ = c.integer(v)
	} else if v := n.key("dateValue"); v.value != nil {
		value.scalar = c.date(v)
	} else if v := n.key("listValue"); v.value != nil {
		for item := range c.list(v) {
			value.list = append(value.list, c.str(item))
		}
	} else if c.valueless == nil {
		c.valueless = &FieldError{n.pointer, "key " + strconv.Quote(key) + " of " + strconv.Quote(operator) +
			" has no value, so the provider sends no policy at all; set a stringValue or a listValue"}
	}
	return value
}

// date writes a time as the provider does, whose clock is in UTC.
func (c *converter) date(n node) string {
	s, _ := c.text(n)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		c.fail(n, "%q is not an RFC 3339 time, such as 2027-01-01T00:00:00Z", s)
	}
	return t.UTC().Format("2006-01-02T15:04:05-0700")
}
