package space

import (
	"iter"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// principals returns every entry of Principal and NotPrincipal.
func (u *universe) principals() []iam.PrincipalEntry {
	var out []iam.PrincipalEntry
	for _, d := range u.docs {
		for _, s := range d.statements {
			for _, p := range [...]*iam.Principal{s.Principal, s.NotPrincipal} {
				if p != nil {
					out = append(out, p.Entries...)
				}
			}
		}
	}
	return out
}

// namedActor makes an actor of a principal that a document names. An account is no actor: those in it are.
func (u *universe) namedActor(kind, id string) (actor, bool) {
	switch {
	case kind == "Service":
		return actor{kind: serviceActor, principal: id}, !strings.ContainsAny(id, "*?")
	case kind != "AWS" || !strings.HasPrefix(id, "arn:") || strings.ContainsAny(id, "*?$") || (authz.Request{
		Principal: id, Action: "s3:GetObject", Resource: "arn:aws:s3:::x"}).Validate() != nil:
		return actor{}, false
	}
	parts := strings.SplitN(id, ":", 6)
	a := actor{kind: userActor, principal: id, account: parts[4]}
	switch kind, name, _ := strings.Cut(parts[5], "/"); kind {
	case "root":
		return actor{}, false
	case "role":
		a.kind = roleActor
		name = name[strings.LastIndexByte(name, '/')+1:]
		a.principal = "arn:" + parts[1] + ":sts::" + parts[4] + ":assumed-role/" + name + "/" + u.fresh.session
		a.arns = []glob.Language{glob.Literal(id).Language()}
	case "assumed-role":
		a.kind = roleActor
	}
	return a, true
}

// addWild adds whom a principal with wildcards may stand for. S3 refuses such a principal and IAM matches none, but for
// the "*" that is all of it; what another service makes of it nobody says.
func (u *universe) addWild(kind, pattern string, accounts []string, part string) {
	shapes := []string{"?*.amazonaws.com"}
	if kind == "AWS" {
		shapes = nil
		if parts := strings.SplitN(pattern, ":", 6); len(parts) == 6 {
			accounts = append(accounts[:len(accounts):len(accounts)], digits(parts[4]))
		}
		for _, a := range accounts {
			iamARN := "arn:" + part + ":iam::" + a + ":"
			shapes = append(shapes, iamARN+"role/?*", iamARN+"user/?*", "arn:"+part+":sts::"+a+":assumed-role/?*/?*")
		}
	}
	if u.huge = u.huge || len(u.actors)+len(shapes) > maxActors; u.huge {
		return
	}
	for _, shape := range shapes {
		steps := 1_000
		id, _, _ := glob.Find([]glob.Language{glob.Compile(pattern).Language(), glob.Compile(shape).Language()}, nil, &steps)
		if a, ok := u.namedActor(kind, id); ok && !u.has(a) {
			u.actors = append(u.actors, a)
		}
	}
}

// digits returns an account id that a pattern of one matches, where there is one.
func digits(pattern string) string {
	before, after, _ := strings.Cut(strings.ReplaceAll(pattern, "?", "1"), "*")
	return before + strings.Repeat("1", max(0, 12-len(before)-len(after))) + after
}

// addFederated adds the sessions that an identity provider vouches for: of roles in its own account, or in any for a
// provider of web identities, with whom anybody can have an account.
func (u *universe) addFederated(provider string, accounts []string, part string) {
	own := appendAccounts(nil, provider)
	if len(own) > 0 {
		accounts = own[:1]
	}
	if u.huge = u.huge || len(u.actors)+len(accounts) > maxActors; u.huge {
		return
	}
	for _, account := range accounts {
		a := actor{
			kind: roleActor, account: account, provider: provider, stranger: len(own) == 0,
			principal: "arn:" + part + ":sts::" + account + ":assumed-role/" + u.fresh.name + "-federated/" + u.fresh.session,
			arns:      like("arn:" + part + ":iam::" + account + ":role/?*"),
		}
		if !u.has(a) {
			u.actors = append(u.actors, a)
		}
	}
}

// accounts returns the accounts that documents name anywhere, and at the end one that they do not; and the partitions.
func (u *universe) accounts() (ids, partitions []string) {
	for _, d := range u.docs {
		for _, s := range d.statements {
			for text := range texts(s) {
				ids = appendAccounts(ids, text)
				if part := partition(text); part != "" && !slices.Contains(partitions, part) {
					partitions = append(partitions, part)
				}
			}
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	fresh := "444455556666"
	for slices.Contains(ids, fresh) || slices.ContainsFunc(u.docs, func(d extract) bool { return strings.Contains(d.Text(), fresh) }) {
		fresh = fresh[1:] + fresh[:1]
		if fresh == "444455556666" {
			fresh = "999900001111"
		}
	}
	if len(partitions) == 0 {
		partitions = []string{"aws"}
	}
	return append(ids, fresh), partitions
}

// partition returns the partition of an ARN: aws, aws-cn, aws-us-gov; "" for any other text.
func partition(arn string) string {
	rest, ok := strings.CutPrefix(arn, "arn:aws")
	part, _, colon := strings.Cut(rest, ":")
	if !ok || !colon || strings.Trim(part, "-abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return "aws" + part
}

// texts yields what a statement says about accounts: its principals, resources and the values of its conditions.
func texts(s *iam.Statement) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, p := range [...]*iam.Principal{s.Principal, s.NotPrincipal} {
			if p == nil {
				continue
			}
			for _, e := range p.Entries {
				if !yield(e.ID.Text) {
					return
				}
			}
		}
		lists := [][]*iam.Value{s.Resource, s.NotResource}
		for _, c := range s.Condition {
			lists = append(lists, c.Values)
		}
		for _, list := range lists {
			for _, v := range list {
				if !yield(v.Text) {
					return
				}
			}
		}
	}
}

// appendAccounts adds every run of exactly twelve digits.
func appendAccounts(ids []string, text string) []string {
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && '0' <= text[i] && text[i] <= '9' {
			continue
		}
		if i-start == 12 {
			ids = append(ids, text[start:i])
		}
		start = i + 1
	}
	return ids
}

// serviceNames returns the services that conditions name, and one that no document does.
func (u *universe) serviceNames() []string {
	out := []string{}
	for _, use := range u.uses() {
		if k := strings.ToLower(use.key); strings.HasPrefix(k, "aws:principalservicename") {
			for _, v := range use.operands(isText) {
				if strings.HasSuffix(v, ".amazonaws.com") && !strings.ContainsAny(v, "*?$") {
					out = append(out, v)
				}
			}
		}
	}
	return append(out, u.fresh.name+".amazonaws.com")
}
