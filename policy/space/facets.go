package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// box is a statement, or one of its alternatives, as a conjunction of facets. The principal is kept apart: callers of each
// kind read it in their own way.
type box struct {
	doc       *iam.Document
	statement *iam.Statement // nil for an axiom
	facets    []facet
	only      func(kind) bool // an axiom's callers, nil for all
	also      *box            // whose principals have to match too
}

// boxes returns a statement as a union of boxes. One is enough but where a policy variable stands beside other values:
// each such value then is an alternative of its own.
func (u *universe) boxes(doc *iam.Document, s *iam.Statement) []box {
	parts := [][][]facet{u.actionFacets(s), u.resourceFacets(doc, s)}
	if u.budget.over() {
		return nil // whatever comes of it is undecided
	}
	for i := range s.Condition {
		parts = append(parts, u.conditionFacets(located{doc, &s.Condition[i]}))
	}
	out := []box{{doc: doc, statement: s}}
	for _, alternatives := range parts {
		if len(out)*len(alternatives) > maxBoxes {
			u.huge = true
			return nil
		}
		var next []box
		for _, b := range out {
			for _, facets := range alternatives {
				b.facets = append(b.facets[:len(b.facets):len(b.facets)], facets...)
				next = append(next, b)
				b.facets = b.facets[:len(b.facets)-len(facets)]
			}
		}
		out = next
	}
	return out
}

// maxBoxes is the most that one statement is taken apart into.
const maxBoxes = 512

func one(facets ...facet) [][]facet { return [][]facet{facets} }

// oneForm returns the element or its Not form; ok is false when there are both or neither.
func oneForm(list, not []*iam.Value) (_ []*iam.Value, out, ok bool) {
	if list == nil {
		list, out = not, true
	}
	return list, out, list != nil && (out || not == nil)
}

// missing is a predicate for what an element would say that a statement lacks, or has in two forms.
func (u *universe) missing(s *iam.Statement, element string) facet {
	text := "missing\x00" + element
	for _, name := range [...]string{element, "Not" + element} {
		if v := s.Value.Member(name); v != nil {
			text += "\x00" + v.Compact()
		}
	}
	return u.predicate(text)
}

func (u *universe) actionFacets(s *iam.Statement) [][]facet {
	list, out, ok := oneForm(s.Action, s.NotAction)
	if !ok {
		return one(u.missing(s, "Action"))
	}
	var key strings.Builder
	key.WriteString("action")
	for _, a := range list {
		key.WriteString("\x00" + strings.ToLower(a.Text))
	}
	made, ok := u.sets[key.String()]
	if !ok {
		if !u.budget.take(costOfActions(list)) {
			return nil // whatever comes of it is undecided
		}
		made = actionSet(list, u.named)
		u.sets[key.String()] = made
	}
	return one(facet{dimAction, made, out})
}

func (u *universe) resourceFacets(doc *iam.Document, s *iam.Statement) [][]facet {
	list, out, ok := oneForm(s.Resource, s.NotResource)
	switch {
	case !ok && authz.IsTrust(doc):
		return one()
	case !ok:
		return one(u.missing(s, "Resource"))
	}
	return u.textual(doc, dimResource, "resource", list, out, false, func(v *iam.Value) operand {
		o := authz.Compile(doc, v.Text, glob.Compile, u.resolve)
		return arnOperand(v.Text, o)
	})
}

// versionOf tells apart documents in which `${` means something and those in which it does not.
func versionOf(doc *iam.Document) string {
	if doc.HasVariables() {
		return iam.Version2012
	}
	return iam.Version2008
}

