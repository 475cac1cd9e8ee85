package space

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Answer is what the engine knows about a question.
type Answer uint8

// The answers to "is there such a request?". Undecided is never rounded to either side.
const (
	Undecided Answer = iota
	None             // proved: there is no such request
	Found            // there is one, and it is shown
)

// String returns the answer as the command line writes it.
func (a Answer) String() string { return [...]string{"undecided", "none", "found"}[a] }

// Verdict is an Answer with what it rests on.
type Verdict struct {
	Answer  Answer
	Witness *authz.Request // Found: one request, confirmed by the plain evaluator
	Proofs  []Certificate  // None: one for each box and kind of caller that had to be searched; none where a look was enough
	At      iam.Path       // Undecided: the statement, as its Value has its place, that nobody can tell about; "" for no single one
	Reason  string         // Undecided: why, without the place
}

// Why returns the place and the reason of an undecided answer on one line.
func (v Verdict) Why() string {
	if v.At == "" {
		return v.Reason
	}
	return string(v.At) + ": " + v.Reason
}

// Certificate is one Proof with the question that it answers.
type Certificate struct {
	starts  []domain
	box     []facet
	cover   [][]facet
	Proof   *Proof
	Subject string // the statement that is covered
}

// question is: a request inside one of the boxes and outside all of the cover, of the callers that count.
type question struct {
	docs    []extract
	build   func(*universe) (boxes, cover []box)
	u       *universe
	boxes   []box
	cover   []box
	among   Callers                         // Everyone when nothing is said
	confirm func(authz.Request) authz.Match // the plain evaluator's word on a witness
	budget  *budget
}

// stopped is the reason of an answer that would have taken more than its budget.
const stopped = "the search reached its budget"

func (q question) ask() Verdict {
	if !q.budget.over() {
		q.u = newUniverse(q.docs, nil, q.budget)
	}
	if !q.budget.over() && !q.u.huge {
		q.boxes, q.cover = q.build(q.u)
		q.cover = append(q.cover, q.u.couplings()...)
	}
	switch {
	case q.u != nil && q.u.huge:
		return Verdict{Reason: tooMany}
	case q.budget.over():
		return Verdict{Reason: stopped}
	}
	return q.each()
}

const openByAWS = "AWS's pages leave it open, or it depends on the value of a policy variable"

const tooMany = "the documents name too many actions, or combine too many principals or policy variables"

// withoutEffect returns the answer about two documents that differ in what statements without Effect make of them: what
// such a statement does is open. It is the same in both where both have it to the letter, read variables alike, and all
// that is denied still is.
func withoutEffect(doc, other *iam.Document, budget *budget) (v Verdict, found bool) {
	before, after := whole(doc).of(""), whole(other).of("")
	if len(before)+len(after) == 0 {
		return Verdict{}, false
	}
	letters := func(statements []*iam.Statement) (out []string) {
		for _, s := range statements {
			out = append(out, s.Value.Compact())
		}
		slices.Sort(out)
		return out
	}
	if slices.Equal(letters(before), letters(after)) && sameLanguage(doc, other) &&
		len(newLooks(budget).unlike(doc, other, iam.Deny)) == 0 && len(newLooks(budget).unlike(other, doc, iam.Deny)) == 0 {
		return Verdict{}, false
	}
	first := slices.Concat(before, after)[0]
	return Verdict{At: first.Value.Path(), Reason: "the statement has no Effect"}, true
}

func (q question) each() Verdict {
	out := Verdict{Answer: None}
	asked := map[string]bool{}
	for _, k := range q.order() {
		within, ok := q.u.among(cmp.Or(q.among, Everyone), k)
		if !ok {
			continue
		}
		view := view{question: q, kind: k, within: within}
		for _, b := range q.boxes {
			for _, facets := range q.u.callers(k, b) {
				if q.budget.over() {
					return out.or(unsure(b, stopped))
				}
				if view.seen(asked, facets) {
					continue
				}
				v := view.ask(b, facets)
				switch v.Answer {
				case Found:
					return v
				case Undecided:
					out = out.or(v)
				case None:
					out.Proofs = append(out.Proofs, v.Proofs...)
				}
			}
		}
	}
	if q.u.huge {
		return Verdict{Reason: tooMany}
	}
	return out
}

