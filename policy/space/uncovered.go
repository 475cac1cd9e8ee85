package space

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
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
	Proofs  []Certificate  // None: one for each box and actor that had to be searched; none where a look was enough
	Reason  string         // Undecided: why
}

// Certificate is one Proof with the question that it answers.
type Certificate struct {
	actor   actor
	starts  []domain
	box     []facet
	cover   [][]facet
	Proof   *Proof
	Subject string // the statement that is covered
}

// question is: a request inside one of the boxes and outside all of the cover, for the actors that count.
type question struct {
	docs    []extract
	build   func(*universe) (boxes, cover []box)
	u       *universe
	boxes   []box
	cover   []box
	actors  func(actor) bool
	confirm func(authz.Request) authz.Match // the plain evaluator's word on a witness
	budget  *budget
}

func (q question) ask() Verdict {
	q.u = newUniverse(q.docs, nil)
	if !q.u.huge {
		q.boxes, q.cover = q.build(q.u)
	}
	if q.u.huge {
		return Verdict{Reason: "the documents name too many callers or actions, or combine too many policy variables"}
	}
	return q.each()
}

// withoutEffect returns the answer about two documents that differ in what statements without Effect make of them: what
// such a statement does is open. It is the same in both where both have it to the letter, read variables alike, and all
// that is denied still is.
func withoutEffect(doc, other *iam.Document) (v Verdict, found bool) {
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
		len(unlike(doc, other, iam.Deny)) == 0 && len(unlike(other, doc, iam.Deny)) == 0 {
		return Verdict{}, false
	}
	first := slices.Concat(before, after)[0]
	return Verdict{Reason: string(first.Value.Path()) + ": the statement has no Effect"}, true
}

func (q question) each() Verdict {
	out := Verdict{Answer: None}
	asked := map[string]bool{}
	for _, a := range q.u.actors {
		if q.actors != nil && !q.actors(a) {
			continue
		}
		view := view{question: q, actor: a}
		for _, b := range q.boxes {
			if q.budget.left <= 0 {
				out.Answer, out.Reason = Undecided, cmp.Or(out.Reason, subject(b)+": the search was stopped at its budget")
				return out
			}
			facets, ok := q.u.principal(a, b)
			if !ok || view.seen(asked, facets) {
				continue
			}
			v := view.ask(b, facets)
			switch v.Answer {
			case Found:
				return v
			case Undecided:
				out.Answer, out.Reason = Undecided, cmp.Or(out.Reason, v.Reason)
			case None:
				out.Proofs = append(out.Proofs, v.Proofs...)
			}
		}
	}
	return out
}

// view is a question as one actor sees it.
type view struct {
	question
	actor   actor
	cover   [][]facet
	key     string // of what the actor sees: equal keys, equal answers
	search  *search
	domains []domain
	starts  []*version
	tried   bool // every variable has been given a value
}

