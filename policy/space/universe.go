package space

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// The first dimensions of every universe: what is asked for, and who asks.
const (
	dimAction = iota
	dimResource
	dimCaller
	dimService
	dimProvider
	dimUserID
	dimAccount
	dimUser
	firstKey
)

// dimension is one coordinate of a request.
type dimension struct {
	key    string // as first spelled; "" for action, resource and opaque predicates
	opaque bool   // a predicate that is left uninterpreted
	multi  bool
	start  domain
	values []string // of a finite dimension's points
	fresh  string   // finite: the value that stands for all that no condition names
	spelt  bool     // finite: a value has more than one spelling, which only text tells apart
	mixed  bool     // finite: a value is compared as a number and as a date
}

// universe is the space of requests that some documents can tell apart.
type universe struct {
	docs    []extract
	budget  *budget
	sieves  map[*iam.Condition]*sieve
	used    []use // see uses
	dims    []dimension
	keys    map[string]int // dimension by lower-case key
	opaque  map[string]int // dimension by predicate
	sets    map[string]*set
	numbers map[*set]int // in the order of first use
	fresh   names
	axioms  []box
	named   []string // actions of S3 that the catalog does not have
	// accounts and partitions are those that documents name; cloudFront says whether one of its identities is.
	accounts, partitions []string
	cloudFront           bool
	tied                 map[tied]*set
	whom                 map[who][][]facet
	lists                map[int][]*set // of languages, by how many
	variables            []variable
	listed               []*set                    // of names of a service
	valued               map[string][]glob.Pattern // the values of the keys of policy variables
	coupling             []box                     // what follows from the texts of these
	resolving            authz.Resolve             // nil but while a text is read with a value
	// huge is set when the documents name more actions, or combine more variables or principals, than can be gone through.
	huge bool
	// only is set for a universe in which every policy variable has a value: that of this caller.
	only    *concrete
	derived authz.Context // what follows from the caller
	given   authz.Context // the values that do not follow from the caller, by lower-case key
}

// concrete is one caller.
type concrete struct {
	kind      kind
	principal string
	context   authz.Context
}

// newUniverse collects what the documents mention, as far as the budget goes. With a caller every policy variable has a value.
func newUniverse(docs []extract, only *concrete, budget *budget) *universe {
	u := &universe{
		docs: docs, budget: budget, sieves: map[*iam.Condition]*sieve{}, only: only, given: authz.Context{}, keys: map[string]int{}, opaque: map[string]int{}, sets: map[string]*set{},
		numbers: map[*set]int{}, tied: map[tied]*set{}, whom: map[who][][]facet{}, lists: map[int][]*set{}, valued: map[string][]glob.Pattern{},
	}
	u.dims = make([]dimension, firstKey)
	u.dims[dimResource].start = text{present: true, region: region{ins: [][]glob.Language{like("arn:?*:?*:*:*:?*")}, outs: like("arn:*:s3:::")}}
	for dim := dimCaller; dim < firstKey; dim++ {
		u.dims[dim] = dimension{key: callerKeys[dim], start: text{absent: true, present: true}}
	}
	u.fresh = unknownNames(docs)
	u.addNames()
	u.addActions()
	u.addKeys()
	if only != nil {
		u.derived = authz.DerivedKeys(only.principal)
	}
	u.addAxioms()
	return u
}

func like(pattern string) []glob.Language { return []glob.Language{glob.Compile(pattern).Language()} }

// use is one key with all conditions on it.
type use struct {
	key        string
	conditions []located
}

// located is a condition and its document.
type located struct {
	doc *iam.Document
	*iam.Condition
}

// uses returns all keys that conditions or variables name, in order.
func (u *universe) uses() []use {
	if u.used == nil {
		u.used = u.collect()
	}
	return u.used
}