// order returns the kinds of callers in the order in which they are asked about. Identity policies belong to roles and
// users: a witness is first sought among these.
func (q question) order() []kind {
	if q.u.only != nil {
		return []kind{q.u.only.kind}
	}
	if slices.ContainsFunc(q.u.docs, func(d extract) bool { return !d.IsIdentityPolicy() }) {
		return []kind{anonymousCaller, roleCaller, userCaller, serviceCaller, federatedCaller, rootCaller}
	}
	return []kind{roleCaller, userCaller, federatedCaller, rootCaller, serviceCaller, anonymousCaller}
}

// view is a question as callers of one kind see it.
type view struct {
	question
	kind    kind
	within  []facet // what else is asked of the caller
	cover   [][]facet
	axiom   []bool // of each of cover
	key     string // of what the callers see: equal keys, equal answers
	search  *search
	domains []domain
	starts  []*version
	tried   bool // every variable has been given a value
}

// seen tells whether the same has been asked for another kind of callers, whom nothing tells apart from this one.
func (v *view) seen(asked map[string]bool, facets []facet) bool {
	v.look()
	var key strings.Builder
	key.WriteString(v.key)
	if slices.ContainsFunc(facets, v.u.tellsApart) {
		key.WriteByte(byte(v.kind))
	}
	v.u.name(&key, facets)
	before := asked[key.String()]
	asked[key.String()] = true
	return before
}

// look works out the cover once.
func (v *view) look() {
	if v.search != nil {
		return
	}
	var key strings.Builder
	apart := false
	v.budget.left -= len(v.question.cover)
	for _, c := range v.question.cover {
		for _, facets := range v.u.callers(v.kind, c) {
			v.cover, v.axiom = append(v.cover, facets), append(v.axiom, c.statement == nil)
			v.u.name(&key, facets)
			apart = apart || slices.ContainsFunc(facets, v.u.tellsApart)
		}
	}
	for _, d := range v.u.dims[firstKey:] {
		values, constant := constants[v.kind].Lookup(d.key)
		if d.key != "" && (constant || v.kind.lacks(strings.ToLower(d.key))) {
			key.WriteString(d.key + "=" + strings.Join(values, ",") + ",")
		}
	}
	if apart {
		key.WriteByte(byte(v.kind))
	}
	if !v.kind.signed() {
		key.WriteByte(byte(kinds + v.kind))
	}
	key.WriteByte(0)
	v.key = key.String()
	v.search = &search{cover: v.cover, budget: v.budget}
}

// tellsApart reports whether a facet tells kinds of signed callers apart: also what is open, as variables have other values.
func (u *universe) tellsApart(f facet) bool {
	return f.dim >= dimCaller && f.dim < firstKey && !f.set.ofAccount || u.dims[f.dim].opaque
}

// name writes what tells one box from others.
func (u *universe) name(b *strings.Builder, facets []facet) {
	name := binary.AppendVarint(nil, int64(len(facets)))
	for _, f := range facets {
		n, ok := u.numbers[f.set]
		if !ok {
			n = len(u.numbers)
			u.numbers[f.set] = n
		}
		n *= 2
		if f.out {
			n++
		}
		name = binary.AppendVarint(binary.AppendVarint(name, int64(f.dim)), int64(n))
	}
	b.Write(name)
}

// ask asks about one box.
func (v *view) ask(b box, facets []facet) Verdict {
	if len(v.starts) != len(v.u.dims) { // a predicate may have been added since
		v.domains, v.starts = v.u.starts(v.kind, v.within), nil
		for _, d := range v.domains {
			v.starts = append(v.starts, &version{domain: d})
		}
	}
	out, proof, point := v.search.uncovered(v.starts, facets)
	if out == covered {
		return Verdict{Answer: None, Proofs: []Certificate{{
			starts: v.domains, box: facets, cover: v.cover, Proof: proof, Subject: subject(b),
		}}}
	}
	var w authz.Request
	shown := false
	if out == found {
		w, shown = v.witness(point)
	}
	if !shown {
		return unsure(b, stopped)
	}
	if v.confirmed(w) {
		return Verdict{Answer: Found, Witness: &w}
	}
	if found := v.surely(facets); found.Answer == Found {
		return found
	}
	if !v.tried {
		v.tried = true
		if found := v.concretely(w); found.Answer == Found {
			return found
		}
	}
	return unsure(b, openByAWS)
}

