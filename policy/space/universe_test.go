package space

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// The small universe of callers: accounts that end in two digits of two, with ten digits before that are the same, users
// and roles of two names with and without a path, root users, federated users, sessions, two services and nobody. Each
// document denies everything to all others, so that trying these callers is the truth about all there are.
const (
	smallAccounts = "1212121212"
	smallDigits   = "12"
)

// everyCaller returns each caller of the small universe, with what its request says of it.
func everyCaller() []authz.Request {
	var out []authz.Request
	add := func(principal string, context authz.Context) {
		out = append(out, authz.Request{Principal: principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: context})
	}
	add(authz.Anonymous, authz.Context{})
	add("a.amazonaws.com", authz.Context{})
	add("ab.amazonaws.com", authz.Context{})
	for _, x := range smallDigits {
		for _, y := range smallDigits {
			account := smallAccounts + string(x) + string(y)
			add("arn:aws:iam::"+account+":root", authz.Context{})
			for _, name := range []string{"a", "ab"} {
				add("arn:aws:sts::"+account+":federated-user/"+name, authz.Context{})
				for _, path := range []string{"", "p/"} {
					add("arn:aws:iam::"+account+":user/"+path+name, authz.Context{"aws:userid": {"AIDAX"}})
					for _, session := range []string{"a", "s"} {
						add("arn:aws:sts::"+account+":assumed-role/"+name+"/"+session, authz.Context{
							"aws:PrincipalArn": {"arn:aws:iam::" + account + ":role/" + path + name}, "aws:userid": {"AROAX:" + session},
						})
					}
				}
			}
		}
	}
	return out
}

// others denies everything to callers outside of the small universe.
func others() []any {
	deny := func(condition map[string]any) any {
		return map[string]any{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition}
	}
	arns := []string{}
	for _, part := range []string{"iam::%:root", "sts::%:federated-user/a", "sts::%:federated-user/ab", "iam::%:user/a", "iam::%:user/ab", "iam::%:user/p/a",
		"iam::%:user/p/ab", "iam::%:role/a", "iam::%:role/ab", "iam::%:role/p/a", "iam::%:role/p/ab"} {
		arns = append(arns, "arn:aws:"+strings.Replace(part, "%", smallAccounts+"??", 1))
	}
	accounts := []string{"anonymous"}
	for _, x := range smallDigits {
		for _, y := range smallDigits {
			accounts = append(accounts, smallAccounts+string(x)+string(y))
		}
	}
	unlike := func(key string, values []string) any {
		return deny(map[string]any{"StringNotLike": map[string]any{key: values}, "Null": map[string]any{key: "false"}})
	}
	return []any{
		unlike("aws:PrincipalArn", arns), unlike("aws:PrincipalAccount", accounts),
		unlike("aws:PrincipalServiceName", []string{"a.amazonaws.com", "ab.amazonaws.com"}),
		unlike("aws:userid", []string{"AROAX:a", "AROAX:s", "AIDAX", "anonymous", smallAccounts + "*"}),
		deny(map[string]any{"Null": map[string]any{"aws:FederatedProvider": "false"}}),
		deny(map[string]any{"Bool": map[string]any{"aws:PrincipalIsAWSService": "true"}, "Null": map[string]any{"aws:userid": "false"}}),
		deny(map[string]any{"Bool": map[string]any{"aws:PrincipalIsAWSService": "true"}, "Null": map[string]any{"aws:PrincipalType": "false"}}),
	}
}

