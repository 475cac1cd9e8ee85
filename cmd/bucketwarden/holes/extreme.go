package holes

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// nothing is a statement that decides about no request that anybody makes.
const nothing = `"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::none/none","Condition":{"Null":{"aws:PrincipalType":"true"},"StringEquals":{"aws:PrincipalType":"none"}}`

const nobody = `"Principal":{"AWS":"arn:aws:iam::111122223333:role/none"},`

// extreme returns what a statement with holes may at most become: as wide as it may get where it denies, or allows, and wide is
// asked for; a statement of no effect otherwise. a and b are the statement with two fillings.
func extreme(a, b json.RawMessage, deny, allow bool) json.RawMessage {
	ours, theirs := membersOf(a), byName(membersOf(b))
	effect, identity := "", true
	for _, m := range ours {
		if m.name == "Effect" && bytes.Equal(m.value, theirs[m.name]) {
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
func widest(ours []member, theirs map[string]json.RawMessage, effect string) json.RawMessage {
	out := []json.RawMessage{named("Effect", json.RawMessage(effect))}
	for _, m := range ours {
		if theirs[m.name] == nil { // the name of an element has a hole
			return json.RawMessage(`{"Effect":` + effect + `,"Principal":"*","Action":"*","Resource":"*"}`)
		}
		same := bytes.Equal(m.value, theirs[m.name])
		switch name := strings.TrimPrefix(m.name, "Not"); {
		case name == "Effect", name == "Sid":
		case name == "Condition" && !same:
			out = append(out, named(m.name, conditions(m.value, theirs[m.name])))
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
	theirs := byName(membersOf(b))
	var out []json.RawMessage
	for _, operator := range membersOf(a) {
		others := byName(membersOf(theirs[operator.name]))
		var keys []json.RawMessage
		for _, key := range membersOf(operator.value) {
			if bytes.Equal(key.value, others[key.name]) {
				keys = append(keys, named(key.name, key.value))
			}
		}
		if len(keys) > 0 {
			out = append(out, named(operator.name, object('{', '}', keys)))
		}
	}
	return object('{', '}', out)
}

// onlyResource reports whether two fillings of a statement differ in its Resource alone.
func onlyResource(a, b json.RawMessage) bool {
	theirs := byName(membersOf(b))
	for _, m := range membersOf(a) {
		if m.name != "Resource" && !bytes.Equal(m.value, theirs[m.name]) {
			return false
		}
	}
	return true
}

// bucketPrefix is what the ARN of a bucket or an object begins with, and actionPrefix is what an action of S3 does.
var (
	bucketPrefix = regexp.MustCompile(`^arn:aws[a-z-]*:s3:::`)
	actionPrefix = regexp.MustCompile(`^s3:`)
)

// ofBuckets reports whether a statement is about buckets and actions of S3, whatever its holes are filled with.
func ofBuckets(a, b json.RawMessage) bool {
	theirs := byName(membersOf(b))
	for _, m := range membersOf(a) {
		prefix := actionPrefix
		switch strings.TrimPrefix(m.name, "Not") {
		case "Resource":
			prefix = bucketPrefix
		case "Action":
		default:
			if theirs[m.name] == nil { // the name has a hole
				return false
			}
			continue
		}
		others := stringsOf(theirs[m.name])
		for i, s := range stringsOf(m.value) {
			if i >= len(others) || s != others[i] && !prefix.MatchString(common(s, others[i])) {
				return false
			}
		}
	}
	return true
}

// stringsOf returns the strings of a list, or the one string that stands where a list may.
func stringsOf(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var one string
	_ = json.Unmarshal(raw, &one) // what is no string has no hole in one
	return []string{one}
}

// common returns what two texts begin with.
func common(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// everywhere returns a Deny about all resources, and as wide as it may get where it has other holes. An Allow stays.
func everywhere(a, b json.RawMessage) json.RawMessage {
	ours, theirs := membersOf(a), byName(membersOf(b))
	for i, m := range ours {
		switch m.name {
		case "Effect":
			if string(m.value) == `"Allow"` {
				return a
			}
		case "Resource", "NotResource":
			ours[i] = member{"Resource", json.RawMessage(`"*"`)}
			theirs["Resource"] = ours[i].value
		}
	}
	return widest(ours, theirs, `"Deny"`)
}

func byName(members []member) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(members))
	for _, m := range members {
		out[m.name] = m.value
	}
	return out
}
