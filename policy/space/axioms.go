package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// The resources of S3: buckets and objects, objects, those of them that have a bucket and a key, and all of S3's services.
var (
	s3ARNs       = &set{langs: like("arn:*:s3:::*")}
	objectARNs   = &set{langs: like("arn:*:s3:::*/*")}
	namedObjects = &set{langs: like("arn:*:s3:::?*/?*")}
	allARNs      = &set{langs: like("arn:aws*:s3*:*:*:*")}
	// anyS3 is how people name what an action of the account is about, which no ARN names.
	anyS3 = &set{langs: []glob.Language{glob.Literal("arn:aws:s3:::*").Language(), glob.Literal("arn:aws-cn:s3:::*").Language(),
		glob.Literal("arn:aws-us-gov:s3:::*").Language()}}
)

// plainARNs are an object's and a bucket's.
var plainARNs = [...]facet{
	{dim: dimResource, set: &set{langs: like("arn:aws:s3:::?*/?*")}},
	{dim: dimResource, set: &set{langs: like("arn:aws:s3:::?*")}},
}

// addAxioms lists what cannot be a request: boxes that cover without being anybody's permission.
func (u *universe) addAxioms() {
	u.axioms = append(u.axioms,
		box{facets: []facet{{dim: dimAction, set: known.notObject}, {dim: dimResource, set: objectARNs}}},
		box{facets: []facet{
			{dim: dimAction, set: known.notBucket}, {dim: dimResource, set: objectARNs, out: true}, {dim: dimResource, set: s3ARNs},
		}},
		box{facets: []facet{{dim: dimAction, set: &set{points: known.all}}, {dim: dimResource, set: allARNs, out: true}}},
		box{facets: []facet{{dim: dimResource, set: objectARNs}, {dim: dimResource, set: namedObjects, out: true}}})
	u.axioms = append(u.axioms, box{facets: []facet{{dim: dimAction, set: known.ofAccount}, {dim: dimResource, set: anyS3, out: true}}})
	absent := u.intern("absent", func() *set { return &set{absent: true} })
	ofS3 := &set{points: append(slices.Clone(known.all), u.namedPoints()...)}
	for dim, d := range u.dims {
		if !strings.HasPrefix(strings.ToLower(d.key), "s3:") {
			continue
		}
		u.axioms = append(u.axioms, box{facets: []facet{{dim: dimAction, set: ofS3, out: true}, {dim: dim, set: absent, out: true}}})
		k, _ := catalog.LookupKey(d.key)
		if never, ok := known.without[k.Name]; ok { // a key that the catalog does not have may be carried by any
			u.axioms = append(u.axioms, box{facets: []facet{{dim: dimAction, set: never}, {dim: dim, set: absent, out: true}}})
		}
	}
	u.issuerAxioms()
	u.tagAxioms(absent)
	u.clockAxioms()
	u.networkAxioms(absent)
	for _, who := range [...]string{"principal", "source", "vpce"} {
		u.organizationAxioms("aws:"+who+"orgpaths", "aws:"+who+"orgid", absent)
	}
}

// namesOfService is the key of all names that a service has, its own among them.
const namesOfService = "aws:principalservicenameslist"

// nameCouplings: the name of a service is on the list of its names, so that what holds for each of these, or for none, holds
// for it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicenameslist
func (u *universe) nameCouplings() []box {
	var out []box
	dim := u.keys[namesOfService]
	absent := u.intern("absent", func() *set { return &set{absent: true} })
	services := func(k kind) bool { return k == serviceCaller }
	for _, s := range u.listed {
		name := u.holds(dimService, s.langs...)
		all, some := &set{langs: s.langs, every: true}, &set{langs: s.langs}
		out = append(out,
			box{facets: []facet{{dim, absent, true}, {dim: dim, set: all}, name.not()}, only: services},
			box{facets: []facet{{dim, absent, true}, {dim, some, true}, name}, only: services})
	}
	return out
}