// conditionFacets reads one condition. Whatever AWS's pages leave open, or the engine does not model, becomes a
// predicate: the same text is the same predicate in every document.
func (u *universe) conditionFacets(c located) [][]facet {
	dim := u.keys[strings.ToLower(c.Key)]
	d := u.dims[dim]
	op, ok := iam.ParseOperator(c.Operator)
	whenAbsent := match(c, "", false)
	switch {
	case !ok:
		return one(u.predicate(predicateText(c)))
	case op.Comparison == iam.Null:
		return u.nullFacets(c, dim, whenAbsent)
	case negatedARN(op) && (hasShortARN(c) || d.multi || d.values != nil):
		return u.open(c, dim, whenAbsent)
	case d.multi:
		return u.manyFacets(c, dim, op, whenAbsent)
	case whenAbsent != authz.Maybe:
		return u.singleFacets(c, dim, op, whenAbsent)
	}
	// What is open is the absent key alone.
	absent := facet{dim: dim, set: u.intern("absent", func() *set { return &set{absent: true} })}
	present := times(one(absent.not()), u.singleFacets(c, dim, op, authz.No))
	return append(present, []facet{absent, u.predicate(predicateText(c))})
}

// singleFacets reads a condition on a key with one value.
func (u *universe) singleFacets(c located, dim int, op iam.Operator, whenAbsent authz.Match) [][]facet {
	switch {
	case u.dims[dim].values != nil:
		return u.finiteFacets(c, dim, whenAbsent)
	case !op.Comparison.Textual():
		return u.oddFacets(c, dim, op, whenAbsent)
	}
	return u.textFacets(c, dim, op, whenAbsent)
}

// open returns the facets of a condition that is not interpreted where the key is there. Where it is not, the condition
// may hold or not for certain.
func (u *universe) open(c located, dim int, whenAbsent authz.Match) [][]facet {
	may := u.predicate(predicateText(c))
	absent := facet{dim: dim, set: u.intern("absent", func() *set { return &set{absent: true} })}
	switch whenAbsent {
	case authz.Yes:
		return [][]facet{{absent}, {may}}
	case authz.No:
		return one(absent.not(), may)
	}
	return one(may)
}

// predicateText is the text by which a condition is known as a predicate.
func predicateText(c located) string {
	return versionOf(c.doc) + "\x00" + c.Operator + "\x00" + strings.ToLower(c.Key) + "\x00" + c.Value.Compact()
}

func (u *universe) nullFacets(c located, dim int, whenAbsent authz.Match) [][]facet {
	whenPresent := match(c, "x", true)
	absent := u.intern("absent", func() *set { return &set{absent: true} })
	switch {
	case whenPresent == authz.Maybe || whenAbsent == authz.Maybe: // a value that is neither
		may := u.predicate(predicateText(c))
		var out [][]facet
		for _, side := range [...]struct {
			match authz.Match
			is    facet
		}{{whenPresent, facet{dim, absent, true}}, {whenAbsent, facet{dim, absent, false}}} {
			switch side.match {
			case authz.Yes:
				out = append(out, []facet{side.is})
			case authz.Maybe:
				out = append(out, []facet{side.is, may})
			}
		}
		return out
	case whenPresent == whenAbsent: // "true" and "false" both
		all := u.intern("all", func() *set { return &set{points: bits{3}} }) // of a predicate's two points
		return one(facet{u.predicate("constant").dim, all, whenAbsent == authz.No})
	}
	return one(facet{dim, absent, whenAbsent != authz.Yes})
}