// seen tells whether the same has been asked for another actor, whom nothing tells apart from this one.
func (v *view) seen(asked map[string]bool, facets []facet) bool {
	v.look()
	var key strings.Builder
	key.WriteString(v.key)
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
	v.budget.left -= len(v.question.cover)
	for _, c := range v.question.cover {
		facets, ok := v.u.principal(v.actor, c)
		if ok {
			v.cover = append(v.cover, facets)
			v.u.name(&key, facets)
		}
	}
	if v.u.tellsApart() {
		key.WriteString(v.actor.principal)
	}
	if len(v.u.opaque) > 0 { // variables have other values
		key.WriteByte(byte(v.actor.kind))
	}
	for _, d := range v.u.dims {
		if d.key != "" && v.actor.lacks(strings.ToLower(d.key)) {
			key.WriteString(d.key + ",")
		}
	}
	key.WriteString(v.actor.provider)
	key.WriteByte(0)
	v.key = key.String()
	v.search = &search{cover: v.cover, budget: v.budget}
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

// principal adds to a box what it says about one actor: nothing, or a predicate where AWS leaves it open. ok is false
// when the actor is not in the box.
func (u *universe) principal(a actor, b box) (facets []facet, ok bool) {
	if b.statement == nil {
		return b.facets, b.only == nil || b.only(a)
	}
	if b.also != nil {
		more, ok := u.principal(a, *b.also)
		if !ok {
			return nil, false
		}
		b.facets, b.also = append(slices.Clip(b.facets), more[len(b.also.facets):]...), nil
	}
	switch a.among(b.doc, b.statement) {
	case authz.No:
		return nil, false
	case authz.Yes:
		return b.facets, true
	}
	text := "principal\x00" + a.principal
	for _, name := range [...]string{"Principal", "NotPrincipal"} {
		if v := b.statement.Value.Member(name); v != nil {
			text += "\x00" + name + v.Compact()
		}
	}
	return append(slices.Clip(b.facets), u.predicate(text)), true
}

// tellsApart reports whether some condition looks at who the principal is.
func (u *universe) tellsApart() bool {
	for key := range u.keys {
		if strings.HasPrefix(key, "aws:principal") || key == "aws:userid" || key == "aws:username" || key == "aws:federatedprovider" {
			return true
		}
	}
	return false
}

// ask asks about one box.
func (v *view) ask(b box, facets []facet) Verdict {
	if len(v.starts) != len(v.u.dims) { // a predicate may have been added since
		v.domains, v.starts = v.u.starts(v.actor), nil
		for _, d := range v.domains {
			v.starts = append(v.starts, &version{domain: d})
		}
	}
	out, proof, point := v.search.uncovered(v.starts, facets)
	switch out {
	case covered:
		return Verdict{Answer: None, Proofs: []Certificate{{
			actor: v.actor, starts: v.domains, box: facets, cover: v.cover, Proof: proof, Subject: subject(b),
		}}}
	case gaveUp:
		return Verdict{Reason: subject(b) + ": the search was stopped at its budget"}
	}
	w, ok := v.witness(v.actor, point)
	if !ok {
		return Verdict{Reason: subject(b) + ": the search was stopped at its budget"}
	}
	v.budget.left -= costOfWitness * (len(v.boxes) + len(v.question.cover))
	if v.confirm(w) != authz.Yes {
		if !v.tried {
			v.tried = true
			if found := v.concrete(v.actor); found.Answer == Found {
				return found
			}
		}
		return Verdict{Reason: subject(b) + ": it depends on what AWS's documentation leaves open, or on the value of a policy variable"}
	}
	return Verdict{Answer: Found, Witness: &w}
}

// concrete asks again for one actor, with a value for every policy variable: what is found then needs no predicate for
// variables. That nothing is found proves nothing.
func (q question) concrete(a actor) Verdict {
	if q.u.actor != nil || q.budget.left <= 0 {
		return Verdict{}
	}
	q.budget.left -= 10 * (len(q.boxes) + len(q.cover)) // a new universe is not for free
	a.arns, a.notARNs = nil, nil                        // of a concrete principal, which follows from its name
	q.u = newUniverse(q.docs, &a)
	q.boxes, q.cover = q.build(q.u)
	return q.each()
}

func subject(b box) string {
	if b.statement == nil {
		return "the request"
	}
	return string(b.statement.Value.Path())
}

// witness makes a request of a point.
func (q question) witness(a actor, point []*version) (authz.Request, bool) {
	r := authz.Request{Principal: a.principal, Context: authz.Context{}}
	if a.provider != "" {
		r.Context["aws:FederatedProvider"] = []string{a.provider}
	}
	for key, values := range q.u.given {
		r.Context[key] = values
	}
	derived := authz.DerivedKeys(a.principal)
	for i, d := range q.u.dims {
		if d.opaque || i >= len(point) {
			continue
		}
		values, present, exists, _ := q.plainest(i, point[i].domain).value(&q.budget.left)
		switch {
		case !exists:
			return r, false
		case i == dimAction:
			r.Action = values[0]
		case i == dimResource:
			r.Resource = values[0]
		case present:
			if same, ok := derived.Lookup(d.key); !ok || !slices.Equal(same, values) {
				delete(r.Context, strings.ToLower(d.key))
				r.Context[d.key] = values
			}
		}
	}
	for key := range q.u.given {
		if strings.HasPrefix(key, "s3:") && !carries(r.Action, key) {
			delete(r.Context, key)
		}
	}
	if arn, ok := r.Context.Lookup("aws:PrincipalArn"); ok {
		r.Principal = withARN(r.Principal, arn[0], q.u.fresh.session)
		if derived, ok := authz.DerivedKeys(r.Principal).Lookup("aws:PrincipalArn"); ok && derived[0] == arn[0] {
			for k := range r.Context {
				if strings.EqualFold(k, "aws:PrincipalArn") {
					delete(r.Context, k)
				}
			}
		}
	}
	return r, true
}

// plainest narrows a domain of resources to such as people know, where there are any.
func (q question) plainest(dim int, d domain) domain {
	if dim != dimResource {
		return d
	}
	for _, f := range plainARNs {
		plain := d.narrow(f)
		if _, _, exists, _ := plain.value(&q.budget.left); exists {
			return plain
		}
	}
	return d
}

// carries tells whether requests for an action may have a key of S3's.
func carries(action, key string) bool {
	a, ok := catalog.LookupAction(action)
	return ok && a.Supports(key)
}

// withARN returns the principal whose aws:PrincipalArn is arn, where there is one.
func withARN(principal, arn, session string) string {
	parts := strings.SplitN(arn, ":", 6)
	kind, name, _ := strings.Cut(parts[len(parts)-1], "/")
	if len(parts) < 6 {
		return principal
	}
	candidate := arn
	if kind == "role" {
		name = name[strings.LastIndexByte(name, '/')+1:]
		candidate = strings.Join([]string{"arn", parts[1], "sts", "", parts[4], "assumed-role/" + name + "/" + session}, ":")
	}
	if (authz.Request{Principal: candidate, Action: "s3:GetObject", Resource: "arn:aws:s3:::x"}).Validate() != nil {
		return principal
	}
	return candidate
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
