package space

import (
	"cmp"
	"encoding/base64"
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
	federatedActor // a user of GetFederationToken
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

// maxActors bounds the callers that a question goes through; each account counts for four.
const maxActors = 2048

// names are those of callers and values that no document knows: nobody may write a document around them.
type names struct{ name, session string }

// unknownNames returns names that none of the texts has in it.
func unknownNames(docs []extract) names {
	n := names{"bucketwarden-example", "session"}
	for used(docs, n.name) || used(docs, base64.StdEncoding.EncodeToString([]byte(n.name))) {
		n.name += "x"
	}
	for used(docs, "/"+n.session) {
		n.session += "x"
	}
	return n
}

// used tells whether a name stands somewhere in what documents say about callers and values, in any case.
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

func (u *universe) addActors() {
	named := u.principals()
	accounts, partitions := u.accounts()
	u.actors = []actor{{kind: anonymousActor, principal: authz.Anonymous}}
	if u.huge = u.huge || 2*len(named)+4*len(accounts)*len(partitions) > maxActors; u.huge {
		return
	}
	notARNs := append(like("arn:*:iam::*:*:*"), like("arn:*:sts::*:*:*")...) // names have no colon
	for _, e := range named {
		switch {
		case e.Type == "Federated":
			u.addFederated(e.ID.Text, accounts, partitions[0])
			continue
		case strings.ContainsAny(e.ID.Text, "*?") && e.ID.Text != "*":
			u.addWild(e.Type, e.ID.Text, accounts, partitions[0])
			continue
		}
		a, ok := u.namedActor(e.Type, e.ID.Text)
		if !ok || u.has(a) {
			continue
		}
		u.actors = append(u.actors, a)
		derived, ok := authz.DerivedKeys(a.principal).Lookup("aws:PrincipalArn")
		if !ok {
			continue
		}
		arn := derived[0]
		at, name := arn[:strings.IndexByte(arn, '/')+1], arn[strings.LastIndexByte(arn, '/')+1:]
		own := []glob.Language{glob.Literal(arn).Language(), glob.Concat(glob.Literal(at), glob.Compile("*/"), glob.Literal(name)).Language()}
		notARNs = append(notARNs, own...)
		// Of a role of which one session is named there are others.
		if other, _, _ := strings.Cut(a.principal, "/"); strings.HasSuffix(other, ":assumed-role") {
			b := a
			b.principal, b.arns = other+"/"+name+"/"+u.fresh.session, own
			if !u.has(b) {
				u.actors = append(u.actors, b)
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
		actor{kind: roleActor, principal: "arn:" + part + ":sts::" + account + ":assumed-role/" + u.fresh.name + "/" + u.fresh.session,
			account: account, arns: like(iamARN + "role/?*"), notARNs: notARNs, stranger: stranger},
		actor{kind: userActor, principal: iamARN + "user/" + u.fresh.name, account: account,
			arns: like(iamARN + "user/?*"), notARNs: notARNs, stranger: stranger},
		actor{kind: federatedActor, principal: "arn:" + part + ":sts::" + account + ":federated-user/" + u.fresh.name, account: account,
			arns: like("arn:" + part + ":sts::" + account + ":federated-user/?*"), notARNs: notARNs, stranger: stranger},
		actor{kind: rootActor, principal: iamARN + "root", account: account, stranger: stranger})
}

// among tells whether a statement's principals include the actor.
func (a actor) among(doc *iam.Document, s *iam.Statement) authz.Match {
	switch {
	case s.Principal != nil && s.Principal.Any && s.NotPrincipal == nil:
		return authz.Yes
	case a.strangerTo(s):
		return authz.No
	}
	return authz.MatchPrincipal(doc, s, a.principal, authz.Context{"aws:FederatedProvider": {a.provider}})
}

// strangerTo tells, without asking the plain evaluator, that a statement names only others.
func (a actor) strangerTo(s *iam.Statement) bool {
	if !namesAll(s) {
		return false
	}
	name := a.principal[strings.LastIndexByte(a.principal, '/')+1:]
	if _, role, session := strings.Cut(a.principal, ":assumed-role/"); session {
		name, _, _ = strings.Cut(role, "/")
	}
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
		if i := slices.Index(start.values, d.fresh); i >= 0 && !d.spelt { // the class of what no condition names
			points.set(i)
			named := slices.Clone(start.values)
			named[i] = values[0]
			return finite{left: points, values: named}
		}
		return start // of a class that is not known here
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