// tagAxioms: a request that sets a tag lists its key, and the other way round.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tagkeys
func (u *universe) tagAxioms(absent *set) {
	for prefix, listKey := range map[string]string{"aws:requesttag/": "aws:tagkeys", "s3:requestobjecttag/": "s3:requestobjecttagkeys"} {
		list, ok := u.keys[listKey]
		if !ok || !u.dims[list].multi {
			continue
		}
		for key, dim := range u.keys {
			if tag, ok := strings.CutPrefix(key, prefix); ok && !u.dims[dim].multi {
				others := &set{langs: []glob.Language{glob.Literal(tag).FoldLanguage()}}
				u.axioms = append(u.axioms,
					box{facets: []facet{{dim, absent, true}, {list, others, true}}}, box{facets: []facet{{dim: dim, set: absent}, {dim: list, set: others}}})
			}
		}
	}
}

// issuerAxioms: an identity provider of an account vouches for sessions of that account's roles.
func (u *universe) issuerAxioms() {
	for _, issuer := range u.issuers() {
		if ids := appendAccounts(nil, issuer); len(ids) > 0 {
			account, _ := glob.Literal(ids[0]).Language().Account(glob.Compile("*"))
			u.axioms = append(u.axioms, box{facets: []facet{
				u.holds(dimProvider, glob.Literal(issuer).Language()), u.holds(dimCaller, account).not(),
			}})
		}
	}
}

// issuers returns the identity providers that documents name with their ARN.
func (u *universe) issuers() []string {
	var out []string
	add := func(id string) {
		if strings.HasPrefix(id, "arn:") && !strings.ContainsAny(id, "*?$") && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, d := range u.docs {
		for _, s := range d.statements {
			for _, e := range entries(s) {
				if e.Type == "Federated" {
					add(e.ID.Text)
				}
			}
			for _, c := range s.Condition {
				for i := 0; strings.EqualFold(c.Key, callerKeys[dimProvider]) && i < len(c.Values); i++ {
					add(c.Values[i].Text)
				}
			}
		}
	}
	return out
}

// networkAxioms: a request comes over a VPC endpoint or it has a source address. Calls between services have neither.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
func (u *universe) networkAxioms(absent *set) {
	address, ok := u.keys["aws:sourceip"]
	if !ok {
		return
	}
	for _, key := range [...]string{"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn"} {
		if endpoint, ok := u.keys[key]; ok {
			u.axioms = append(u.axioms, box{facets: []facet{
				{dim: address, set: absent, out: true}, {dim: endpoint, set: absent, out: true},
			}, only: func(k kind) bool { return k != serviceCaller }})
		}
	}
}

// organizationAxioms: the paths of a request lead through its organization, and it has both or neither.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
func (u *universe) organizationAxioms(pathsKey, idKey string, absent *set) {
	paths, ok := u.keys[pathsKey]
	id, both := u.keys[idKey]
	if !ok || !both || !u.dims[paths].multi || u.dims[id].multi {
		return
	}
	for _, out := range [...]bool{false, true} {
		u.axioms = append(u.axioms, box{facets: []facet{{paths, absent, out}, {id, absent, !out}}})
	}
	for _, org := range u.organizations(pathsKey, idKey) {
		one := &set{langs: []glob.Language{glob.Literal(org).Language()}}
		if values := u.dims[id].values; values != nil {
			i, named := slices.BinarySearch(values, org)
			if !named {
				continue // no condition tells it from others
			}
			one.points = newBits(len(values))
			one.points.set(i)
		}
		through := like(org + "/*")
		u.axioms = append(u.axioms,
			box{facets: []facet{{dim: paths, set: &set{langs: through}}, {id, one, true}}},
			box{facets: []facet{{paths, &set{langs: through, every: true}, true}, {dim: id, set: one}}})
	}
}

// organizations returns those that the conditions on two keys name.
func (u *universe) organizations(keys ...string) []string {
	var out []string
	for _, use := range u.uses() {
		if !slices.Contains(keys, strings.ToLower(use.key)) {
			continue
		}
		for _, text := range use.operands(iam.Comparison.Textual) {
			if org, _, _ := strings.Cut(text, "/"); org != "" && !strings.ContainsAny(org, "*?$") {
				out = append(out, org)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