// pattern makes one of any shape for a text of the small universe: characters become wildcards, or others.
func (g gen) pattern(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch g.IntN(12) {
		case 0:
			b.WriteByte('?')
		case 1:
			b.WriteByte('*')
		case 2: // a wildcard in the place of some characters
			b.WriteByte('*')
			i += g.IntN(len(text) - i)
		case 3:
			b.WriteByte("12aps:/"[g.IntN(7)])
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// smallCallers makes a document of statements about who calls.
func (g gen) smallCallers(callers []authz.Request) string {
	statements := others()
	for range 1 + g.IntN(3) {
		c := callers[g.IntN(len(callers))]
		s := map[string]any{"Effect": g.pick("Allow", "Allow", "Deny"), "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}
		if strings.HasPrefix(c.Principal, "arn:") && g.IntN(3) == 0 {
			id := c.Principal
			switch g.IntN(3) {
			case 0:
				id = strings.Split(id, ":")[4]
			case 1:
				if role, ok := c.Context["aws:PrincipalArn"]; ok {
					id = role[0]
				}
			}
			s["Principal"] = map[string]any{"AWS": id}
		}
		conditions := map[string]map[string]any{}
		for range g.IntN(3) {
			keys := authz.DerivedKeys(c.Principal)
			for k, v := range c.Context {
				keys[k] = v
			}
			delete(keys, "aws:PrincipalIsAWSService")
			delete(keys, "aws:PrincipalServiceNamesList")
			key := g.pick("aws:PrincipalAccount", "aws:PrincipalArn", "aws:userid", "aws:username", "aws:PrincipalType", "aws:PrincipalServiceName")
			text := smallAccounts + "12"
			if v, ok := keys.Lookup(key); ok {
				text = v[0]
			}
			op := g.pick("StringLike", "StringLike", "StringNotLike", "StringEquals", "StringEqualsIgnoreCase", "StringLikeIfExists", "StringNotLikeIfExists", "ForAllValues:StringLike")
			if key == "aws:PrincipalArn" && g.IntN(2) == 0 {
				op = g.pick("ArnLike", "ArnNotLike")
			}
			if conditions[op] == nil {
				conditions[op] = map[string]any{}
			}
			list := []string{g.pattern(text)}
			if g.IntN(2) == 0 {
				list = append(list, g.pattern(text))
			}
			if strings.HasPrefix(op, "Arn") { // what a short pattern matches is open
				list = slices.DeleteFunc(list, func(s string) bool { return strings.Count(s, ":") < 5 })
			}
			if len(list) > 0 {
				conditions[op][key] = list
			}
		}
		if len(conditions) > 0 {
			s["Condition"] = conditions
		}
		statements = append(statements, s)
	}
	raw, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	return string(raw)
}

// own returns the statements of a document that are not everybody's.
func own(doc *iam.Document) string {
	var b strings.Builder
	for _, s := range doc.Statements[len(others()):] {
		b.WriteString(s.Value.Compact())
	}
	return b.String()
}

// TestEveryCaller holds answers about patterns on all that tells callers apart to the truth: a request is found exactly when
// a caller of the small universe sends one.
func TestEveryCaller(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	g, callers := gen{rand.New(rand.NewPCG(21, *seed))}, everyCaller()
	counts := map[Answer]int{}
	for range *pairs * 2 {
		a, b := parse(t, g.smallCallers(callers)), parse(t, g.smallCallers(callers))
		v := NewAccess(a, b, Steps(ample))
		counts[v.Answer]++
		truth, sure := None, true
		for _, r := range callers {
			before, after := authz.Decide(a, r), authz.Decide(b, r)
			sure = sure && before.Decision != authz.Undecided && after.Decision != authz.Undecided
			if after.Decision == authz.Allowed && before.NotAllowed {
				truth = Found
			}
		}
		switch {
		case v.Answer == truth, !sure && v.Answer == Undecided:
		default:
			t.Errorf("%v, but %v %+v %s\n%s\n%s", v.Answer, truth, v.Witness, v.Reason, own(a), own(b))
		}
		checkProofs(t, v)
	}
	if counts[None] < *pairs/4 || counts[Found] < *pairs/4 {
		t.Errorf("no variety: %v", counts)
	}
	t.Logf("%v, %d callers", counts, len(callers))
}
