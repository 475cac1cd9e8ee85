package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// starts returns the domains that a request of a kind of caller begins with, within what else is asked of the caller.
func (u *universe) starts(k kind, within []facet) []domain {
	out := make([]domain, len(u.dims))
	for i, d := range u.dims {
		switch key := strings.ToLower(d.key); {
		case i >= dimCaller && i < firstKey:
			out[i] = u.callerStart(k, i)
			if u.only != nil {
				out[i] = u.only.fix(i, u.derived, out[i])
			}
		case d.key == "":
			out[i] = d.start
		default:
			out[i] = d.start
			if values, ok := constants[k].Lookup(key); ok {
				out[i] = fixed(d, values...)
			} else if key == "aws:principaltype" {
				out[i] = orAbsent(d.start).narrow(facet{i, typesOf(d), true}) // a service's is none of the others', if it has one
			} else if k.lacks(key) {
				out[i] = absentOnly(d)
			} else if values, ok := u.given[key]; ok {
				out[i] = fixed(d, values...)
			}
		}
	}
	for _, f := range within {
		out[f.dim] = out[f.dim].narrow(f)
	}
	return out
}

// typesOf returns the values of aws:PrincipalType that callers of the other kinds have.
func typesOf(d dimension) *set {
	made := &set{points: newBits(len(d.values))}
	for k := range kinds {
		if values, ok := constants[k].Lookup(d.key); ok {
			made.langs = append(made.langs, glob.Literal(values[0]).Language())
			if i := slices.Index(d.values, values[0]); i >= 0 {
				made.points.set(i)
			}
		}
	}
	return made
}

// fix holds a dimension that tells callers apart to what one caller has there.
func (c concrete) fix(dim int, derived authz.Context, d domain) domain {
	is := func(s string) domain {
		return text{present: true, region: region{ins: [][]glob.Language{{glob.Literal(s).Language()}}}}
	}
	values, said := c.context.Lookup(callerKeys[dim])
	if !said {
		values, said = derived.Lookup(callerKeys[dim])
	}
	switch {
	case said:
		return is(values[0])
	case dim == dimProvider:
		return text{absent: true}
	}
	return d
}

// fixed returns the domain of a key that has these values.
func fixed(d dimension, values ...string) domain {
	switch start := d.start.(type) {
	case text:
		return text{present: true, region: region{ins: [][]glob.Language{{glob.Literal(values[0]).Language()}}}}
	case finite:
		return d.at(start, values[0])
	case many:
		start.absent = false
		for _, v := range values {
			start.some = append(start.some, part{langs: []glob.Language{glob.Literal(v).Language()}})
		}
		return start
	}
	return d.start
}

// at returns the class of a value: its own, that of what no condition names, or all where the class is not known.
func (d dimension) at(start finite, value string) domain {
	points := newBits(len(start.values))
	for i, v := range start.values {
		if v == value {
			points.set(i)
			return finite{left: points, values: start.values}
		}
	}
	for i, v := range start.values {
		if v == d.fresh && !d.spelt {
			points.set(i)
			named := append([]string{}, start.values...)
			named[i] = value
			return finite{left: points, values: named}
		}
	}
	return start
}

// orAbsent returns a domain in which the key may be absent as well.
func orAbsent(d domain) domain {
	switch d := d.(type) {
	case text:
		d.absent = true
		return d
	case finite:
		d.absent = true
		return d
	}
	return d
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