// confirmed asks the plain evaluator.
func (v *view) confirmed(w authz.Request) bool {
	v.budget.left -= costOfWitness * (len(v.boxes) + len(v.question.cover))
	return v.confirm(w) == authz.Yes
}

// surely asks again for a request that is found whatever the open answers are: what may cover it does. A box that itself
// hangs on one has none.
func (v *view) surely(facets []facet) Verdict {
	opaque := func(f facet) bool { return v.u.dims[f.dim].opaque }
	if slices.ContainsFunc(facets, opaque) || !slices.ContainsFunc(v.cover, func(c []facet) bool { return slices.ContainsFunc(c, opaque) }) {
		return Verdict{}
	}
	strict := &search{budget: v.budget}
	for i, c := range v.cover {
		if !v.axiom[i] || !slices.ContainsFunc(c, opaque) {
			strict.cover = append(strict.cover, slices.DeleteFunc(slices.Clone(c), opaque))
		}
	}
	out, _, point := strict.uncovered(v.starts, facets)
	if out != found {
		return Verdict{}
	}
	if w, ok := v.witness(point); ok && v.confirmed(w) {
		return Verdict{Answer: Found, Witness: &w}
	}
	return Verdict{}
}

// concretely asks again for the caller of one request, with a value for every policy variable: what is found then needs no
// predicate for variables. That nothing is found proves nothing.
func (v *view) concretely(w authz.Request) Verdict {
	if v.u.only != nil {
		return Verdict{}
	}
	for _, c := range v.instances(w) {
		q := v.question
		if q.budget.over() {
			return Verdict{}
		}
		q.budget.left -= 10 * (len(q.boxes) + len(q.cover)) // a new universe is not for free
		q.u = newUniverse(q.docs, &c, q.budget)
		q.boxes, q.cover = q.build(q.u)
		if found := q.each(); found.Answer == Found {
			return found
		}
	}
	return Verdict{}
}

// mostInstances is how many callers are tried.
const mostInstances = 8

// instances returns callers to try: that of a request, and such as have a value that documents name for one of the policy
// variables.
func (v *view) instances(w authz.Request) []concrete {
	out := []concrete{{v.kind, w.Principal, w.Context}}
	for _, key := range v.u.variableKeys() {
		for _, p := range v.u.valuesOf(strings.ToLower(key)) {
			steps := 1_000
			value, found, _ := glob.Find([]glob.Language{p.Language()}, nil, &steps)
			if !found || len(out) == mostInstances {
				break
			}
			c := concrete{v.kind, w.Principal, maps.Clone(w.Context)}
			if v.kind == userCaller && strings.EqualFold(key, callerKeys[dimUser]) {
				c.principal = w.Principal[:strings.IndexByte(w.Principal, '/')+1] + value
				delete(c.context, callerKeys[dimCaller])
			} else if !v.kind.never(strings.ToLower(key)) {
				c.context[key] = []string{value}
			}
			if (authz.Request{Principal: c.principal, Action: w.Action, Resource: w.Resource}).Validate() == nil {
				out = append(out, c)
			}
		}
	}
	return out
}

// unsure is the answer that nobody knows about a box.
func unsure(b box, why string) Verdict {
	if b.statement == nil {
		return Verdict{Reason: subject(b) + ": " + why}
	}
	return Verdict{At: b.statement.Value.Path(), Reason: why}
}

// or returns an answer made undecided by w, for the first reason that there was.
func (v Verdict) or(w Verdict) Verdict {
	if v.Answer = Undecided; v.Reason == "" {
		v.At, v.Reason = w.At, w.Reason
	}
	return v
}

func subject(b box) string {
	if b.statement == nil {
		return "the request"
	}
	return string(b.statement.Value.Path())
}

// statements returns the boxes of all statements of one effect.
func (u *universe) statements(doc extract, effect iam.Effect) []box {
	return u.boxesOf(doc.Document, doc.of(effect))
}

func (u *universe) boxesOf(doc *iam.Document, statements []*iam.Statement) []box {
	var out []box
	for _, s := range statements {
		out = append(out, u.boxes(doc, s)...)
	}
	return out
}
