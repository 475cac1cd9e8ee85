package space

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// actorKind is what sort of principal an actor is.
type actorKind uint8

const (
	anonymousActor actorKind = iota
	serviceActor
	rootActor
	userActor
	roleActor // a session of a role
)

// actor is a principal that stands for all that the documents do not tell apart: those they name, and for each account
// they name, and for one that they do not, a role and a user that nobody has heard of.
type actor struct {
	kind      actorKind
	principal string // of a request
	account   string
	arns      []glob.Language // that aws:PrincipalArn may be, nil for the one that follows from principal
	notARNs   []glob.Language
	provider  string // that authenticated the session, "" for none
	stranger  bool   // of an account that no document names
}

// maxActors bounds the callers that a question goes through; each account counts for three.
const maxActors = 2048

// Names that no document uses.
const (
	freshName    = "bucketwarden-example"
	freshSession = "session"
)

func (u *universe) addActors() {
	named := u.principals()
	accounts, partitions := u.accounts()
	u.actors = []actor{{kind: anonymousActor, principal: authz.Anonymous}}
	if u.huge = len(named)+3*len(accounts)*len(partitions) > maxActors; u.huge {
		return
	}
	var notARNs []glob.Language
	for _, e := range named {
		if e.Type == "Federated" {
			u.addFederated(e.ID.Text, accounts, partitions[0])
			continue
		}
		if a, ok := namedActor(e.Type, e.ID.Text); ok && !u.has(a) {
			u.actors = append(u.actors, a)
			if derived, ok := authz.DerivedKeys(a.principal).Lookup("aws:PrincipalArn"); ok {
				notARNs = append(notARNs, glob.Literal(derived[0]).Language())
				path := derived[0][:strings.IndexByte(derived[0], '/')+1]
				name := derived[0][strings.LastIndexByte(derived[0], '/')+1:]
				notARNs = append(notARNs, glob.Concat(glob.Literal(path), glob.Compile("*/"), glob.Literal(name)).Language())
			}
		}
	}
	for _, s := range u.serviceNames() {
		if a := (actor{kind: serviceActor, principal: s}); !u.has(a) {
			u.actors = append(u.actors, a)
		}
	}
	for _, part := range partitions {
		for i, account := range accounts {
			u.addAccount(part, account, notARNs, i == len(accounts)-1)
		}
	}
	if !slices.ContainsFunc(u.docs, func(d extract) bool { return !d.IsIdentityPolicy() }) {
		slices.SortStableFunc(u.actors, humble)
	}
}

// addAccount adds those of an account that no document names.
func (u *universe) addAccount(part, account string, notARNs []glob.Language, stranger bool) {
	iamARN := "arn:" + part + ":iam::" + account + ":"
	u.actors = append(u.actors,
		actor{kind: roleActor, principal: "arn:" + part + ":sts::" + account + ":assumed-role/" + freshName + "/" + freshSession,
			account: account, arns: like(iamARN + "role/?*"), notARNs: notARNs, stranger: stranger},
		actor{kind: userActor, principal: iamARN + "user/" + freshName, account: account,
			arns: like(iamARN + "user/?*"), notARNs: notARNs, stranger: stranger},
		actor{kind: rootActor, principal: iamARN + "root", account: account, stranger: stranger})
}

// among tells whether a statement's principals include the actor.
func (a actor) among(doc *iam.Document, s *iam.Statement) authz.Match {
	if a.strangerTo(s) {
		return authz.No
	}
	return authz.MatchPrincipal(doc, s, a.principal, authz.Context{"aws:FederatedProvider": {a.provider}})
}

// strangerTo tells, without asking the plain evaluator, that a statement names only others.
func (a actor) strangerTo(s *iam.Statement) bool {
	if s.Principal == nil || s.Principal.Any {
		return false
	}
	name := strings.TrimSuffix(a.principal, "/"+freshSession)
	name = name[strings.LastIndexByte(name, '/')+1:]
	for _, e := range s.Principal.Entries {
		id := e.ID.Text
		switch {
		case e.Type != "AWS" || strings.ContainsAny(id, "*?$"), strings.Contains(id, name),
			a.account != "" && strings.HasSuffix(strings.TrimSuffix(id, ":root"), a.account):
			return false
		}
	}
	return true
}

