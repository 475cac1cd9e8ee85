package space

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// arnOperand reads a pattern of Resource. What it matches only when a wildcard crosses one of the first colons is open.
func arnOperand(text string, o authz.Operand) operand {
	out := operand{Operand: o, lang: o.Pattern.Language()}
	prefix := o.Pattern.Prefix()
	colons := strings.Count(prefix, ":")
	if o.Open || colons >= 5 || len(text) == len(prefix)+1 && strings.HasSuffix(text, "*") { // no such wildcard, or `*` alone at the end
		return out
	}
	p := o.Pattern
	if missing := 5 - strings.Count(text, ":"); missing > 0 && strings.HasSuffix(text, "*") {
		p = glob.Concat(p, glob.Compile(strings.Repeat(":*", missing)))
	}
	arn, _ := glob.ARNOf(p) // none is matched by nothing
	out.lang, out.wide = arn.Language(), o.Pattern.Language()
	out.loose = true
	return out
}

// operand is a compiled text of a document and the strings that it matches.
type operand struct {
	authz.Operand
	lang  glob.Language // matched for certain, or with Open at most
	loose bool          // more may match: what wide has
	wide  glob.Language
}

// textual makes the facets of a list of patterns in a dimension of strings. Where it is open whether a value matches, as
// with a policy variable, the list has alternatives: what matches for certain, and what may match together with a
// predicate that says so.
func (u *universe) textual(doc *iam.Document, dim int, name string, list []*iam.Value, out, absent bool,
	read func(*iam.Value) operand,
) [][]facet {
	var b strings.Builder
	b.WriteString(name + "\x00" + versionOf(doc))
	if absent {
		b.WriteString("\x00absent")
	}
	for _, v := range list {
		b.WriteString("\x00" + v.Text)
	}
	key := b.String()
	if !u.budget.take(costOfOperand * len(list)) {
		return nil // whatever comes of it is undecided
	}
	var plain []glob.Language
	var open []maybe
	for _, v := range list {
		o := read(v)
		switch {
		case o.Malformed:
			return one(u.predicateOf(name+"\x00"+key, out))
		case o.Nothing && out && dim == dimResource: // the statement may be invalid
			open = append(open, maybe{predicate: u.predicate(name + "\x00no value\x00" + v.Text)})
		case o.Nothing:
		case o.Open:
			open = append(open, u.variable(doc, dim, name, v, o.lang, read))
		default:
			plain = append(plain, o.lang)
			if o.loose {
				open = append(open, u.loose(dim, name, v, o.wide))
			}
		}
	}
	var alternatives [][]facet
	if len(plain) > 0 || absent || len(open) == 0 || out {
		made := u.intern(key, func() *set { return &set{langs: plain, absent: absent} })
		alternatives = one(facet{dim, made, out})
	}
	for _, m := range open {
		if out {
			alternatives = times(alternatives, m.not())
		} else {
			alternatives = append(alternatives, m.holds...)
		}
	}
	return alternatives
}

func (u *universe) predicateOf(text string, out bool) facet {
	f := u.predicate(text)
	f.out = out
	return f
}

// textFacets reads a condition that compares text, of a key with one value.
func (u *universe) textFacets(c located, dim int, op iam.Operator, whenAbsent authz.Match) [][]facet {
	out := op.Negated
	name := "key " + strings.ToLower(c.Key) + " " + string(op.Comparison)
	if op.Comparison == iam.StringLike && !hasStars(c) {
		name = "key " + strings.ToLower(c.Key) + " " + string(iam.StringEquals) // which says the same
	}
	facets := u.textual(c.doc, dim, name, c.Values, out, whenAbsent == authz.Yes != out, func(v *iam.Value) operand {
		return u.operand(c.doc, op.Comparison, v)
	})
	if !negatedARN(op) || dim == dimCaller { // whose values are all ARNs
		return facets
	}
	arn, absent := u.holds(dim, like("arn:*:*:*:*:*")...), facet{dim: dim, set: u.intern("absent", func() *set { return &set{absent: true} })}
	facets = append(times(one(arn), facets), []facet{absent.not(), arn.not(), u.predicate(predicateText(c))})
	if whenAbsent == authz.Yes {
		facets = append(facets, []facet{absent})
	}
	return facets
}

// operand reads one value of a String or Arn operator.
func (u *universe) operand(doc *iam.Document, how iam.Comparison, v *iam.Value) operand {
	compile := glob.Literal
	if how == iam.StringLike || how == iam.ARNLike || how == iam.ARNEquals {
		compile = glob.Compile
	}
	o := operand{Operand: authz.Compile(doc, v.Text, compile, u.resolve)}
	switch how {
	case iam.StringEqualsIgnoreCase:
		o.lang = o.Pattern.FoldLanguage()
	case iam.ARNEquals, iam.ARNLike:
		arn, ok := glob.ARNOf(o.Pattern)
		o.lang = arn.Language()
		o.Malformed = o.Malformed || o.Open // which colons a value brings is not known
		if !ok {                            // what a short pattern matches begins like it, at most
			o.loose, o.wide = true, glob.Concat(o.Pattern, glob.Compile("*")).Language()
		}
	default:
		o.lang = o.Pattern.Language()
	}
	return o
}