func (u *universe) collect() []use {
	index := map[string]int{}
	var out []use
	for _, d := range u.docs {
		for _, s := range d.statements {
			for j := range s.Condition {
				c := &s.Condition[j]
				k := strings.ToLower(c.Key)
				at, ok := index[k]
				if !ok {
					at = len(out)
					index[k] = at
					out = append(out, use{key: c.Key})
				}
				out[at].conditions = append(out[at].conditions, located{d.Document, c})
			}
		}
	}
	for _, key := range u.variableKeys() {
		if _, ok := index[strings.ToLower(key)]; !ok {
			index[strings.ToLower(key)] = len(out)
			out = append(out, use{key: key})
		}
	}
	slices.SortFunc(out, func(a, b use) int { return cmp.Compare(strings.ToLower(a.key), strings.ToLower(b.key)) })
	return out
}

func (u *universe) addKeys() {
	for _, use := range u.uses() {
		if dim := slices.IndexFunc(callerKeys[:], func(k string) bool { return k != "" && strings.EqualFold(k, use.key) }); dim >= 0 {
			u.keys[strings.ToLower(use.key)] = dim
			continue
		}
		k, _ := catalog.LookupKey(use.key)
		d := dimension{key: use.key, fresh: u.fresh.of(use.key), multi: k.Multivalued || !k.Global && k.Name == "" && use.quantified()}
		absent := k.Presence != catalog.PresenceAlways
		switch {
		case d.multi:
			d.start = many{absent: absent, present: true, all: region{ins: formOf(use.key)}}
		case use.textual() && !use.literal() && k.Type != catalog.TypeBool:
			d.start = text{absent: absent, present: true, region: region{ins: formOf(use.key)}}
		default:
			d.values = slices.DeleteFunc(u.representatives(use, d.fresh), func(v string) bool { return !formed(use.key, v) })
			numbers, dates := use.compares(numeric), use.compares(date)
			d.spelt = numbers || dates || use.compares(func(c iam.Comparison) bool { return c == iam.IPAddress })
			d.mixed = numbers && dates
			points := newBits(len(d.values))
			for i := range d.values {
				points.set(i)
			}
			d.start = finite{absent, points, d.values}
		}
		u.keys[strings.ToLower(use.key)] = len(u.dims)
		u.dims = append(u.dims, d)
	}
}

func (s use) quantified() bool {
	return slices.ContainsFunc(s.conditions, func(c located) bool {
		op, _ := iam.ParseOperator(c.Operator)
		return op.Quantifier != iam.None
	})
}

// textual reports whether all conditions compare strings or ARNs, so that the values are to be kept as strings.
func (s use) textual() bool {
	return !slices.ContainsFunc(s.conditions, func(c located) bool {
		op, ok := iam.ParseOperator(c.Operator)
		return ok && !op.Comparison.Textual() && op.Comparison != iam.Null
	})
}

// literal reports whether all conditions compare with whole strings, so that these and one more value are all that matters.
func (s use) literal() bool {
	return len(s.operands(iam.Comparison.Textual)) > 0 && !slices.ContainsFunc(s.conditions, func(c located) bool {
		op, ok := iam.ParseOperator(c.Operator)
		return ok && op.Comparison != iam.Null && (op.Comparison != iam.StringEquals && op.Comparison != iam.StringLike || hasWildcard(c))
	})
}

// intern returns one set for all that say the same, so that equal conditions are equal pointers.
func (u *universe) intern(key string, make func() *set) *set {
	s, ok := u.sets[key]
	if !ok {
		s = make()
		u.sets[key] = s
	}
	return s
}

// predicate returns the facet of something that is not interpreted: equal text is taken to mean the same everywhere.
func (u *universe) predicate(text string) facet {
	dim, ok := u.opaque[text]
	if !ok {
		both := bits{3}
		dim = len(u.dims)
		u.opaque[text] = dim
		u.dims = append(u.dims, dimension{opaque: true, start: finite{false, both, []string{"false", "true"}}})
	}
	return facet{dim: dim, set: u.intern("opaque", func() *set { return &set{points: bits{2}} })}
}

// match asks the plain evaluator about one condition at one point.
func match(c located, value string, present bool) authz.Match {
	return authz.MatchCondition(c.doc, c.Condition, []string{value}, present)
}
