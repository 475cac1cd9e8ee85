package main

import (
	"encoding/json"
	"maps"
	"strings"
)

// policy writes a document that says something about p's request, if chance will have it.
func (g generator) policy(p pair) map[string]any {
	statements := make([]any, pick(g, []int{1, 2, 2, 3, 3, 4}))
	for i := range statements {
		statements[i] = g.statement(p)
	}
	doc := map[string]any{"Statement": any(statements)}
	if len(statements) == 1 && g.chance(0.3) {
		doc["Statement"] = statements[0]
	}
	switch g.IntN(8) {
	case 0:
	case 1:
		doc["Version"] = "2008-10-17"
	default:
		doc["Version"] = "2012-10-17"
	}
	return doc
}

func (g generator) statement(p pair) map[string]any {
	s := map[string]any{"Effect": "Allow"}
	if g.chance(0.35) {
		s["Effect"] = "Deny"
	}
	if g.chance(0.05) || s["Effect"] == "Deny" && g.chance(0.1) {
		s["NotPrincipal"] = g.principal(p, 0.3)
	} else {
		s["Principal"] = g.principal(p, 0.93)
	}
	if g.chance(0.12) {
		s["NotAction"] = g.strings(func() string { return g.action(p, 0.2) })
	} else {
		s["Action"] = g.strings(func() string { return g.action(p, 0.95) })
	}
	if g.chance(0.12) {
		s["NotResource"] = g.strings(func() string { return g.resource(p, 0.2) })
	} else {
		s["Resource"] = g.strings(func() string { return g.resource(p, 0.95) })
	}
	if c := g.conditions(p); len(c) > 0 {
		s["Condition"] = c
	}
	return s
}

// strings is a string, or a list of one to three.
func (g generator) strings(next func() string) any {
	if g.chance(0.5) {
		return next()
	}
	out := make([]any, 1+g.IntN(3))
	for i := range out {
		out[i] = next()
	}
	return out
}

// principal names who p's caller is with probability near.
func (g generator) principal(p pair, near float64) any {
	if g.chance(0.35 * near) {
		return "*"
	}
	byType := map[string]any{}
	for range 1 + g.IntN(3) {
		var kind, id string
		if g.chance(near) {
			kind, id = g.nearPrincipal(p)
		} else {
			p := pick(g, principals)
			kind, id = p.kind, p.id
		}
		switch have := byType[kind].(type) {
		case nil:
			byType[kind] = id
		case string:
			byType[kind] = []any{have, id}
		case []any:
			byType[kind] = append(have, id)
		}
	}
	return byType
}

// nearPrincipal is one of the ways to name p's caller, or all of its account.
func (g generator) nearPrincipal(p pair) (kind, id string) {
	who := p.request.Principal
	if strings.HasSuffix(who, ".amazonaws.com") {
		return "Service", who
	}
	parts := strings.Split(who, ":")
	if len(parts) < 6 {
		return "AWS", "*"
	}
	ways := []string{who, who, "arn:aws:iam::" + parts[4] + ":root", parts[4]}
	if role := p.context()["aws:PrincipalArn"]; len(role) == 1 {
		ways = append(ways, role[0], role[0])
	}
	return "AWS", pick(g, ways)
}

func (g generator) action(p pair, near float64) string {
	if !g.chance(near) {
		return pick(g, actionPatterns)
	}
	name := p.request.Action
	switch g.IntN(5) {
	case 0:
		return name
	case 1:
		return "s3:*"
	case 2:
		return g.swapCase(name)
	}
	return "s3:" + g.blur(name[len("s3:"):])
}

func (g generator) resource(p pair, near float64) string {
	if !g.chance(near) {
		return pick(g, resourcePatterns)
	}
	const prefix = "arn:aws:s3:::"
	name := p.request.Resource[len(prefix):]
	switch g.IntN(6) {
	case 0:
		return "arn:aws:s3:::b*"
	case 1:
		return prefix + name
	case 2:
		return prefix + g.variable(p, name)
	}
	return prefix + g.blur(name)
}

// conditions are up to three operators with a key each, now and then two.
func (g generator) conditions(p pair) map[string]any {
	c := map[string]any{}
	for range pick(g, []int{0, 0, 1, 1, 1, 2, 3}) {
		k := g.conditionKey(p)
		op, operands := g.operator(k), g.operands(p, k)
		if g.chance(0.07) {
			op, operands = "Null", pick(g, []any{"true", "false", true, false, "TRUE"})
		}
		keys, ok := c[op].(map[string]any)
		if !ok {
			keys = map[string]any{}
			c[op] = keys
		}
		name := k.name
		if g.chance(0.1) {
			name = g.swapCase(name)
		}
		// The same key in another case is a syntax error.
		maps.DeleteFunc(keys, func(have string, _ any) bool { return strings.EqualFold(have, name) })
		keys[name] = operands
	}
	return c
}

// conditionKey is one that p carries, mostly.
func (g generator) conditionKey(p pair) key {
	have := p.context()
	for range 4 {
		k := pick(g, conditionKeys)
		if _, ok := have[k.name]; ok || g.chance(0.08) {
			return k
		}
	}
	return pick(g, conditionKeys)
}

// operator is one that fits the key, mostly, with its modifiers.
func (g generator) operator(k key) string {
	op := pick(g, operators[k.kind])
	if g.chance(0.06) {
		op = pick(g, operators[kind(g.IntN(len(operators)))])
	}
	if g.chance(0.2) {
		op += "IfExists"
	}
	if k.many && g.chance(0.85) || g.chance(0.08) {
		return pick(g, []string{"ForAllValues:", "ForAnyValue:"}) + op
	}
	return op
}

// operands are the values of one key: some that p's request has, or nearly.
func (g generator) operands(p pair, k key) any {
	have := p.context()[k.name]
	one := func() any {
		value := pick(g, k.values)
		if len(have) > 0 && g.chance(0.6) {
			value = pick(g, have)
		}
		value = g.near(p, k.kind, value)
		switch {
		case (value == "true" || value == "false") && g.chance(0.3):
			return value == "true"
		case k.kind == number && json.Valid([]byte(value)) && g.chance(0.3):
			return json.Number(value)
		}
		return value
	}
	if g.chance(0.5) {
		return one()
	}
	out := make([]any, 1+g.IntN(3))
	for i := range out {
		out[i] = one()
	}
	return out
}