// humble orders actors for identity policies, which belong to roles and users: a witness is first sought among these.
func humble(a, b actor) int { return cmp.Compare(b.kind, a.kind) }

func like(pattern string) []glob.Language { return []glob.Language{glob.Compile(pattern).Language()} }

func (u *universe) has(a actor) bool {
	return slices.ContainsFunc(u.actors, func(b actor) bool { return a.principal == b.principal && a.provider == b.provider })
}

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
func namedActor(kind, id string) (actor, bool) {
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
		a.principal = "arn:" + parts[1] + ":sts::" + parts[4] + ":assumed-role/" + name + "/" + freshSession
		a.arns = []glob.Language{glob.Literal(id).Language()}
	case "assumed-role":
		a.kind = roleActor
	}
	return a, true
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
			principal: "arn:" + part + ":sts::" + account + ":assumed-role/" + freshName + "-federated/" + freshSession,
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
	return append(out, freshName+".amazonaws.com")
}

// limit returns the domain of a key for this actor: what follows from the principal is fixed, what only others carry
// is absent.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (a actor) limit(key string, d dimension, derived authz.Context) domain {
	if key == "aws:principalarn" && a.arns != nil {
		return text{present: true, region: region{[][]glob.Language{a.arns}, a.notARNs}}.within(d)
	}
	if key == "aws:federatedprovider" && a.provider != "" {
		return fixed(d, a.provider)
	}
	if values, ok := derived.Lookup(key); ok && !(a.arns != nil && key == "aws:username") {
		return fixed(d, values...)
	}
	if a.lacks(key) {
		return absentOnly(d)
	}
	if key == "aws:userid" && a.kind == roleActor {
		if t, ok := d.start.(text); ok {
			return text{false, true, t.region.narrow(like("AROA*:*"), false)}
		}
	}
	return d.start
}

// lacks tells whether requests of this actor never carry a key.
func (a actor) lacks(key string) bool {
	switch {
	case strings.HasPrefix(key, "aws:principalservicename"), key == "aws:sourcearn", key == "aws:sourceaccount",
		key == "aws:sourceorgid", key == "aws:sourceorgpaths", key == "aws:sourceowner":
		return a.kind != serviceActor
	case key == "aws:principalorgid", key == "aws:principalorgpaths", strings.HasPrefix(key, "aws:principaltag/"),
		key == "aws:principalarn":
		return a.kind == anonymousActor || a.kind == serviceActor
	case key == "aws:principalisawsservice":
		return a.kind == anonymousActor
	case key == "aws:principalaccount": // a service is in no account that a document could name
		return a.kind == serviceActor
	case key == "aws:username":
		return a.kind != userActor
	case key == "aws:federatedprovider":
		return a.kind != roleActor
	case key == "aws:tokenissuetime", key == "aws:multifactorauthpresent", key == "aws:multifactorauthage":
		return a.kind == anonymousActor || a.kind == serviceActor
	}
	return false
}

// within turns a domain of strings into one for a dimension whose values are kept as classes.
func (t text) within(d dimension) domain {
	if _, ok := d.start.(text); ok {
		return t
	}
	return d.start
}

// fixed returns the domain of a key that has these values.
func fixed(d dimension, values ...string) domain {
	switch start := d.start.(type) {
	case text:
		return text{present: true, region: region{ins: [][]glob.Language{{glob.Literal(values[0]).Language()}}}}
	case finite:
		points := newBits(len(start.values))
		if i := slices.Index(start.values, values[0]); i >= 0 {
			points.set(i)
			return finite{left: points, values: start.values}
		}
		return start // of a class that no condition names; which one is not known here
	case many:
		start.absent = false
		for _, v := range values {
			start.some = append(start.some, part{langs: []glob.Language{glob.Literal(v).Language()}})
		}
		return start
	}
	return d.start
}

func absentOnly(d dimension) domain {
	switch start := d.start.(type) {
	case text:
		return text{absent: true}
	case finite:
		return finite{absent: true, left: newBits(len(start.values)), values: start.values}
	case many:
		return many{absent: true}
	}
	return d.start
}
