package space

import (
	"encoding/base64"
	"iter"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// names are those of callers and values that no document knows, to show in a witness.
type names struct{ name, session, account string }

// unknownNames returns names that none of the texts has in it.
func unknownNames(docs []extract) names {
	n := names{"bucketwarden-example", "session", "444455556666"}
	for used(docs, n.name) || used(docs, base64.StdEncoding.EncodeToString([]byte(n.name))) {
		n.name += "x"
	}
	for used(docs, "/"+n.session) {
		n.session += "x"
	}
	for range digitsOfAccount {
		if !slices.ContainsFunc(docs, func(d extract) bool { return d.Mentions(n.account) }) {
			break
		}
		n.account = n.account[1:] + n.account[:1]
	}
	return n
}

// used reports whether a name stands somewhere in what documents say about callers and values, in any case.
func used(docs []extract, name string) bool {
	return slices.ContainsFunc(docs, func(d extract) bool {
		return slices.ContainsFunc(d.statements, func(s *iam.Statement) bool {
			for text := range texts(s) {
				if len(text) >= len(name) && strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
					return true
				}
			}
			return false
		})
	})
}

// addNames collects the accounts and partitions that documents name anywhere. Principals of an account that none names
// are strangers.
func (u *universe) addNames() {
	for _, d := range u.docs {
		for _, s := range d.statements {
			for text := range texts(s) {
				u.accounts = appendAccounts(u.accounts, text)
				u.cloudFront = u.cloudFront || strings.Contains(text, ":iam::cloudfront:user/")
				if part := partition(text); part != "" && !slices.Contains(u.partitions, part) {
					u.partitions = append(u.partitions, part)
				}
			}
		}
	}
	slices.Sort(u.accounts)
	u.accounts = slices.Compact(u.accounts)
	if len(u.partitions) == 0 {
		u.partitions = []string{"aws"}
	}
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
		for _, e := range entries(s) {
			if !yield(e.ID.Text) {
				return
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

// entries returns those of Principal and NotPrincipal.
func entries(s *iam.Statement) []iam.PrincipalEntry {
	var out []iam.PrincipalEntry
	for _, p := range [...]*iam.Principal{s.Principal, s.NotPrincipal} {
		if p != nil {
			out = append(out, p.Entries...)
		}
	}
	return out
}

// appendAccounts adds every run of exactly twelve digits.
func appendAccounts(ids []string, text string) []string {
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && '0' <= text[i] && text[i] <= '9' {
			continue
		}
		if i-start == digitsOfAccount {
			ids = append(ids, text[start:i])
		}
		start = i + 1
	}
	return ids
}
