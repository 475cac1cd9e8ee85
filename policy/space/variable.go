package space

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// maybe is a text of which it is open what it matches: a predicate stands for the answer.
type maybe struct {
	predicate facet
	holds     [][]facet // alternatives: what matches
	but       [][]facet // with out the predicate, what is to hold as well for nothing to match; nil for nothing else
}

// not returns what the text does not match.
func (m maybe) not() [][]facet {
	if m.but == nil {
		return one(m.predicate.not())
	}
	return times(one(m.predicate.not()), m.but)
}

// variable is a text with one policy variable as a predicate: "the value matches the text".
type variable struct {
	predicate facet
	dim       int    // of the value
	how       string // it is compared
	key       string // of the variable, in lower case
	with      func(value glob.Pattern) operand
}

// loose reads a pattern that may match more than it does for certain: what is within wide.
func (u *universe) loose(dim int, name string, v *iam.Value, wide glob.Language) maybe {
	before := len(u.dims)
	p, within := u.predicate(name+"\x00"+v.Text), u.holds(dim, wide)
	if len(u.dims) > before {
		u.coupling = append(u.coupling, box{facets: []facet{p, within.not()}})
		if endsSegments(v.Text) {
			crosses := u.predicate("crosses colons")
			u.coupling = append(u.coupling, box{facets: []facet{p, crosses.not()}}, box{facets: []facet{within, crosses, p.not()}})
		}
	}
	return maybe{predicate: p, holds: one(within, p)}
}

// endsSegments reports whether every wildcard before the fifth colon of a pattern is a `*` at the end of a segment. Of these AWS
// says in one sentence that they can match beyond the colon: whether they do is one question for all such patterns. That no
// resource of a service has a further colon cannot decide it: IAM's paths, say, may hold any printable character.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
func endsSegments(pattern string) bool {
	segments := strings.SplitN(pattern, ":", 6)
	return len(segments) == 6 && !slices.ContainsFunc(segments[:5], func(s string) bool {
		return strings.ContainsAny(strings.TrimSuffix(s, "*"), "*?$")
	})
}

// variable reads a text with policy variables. The same text is the same predicate everywhere; a default counts where the
// key is absent, and only there.
func (u *universe) variable(doc *iam.Document, dim int, name string, v *iam.Value, wide glob.Language,
	read func(*iam.Value) operand,
) maybe {
	list, alike, _ := authz.Variables(doc, v.Text)
	within := u.holds(dim, wide)
	if len(list) != 1 {
		p := u.predicate(name + "\x00" + v.Text)
		return maybe{predicate: p, holds: one(within, p)}
	}
	key := strings.ToLower(list[0].Key)
	absent := facet{dim: u.keys[key], set: u.intern("absent", func() *set { return &set{absent: true} })}
	out := maybe{predicate: u.predicate(name + "\x00" + alike)}
	if k, _ := catalog.LookupKey(key); !k.Multivalued { // one of those has no value here
		out.holds = one(absent.not(), within, out.predicate)
		u.note(variable{out.predicate, dim, name, key, func(value glob.Pattern) operand {
			return u.reading(func(string) (glob.Pattern, bool, bool) { return value, true, true }, read, v)
		}}, within, absent)
	}
	if list[0].HasDefault {
		o := u.reading(func(string) (glob.Pattern, bool, bool) { return glob.Pattern{}, false, true }, read, v)
		instead := u.holds(dim, o.lang)
		out.holds = append(out.holds, []facet{absent, instead})
		out.but = [][]facet{{absent.not()}, {instead.not()}}
	}
	return out
}

// reading reads a text with another way to resolve its variables.
func (u *universe) reading(resolve authz.Resolve, read func(*iam.Value) operand, v *iam.Value) operand {
	before := u.resolving
	u.resolving = resolve
	defer func() { u.resolving = before }()
	return read(v)
}

// note keeps a variable once, with what follows from its text alone: it matches nothing outside of what any value would,
// and no text without a value matches anything, but for what NotResource makes of it.
func (u *universe) note(v variable, within, absent facet) {
	if slices.ContainsFunc(u.variables, func(w variable) bool { return w.predicate.dim == v.predicate.dim }) {
		return
	}
	u.budget.glance(len(u.variables))
	u.variables = append(u.variables, v)
	if v.dim == dimResource { // without a value NotResource leaves out nothing, or the statement is invalid: that is open
		u.coupling = append(u.coupling, box{facets: []facet{v.predicate, within.not(), absent.not()}})
		return
	}
	u.coupling = append(u.coupling, box{facets: []facet{v.predicate, within.not()}}, box{facets: []facet{v.predicate, absent}})
}

// maxCouplings bounds what is said of variables and values; leaving some of it out makes answers undecided, not wrong.
const maxCouplings = 256

