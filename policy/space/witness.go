package space

import (
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// witness makes a request of a point.
func (v *view) witness(point []*version) (authz.Request, bool) {
	r := authz.Request{Context: authz.Context{}}
	for key, values := range v.u.given {
		if len(values) > 0 {
			r.Context[key] = values
		}
	}
	var caller [firstKey]string
	for i, d := range v.u.dims {
		if d.opaque || i >= len(point) {
			continue
		}
		values, present, exists, _ := v.plainest(i, point[i].domain).value(&v.budget.left)
		switch {
		case !exists:
			return r, false
		case i == dimAction:
			r.Action = values[0]
		case i == dimResource:
			r.Resource = values[0]
		case !present:
		case i < firstKey:
			caller[i] = values[0]
		default:
			delete(r.Context, strings.ToLower(d.key))
			r.Context[d.key] = values
		}
	}
	v.identify(&r, caller)
	v.u.setClocks(r.Context)
	for key := range v.u.given {
		if strings.HasPrefix(key, "s3:") && !carries(r.Action, key) {
			delete(r.Context, key)
		}
	}
	return r, true
}

// identify names the caller of a request by its values in the dimensions that tell callers apart.
func (v *view) identify(r *authz.Request, caller [firstKey]string) {
	switch v.kind {
	case anonymousCaller:
		r.Principal = authz.Anonymous
	case serviceCaller:
		r.Principal = caller[dimService]
		for key, values := range r.Context {
			if strings.EqualFold(key, namesOfService) && !slices.Contains(values, r.Principal) {
				r.Context[key] = append(values, r.Principal)
			}
		}
	case roleCaller:
		_, session, _ := strings.Cut(caller[dimUserID], ":")
		r.Principal = sessionOf(caller[dimCaller], session)
	default:
		r.Principal = caller[dimCaller]
	}
	derived := authz.DerivedKeys(r.Principal)
	for key, values := range r.Context {
		if same, ok := derived.Lookup(key); ok && slices.Equal(same, values) {
			delete(r.Context, key)
		}
	}
	for dim := dimCaller; dim < firstKey; dim++ {
		key := callerKeys[dim]
		same, ok := derived.Lookup(key)
		_, said := v.u.keys[strings.ToLower(key)]
		switch {
		case caller[dim] == "" || ok && same[0] == caller[dim] && !(dim == dimCaller && v.u.ambiguous(caller[dim])):
		case dim == dimUserID && !said: // it only names the session
		default:
			delete(r.Context, strings.ToLower(key))
			r.Context[key] = []string{caller[dim]}
		}
	}
}

// sessionOf returns the principal that is a session of a role.
func sessionOf(role, session string) string {
	parts := strings.SplitN(role, ":", 6)
	if len(parts) < 6 {
		return role
	}
	name := parts[5][strings.LastIndexByte(parts[5], '/')+1:]
	return "arn:" + parts[1] + ":sts::" + parts[4] + ":assumed-role/" + name + "/" + session
}

// ambiguous reports whether documents name a role of the same name with another path, so that a session does not tell which.
func (u *universe) ambiguous(arn string) bool {
	_, name, role := strings.Cut(arn, ":role/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	return role && slices.ContainsFunc(u.docs, func(d extract) bool {
		return slices.ContainsFunc(d.statements, func(s *iam.Statement) bool {
			return slices.ContainsFunc(entries(s), func(e iam.PrincipalEntry) bool {
				return e.ID.Text != arn && strings.Contains(e.ID.Text, ":role/") && strings.HasSuffix(e.ID.Text, "/"+name)
			})
		})
	})
}

// plainest narrows a domain to values that people know, where there are any.
func (v *view) plainest(dim int, d domain) domain {
	if dim == dimProvider { // most sessions have none
		if absent := d.narrow(noValue); v.some(absent) {
			return absent
		}
	}
	for _, f := range v.plain(dim) {
		if plain := d.narrow(f); v.some(plain) {
			return plain
		}
	}
	return d
}

var noValue = facet{dim: dimProvider, set: &set{absent: true}}

func (v *view) some(d domain) bool {
	_, _, exists, _ := d.value(&v.budget.left)
	return exists
}

// plain returns what people know of a dimension, best first: an object before a bucket, the caller that no document
// knows, in an account that none names.
func (v *view) plain(dim int) []facet {
	is := func(l glob.Language) facet { return facet{dim: dim, set: &set{langs: []glob.Language{l}}} }
	switch {
	case dim == dimResource:
		return plainARNs[:]
	case dim == dimService && v.kind == serviceCaller:
		return []facet{is(glob.Literal(v.u.fresh.name + ".amazonaws.com").Language())}
	case dim == dimUserID && v.kind == roleCaller:
		return []facet{is(glob.Literal("AROACKCEVSQ6C2EXAMPLE:" + v.u.fresh.session).Language()), is(glob.Compile("*:" + v.u.fresh.session).Language())}
	case dim == dimUserID && v.kind == userCaller:
		return []facet{is(glob.Literal("AIDACKCEVSQ6C2EXAMPLE").Language())}
	case dim == dimCaller && v.kind.signed():
		account, _ := glob.Literal(v.u.fresh.account).Language().Account(glob.Compile("*/" + v.u.fresh.name))
		anyAccount, _ := glob.Compile("*").Language().Account(glob.Compile("*/" + v.u.fresh.name))
		inAccount, _ := glob.Literal(v.u.fresh.account).Language().Account(glob.Compile("*"))
		return []facet{is(account), is(anyAccount), is(inAccount), is(glob.Compile("*//*").Language()).not()}
	case dim < firstKey || v.u.dims[dim].values != nil || v.u.dims[dim].multi:
		return nil
	}
	var out []facet
	for _, value := range v.u.fresh.plainValues(v.u.dims[dim].key) {
		out = append(out, is(glob.Literal(value).Language()))
	}
	return append(out, is(glob.Literal("").Language()).not())
}

// carries reports whether requests for an action may have a key of S3's.
func carries(action, key string) bool {
	a, ok := catalog.LookupAction(action)
	return ok && a.Supports(key)
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