// manyFacets reads a condition on a multivalued key: ForAllValues and ForAnyValue of strings.
func (u *universe) manyFacets(c located, dim int, op iam.Operator, whenAbsent authz.Match) [][]facet {
	if op.Quantifier == iam.None || !op.Comparison.Textual() {
		return u.open(c, dim, whenAbsent)
	}
	var langs []glob.Language
	for _, v := range c.Values {
		o := u.operand(c.doc, op.Comparison, v)
		switch {
		case o.Open || o.Malformed:
			return u.open(c, dim, whenAbsent)
		case !o.Nothing:
			langs = append(langs, o.lang)
		}
	}
	// "Some value does not match" is the complement of "every value matches", and the reverse.
	every := (op.Quantifier == iam.ForAllValues) != op.Negated
	made := u.intern("many"+predicateText(c), func() *set { return &set{langs: langs, every: every} })
	out := one(facet{dim, made, op.Negated})
	if strings.EqualFold(c.Key, namesOfService) && !slices.Contains(u.listed, made) {
		u.listed = append(u.listed, made)
	}
	if op.Quantifier == iam.ForAllValues && mayBeBlank(c.Key) {
		// AWS says that an empty string is no value, and with none all match.
		blank := u.intern("blank", func() *set { return &set{langs: []glob.Language{glob.Literal("").Language()}, every: true} })
		out = append(out, []facet{{dim: dim, set: blank}, u.predicate("blank\x00" + predicateText(c))})
	}
	if whenAbsent == authz.Maybe {
		absent := u.intern("absent", func() *set { return &set{absent: true} })
		out = append(out, []facet{{dim: dim, set: absent}, u.predicate(predicateText(c))})
	}
	return out
}

// finiteFacets asks the plain evaluator about every class of values.
func (u *universe) finiteFacets(c located, dim int, whenAbsent authz.Match) [][]facet {
	op, _ := iam.ParseOperator(c.Operator)
	k, _ := catalog.LookupKey(c.Key)
	all := k.Type == catalog.TypeBool // whose values all are classes of their own
	spelt := hasWildcard(c) || u.dims[dim].spelt || op.Comparison == iam.StringEqualsIgnoreCase
	if !all && op.Comparison.Textual() && spelt || numeric(op.Comparison) && (u.dims[dim].mixed || !allRational(c)) || hasOpenDate(c, op) {
		return u.open(c, dim, whenAbsent) // the classes were not made for it
	}
	values := u.dims[dim].values
	made := &set{points: newBits(len(values)), absent: whenAbsent == authz.Yes}
	if op.Comparison.Textual() && op.Quantifier == iam.None && !all {
		made.absent = made.absent != op.Negated
		for _, v := range c.Values {
			if i, ok := slices.BinarySearch(values, v.Text); ok { // all are but those that the key never has
				made.points.set(i)
			}
		}
		return one(facet{dim, u.intern("finite"+predicateText(c), func() *set { return made }), op.Negated})
	}
	text := predicateText(c)
	made = u.intern("finite"+text, func() *set {
		var open bits
		made.points, open = u.classes(c, values)
		u.sets["open"+text] = &set{points: open}
		return made
	})
	out := one(facet{dim: dim, set: made})
	if may := u.sets["open"+text]; may.points.leaves(nil) {
		out = append(out, []facet{{dim: dim, set: may}, u.predicate(text)})
	}
	return out
}

// hasStars reports whether a value has a wildcard, be it one in a variable.
func hasStars(c located) bool {
	return slices.ContainsFunc(c.Values, func(v *iam.Value) bool { return strings.ContainsAny(v.Text, "*?") })
}

func hasWildcard(c located) bool {
	for _, v := range c.Values {
		if strings.ContainsAny(v.Text, "*?$") {
			return true
		}
	}
	return false
}

func hasOpenDate(c located, op iam.Operator) bool {
	return date(op.Comparison) && slices.ContainsFunc(c.Values, func(v *iam.Value) bool {
		_, form := authz.ParseDate(v.Text)
		return form == authz.OpenDate
	})
}

// negatedARN reports whether an operator is ArnNotEquals or ArnNotLike, of which it is open what they make of what is no ARN.
func negatedARN(op iam.Operator) bool {
	return op.Negated && (op.Comparison == iam.ARNEquals || op.Comparison == iam.ARNLike)
}

func hasShortARN(c located) bool {
	return slices.ContainsFunc(c.Values, func(v *iam.Value) bool {
		_, ok := glob.CompileARN(v.Text)
		return !ok
	})
}

func allRational(c located) bool {
	for _, v := range c.Values {
		if _, ok := rational(v.Text); !ok {
			return false
		}
	}
	return true
}
