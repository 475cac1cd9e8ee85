package holes

import (
	"bytes"
	"encoding/json"
	"strings"
)

// nothing is a statement that decides about no request that anybody makes.
const nothing = `"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::none/none","Condition":{"Null":{"aws:PrincipalType":"true"},"StringEquals":{"aws:PrincipalType":"none"}}`

const nobody = `"Principal":{"AWS":"arn:aws:iam::111122223333:role/none"},`

// extreme returns what a statement with holes may at most become: as wide as it may get where it denies, or allows, and wide is
// asked for; a statement of no effect otherwise. a and b are the statement with two fillings.
func extreme(a, b json.RawMessage, deny, allow bool) json.RawMessage {
	ours, theirs := membersOf(a), document{members: membersOf(b)}
	effect, identity := "", true
	for _, m := range ours {
		if m.name == "Effect" && bytes.Equal(m.value, theirs.member(m.name)) {
			effect = string(m.value)
		}
		identity = identity && m.name != "Principal" && m.name != "NotPrincipal"
	}
	switch {
	case effect != `"Allow"` && deny:
		return widest(ours, theirs, `"Deny"`)
	case effect != `"Deny"` && allow:
		return widest(ours, theirs, `"Allow"`)
	case identity:
		return json.RawMessage("{" + nothing + "}")
	}
	return json.RawMessage("{" + nobody + nothing + "}")
}

// widest returns a statement with everything that has a hole as wide as it may get.
func widest(ours []member, theirs document, effect string) json.RawMessage {
	out := []json.RawMessage{named("Effect", json.RawMessage(effect))}
	for _, m := range ours {
		if theirs.member(m.name) == nil { // the name of an element has a hole
			return json.RawMessage(`{"Effect":` + effect + `,"Principal":"*","Action":"*","Resource":"*"}`)
		}
		same := bytes.Equal(m.value, theirs.member(m.name))
		switch name := strings.TrimPrefix(m.name, "Not"); {
		case name == "Effect", name == "Sid":
		case name == "Condition" && !same:
			out = append(out, named(m.name, conditions(m.value, theirs.member(m.name))))
		case same:
			out = append(out, named(m.name, m.value))
		case name == "Principal" || name == "Action" || name == "Resource":
			out = append(out, named(name, json.RawMessage(`"*"`)))
		}
	}
	return object('{', '}', out)
}

// conditions leaves out what has a hole: all conditions have to hold, so that fewer let more through.
func conditions(a, b json.RawMessage) json.RawMessage {
	theirs := document{members: membersOf(b)}
	var out []json.RawMessage
	for _, operator := range membersOf(a) {
		others := document{members: membersOf(theirs.member(operator.name))}
		var keys []json.RawMessage
		for _, key := range membersOf(operator.value) {
			if bytes.Equal(key.value, others.member(key.name)) {
				keys = append(keys, named(key.name, key.value))
			}
		}
		if len(keys) > 0 {
			out = append(out, named(operator.name, object('{', '}', keys)))
		}
	}
	return object('{', '}', out)
}