// couplings returns what cannot be: between the texts with policy variables and the values of these, and between the name of
// a service and the list of its names.
func (u *universe) couplings() []box {
	out := slices.Concat(u.coupling, u.nameCouplings())
	texts := make([]operand, len(u.variables)) // a character that no text has stands for the value
	for i, v := range u.variables {
		texts[i] = v.with(glob.Literal("\uE000"))
	}
	for i, v := range u.variables {
		u.budget.glance(len(u.variables))
		if u.budget.over() {
			return out // whatever comes of it is undecided
		}
		for j, w := range u.variables {
			alike := i != j && v.dim == w.dim && v.how == w.how && v.key == w.key
			if alike && len(out) < maxCouplings && u.budget.take(costOfLook) && wider(texts[j], texts[i]) {
				out = append(out, box{facets: []facet{v.predicate, w.predicate.not()}})
			}
		}
		for _, value := range u.valuesOf(v.key) {
			is, matched := u.is(v.key, value), v.with(value)
			if len(out) >= maxCouplings || !u.budget.take(costOfLook) || is == nil || matched.Malformed {
				continue
			}
			matches := u.holds(v.dim, matched.lang)
			out = append(out, box{facets: []facet{v.predicate, *is, matches.not()}})
			if value.IsLiteral() {
				out = append(out, box{facets: []facet{v.predicate.not(), *is, matches}})
			}
		}
	}
	return out
}

// wider tells that whatever the variable's value, the one text matches all that the other does. A `?` could match the
// character that stands for the value, and not the value.
func wider(p, q operand) bool {
	return !strings.Contains(p.Pattern.Text(), "?") && p.lang.Includes(q.lang)
}

// is returns the facet of a key that has a value, or one that a pattern matches; nil where that cannot be said.
func (u *universe) is(key string, value glob.Pattern) *facet {
	dim := u.keys[key]
	d := u.dims[dim]
	switch {
	case d.multi:
		return nil
	case d.values == nil:
		f := u.holds(dim, value.Language())
		return &f
	}
	i := slices.Index(d.values, value.Text())
	if !value.IsLiteral() || i < 0 || d.spelt {
		return nil
	}
	return &facet{dim: dim, set: u.intern("value\x00"+key+"\x00"+value.Text(), func() *set {
		points := newBits(len(d.values))
		points.set(i)
		return &set{points: points}
	})}
}

// mostValues is how many values of one variable are looked at.
const mostValues = 16

// valuesOf returns the values of a key that documents name, and the patterns.
func (u *universe) valuesOf(key string) []glob.Pattern {
	out, ok := u.valued[key]
	if ok {
		return out
	}
	add := func(p glob.Pattern) {
		if len(out) < mostValues && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for _, use := range u.uses() {
		if !strings.EqualFold(use.key, key) {
			continue
		}
		for _, c := range use.conditions {
			op, ok := iam.ParseOperator(c.Operator)
			for i := 0; ok && i < len(c.Values); i++ {
				text := c.Values[i].Text
				switch {
				case strings.Contains(text, "${"):
				case op.Comparison == iam.StringLike:
					add(glob.Compile(text))
				case op.Comparison == iam.StringEquals:
					add(glob.Literal(text))
				}
			}
		}
	}
	for _, d := range u.docs {
		for _, s := range d.statements {
			for _, e := range entries(s) {
				if _, name, user := strings.Cut(e.ID.Text, ":user/"); user && key == "aws:username" && !strings.ContainsAny(name, "*?$") {
					add(glob.Literal(name[strings.LastIndexByte(name, '/')+1:]))
				}
			}
		}
	}
	for _, a := range u.accounts {
		if key == "aws:principalaccount" {
			add(glob.Literal(a))
		}
	}
	u.valued[key] = out
	return out
}

// variableKeys returns the keys that stand in texts of the documents as policy variables.
func (u *universe) variableKeys() []string {
	var out []string
	for _, d := range u.docs {
		if !d.HasVariables() || !d.Mentions("{") {
			continue
		}
		for _, s := range d.statements {
			for text := range texts(s) {
				list, _, _ := authz.Variables(d.Document, text)
				for _, v := range list {
					out = append(out, v.Key)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return slices.CompactFunc(out, strings.EqualFold)
}

// resolve is the value of a policy variable: open, unless somebody says it, or the universe is one caller's. That caller
// has what follows from it, lacks what such callers lack, and for the rest a value that no document has.
func (u *universe) resolve(key string) (value glob.Pattern, present, known bool) {
	if u.resolving != nil {
		return u.resolving(key)
	}
	if u.only == nil {
		return glob.Pattern{}, false, false
	}
	if values, ok := u.only.context.Lookup(key); ok {
		u.given[strings.ToLower(key)] = values[:1]
		return glob.Literal(values[0]), true, true
	}
	if values, ok := u.derived.Lookup(key); ok {
		return glob.Literal(values[0]), true, true
	}
	key = strings.ToLower(key)
	if u.only.kind.never(key) {
		return glob.Pattern{}, false, true
	}
	if _, ok := u.given[key]; !ok {
		u.given[key] = []string{u.fresh.name + "-" + strconv.Itoa(len(u.given))}
	}
	return glob.Literal(u.given[key][0]), true, true
}
