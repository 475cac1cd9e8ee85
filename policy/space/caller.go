package space

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// kind is what sort of caller makes a request. Who the caller is within its kind is a matter of dimensions: the ARN, the
// name of a service, who authenticated a session, the unique id. So no account and no name stands for others; each
// pattern of a document cuts these dimensions where it cuts them.
type kind uint8

const (
	anonymousCaller kind = iota
	roleCaller           // a session of a role
	userCaller
	serviceCaller
	federatedCaller // a user of GetFederationToken
	rootCaller
	kinds
)

// signed reports whether the caller has an ARN, and so an account.
func (k kind) signed() bool { return k != anonymousCaller && k != serviceCaller }

// callerKeys are the keys of the dimensions that tell callers of a kind apart. Where a key follows from the caller's ARN, a
// condition on it is turned into one on the ARN (see tie), and its own dimension is not looked at.
var callerKeys = [...]string{
	dimCaller: "aws:PrincipalArn", dimService: "aws:PrincipalServiceName", dimProvider: "aws:FederatedProvider",
	dimUserID: "aws:userid", dimAccount: "aws:PrincipalAccount", dimUser: "aws:username",
}

// sample is a caller of the kind, for what follows from the kind alone.
func (k kind) sample() string {
	return [...]string{
		anonymousCaller: authz.Anonymous, serviceCaller: "s3.amazonaws.com", rootCaller: "arn:aws:iam::111122223333:root",
		federatedCaller: "arn:aws:sts::111122223333:federated-user/f", userCaller: "arn:aws:iam::111122223333:user/u",
		roleCaller: "arn:aws:sts::111122223333:assumed-role/r/s",
	}[k]
}

// resource is how the last part of the ARN of a signed caller begins.
func (k kind) resource() string {
	return [kinds]string{roleCaller: "role/", userCaller: "user/", federatedCaller: "federated-user/", rootCaller: "root"}[k]
}

// constants are the keys whose values follow from the kind, by kind, and a sample of those that follow from the caller.
var constants = func() (out [kinds]authz.Context) {
	for k := range kinds {
		out[k] = authz.Context{}
		derived := authz.DerivedKeys(k.sample())
		for _, key := range [...]string{"aws:PrincipalIsAWSService", "aws:PrincipalType", callerKeys[dimCaller], callerKeys[dimAccount]} {
			if values, ok := derived.Lookup(key); ok {
				out[k][key] = values
			}
		}
	}
	return out
}()

// callerStart is what is possible in a dimension that tells callers apart, for those of one kind.
func (u *universe) callerStart(k kind, dim int) domain {
	switch {
	case dim == dimCaller && k.signed():
		return text{present: true, region: region{ins: [][]glob.Language{u.arns(k)}}}
	case dim == dimService && k == serviceCaller:
		return text{present: true, region: region{ins: [][]glob.Language{serviceNames()}}}
	case dim == dimProvider && k == roleCaller:
		return text{absent: true, present: true}
	case dim == dimUserID && k == serviceCaller: // AWS's table does not say what services have: no id of others
		others := like("AROA*:*")
		others = append(others, like("AIDA*")...)
		account := glob.Template{}.One(glob.Digit, digitsOfAccount)
		others = append(others, account.Language(), account.Text(":").Any(glob.NotColon).Language(), glob.Literal(authz.Anonymous).Language())
		return text{absent: true, present: true, region: region{outs: others}}
	case dim == dimUserID && k == roleCaller:
		id := glob.Template{}.Text("AROA").One(glob.NotColon, 1).Any(glob.NotColon).Text(":").Any(glob.NotSlash).One(glob.NotSlash, 1)
		return text{present: true, region: region{ins: [][]glob.Language{{id.Language()}}}}
	case dim == dimUserID && k == userCaller:
		id := glob.Template{}.Text("AIDA").One(glob.NotColon, 1).Any(glob.NotColon)
		return text{present: true, region: region{ins: [][]glob.Language{{id.Language()}}}}
	case (dim == dimUserID || dim == dimAccount) && k == anonymousCaller:
		return text{present: true, region: region{ins: [][]glob.Language{{glob.Literal(authz.Anonymous).Language()}}}}
	}
	return text{absent: true}
}

// digitsOfAccount is how many an account id has.
const digitsOfAccount = 12

// arns returns the forms of the ARNs that callers of a kind have, in each partition that documents name.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
func (u *universe) arns(k kind) []glob.Language {
	var out []glob.Language
	for _, part := range u.partitions {
		iamARN := glob.Template{}.Text("arn:"+part+":iam::").One(glob.Digit, digitsOfAccount)
		stsARN := glob.Template{}.Text("arn:"+part+":sts::").One(glob.Digit, digitsOfAccount)
		// A path may hold any printable character, a colon too.
		named := func(t glob.Template) glob.Language { return t.Any(glob.Anything).One(glob.NotSlash, 1).Language() }
		switch k {
		case rootCaller:
			out = append(out, iamARN.Text(":root").Language())
		case userCaller:
			out = append(out, named(iamARN.Text(":user/")))
			if u.cloudFront { // whose identities are users of an account of that name
				out = append(out, named(glob.Template{}.Text("arn:"+part+":iam::cloudfront:user/")))
			}
		case roleCaller:
			out = append(out, named(iamARN.Text(":role/")))
		case federatedCaller:
			out = append(out, stsARN.Text(":federated-user/").Any(glob.NotSlash).One(glob.NotSlash, 1).Language())
		}
	}
	return out
}

// lacks reports whether requests of this kind of caller never carry a key, in lower case.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (k kind) lacks(key string) bool {
	switch {
	case key == "aws:principalservicenameslist", key == "aws:sourcearn", key == "aws:sourceaccount",
		key == "aws:sourceorgid", key == "aws:sourceorgpaths", key == "aws:sourceowner":
		return k != serviceCaller
	case key == "aws:principalorgid", key == "aws:principalorgpaths", strings.HasPrefix(key, "aws:principaltag/"),
		key == "aws:tokenissuetime", key == "aws:multifactorauthpresent", key == "aws:multifactorauthage":
		return !k.signed()
	case key == "aws:principalisawsservice":
		return k == anonymousCaller
	case key == "aws:sourceidentity": // which who assumes a role may set
		return k != roleCaller
	}
	return false
}

// never reports whether requests of this kind of caller never carry a key, in lower case, also one of those that tell callers
// apart.
func (k kind) never(key string) bool {
	switch key {
	case "aws:principalarn", "aws:principalaccount":
		return !k.signed()
	case "aws:principalservicename":
		return k != serviceCaller
	case "aws:username":
		return k != userCaller
	case "aws:federatedprovider":
		return k != roleCaller
	}
	return k.lacks(key)
}

// tied is a set of one key's values on the way to the set of ARNs of the callers that have them.
type tied struct {
	set *set
	by  int // which of ways
}

// The ways in which a key follows from the ARN of a caller.
const (
	notTied = iota
	byAccount
	byUserName
	byFederation // ACCOUNT:NAME
)

// way tells how the key of a dimension follows from the ARN of callers of a kind.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func (k kind) way(dim int) int {
	switch {
	case dim == dimAccount && k.signed(), dim == dimUserID && k == rootCaller:
		return byAccount
	case dim == dimUser && k == userCaller:
		return byUserName
	case dim == dimUserID && k == federatedCaller:
		return byFederation
	}
	return notTied
}

// tie turns a facet of a key that follows from the caller's ARN into one of the ARN.
func (u *universe) tie(k kind, f facet) facet {
	way := notTied
	if f.dim > dimService && f.dim < firstKey {
		way = k.way(f.dim)
	}
	if way == notTied {
		return f
	}
	made, ok := u.tied[tied{f.set, way}]
	if !ok {
		made = &set{ofAccount: way == byAccount}
		for _, l := range f.set.langs {
			made.langs = append(made.langs, arnsWith(l, way)...)
		}
		u.tied[tied{f.set, way}] = made
	}
	return facet{dimCaller, made, f.out}
}

// arnsWith returns the ARNs of callers whose key has a value that l holds.
func arnsWith(l glob.Language, way int) []glob.Language {
	any := glob.Compile("*")
	p, fold, ok := l.Unwrap()
	switch {
	case way == byAccount:
		if arn, ok := l.Account(any); ok {
			return []glob.Language{arn}
		}
	case !ok: // names are no ARNs
	case way == byUserName:
		name := glob.Template{}.Text("arn:").Any(glob.NotColon).Text(":iam::").Any(glob.NotColon).Text(":user").
			Any(glob.Anything).Text("/").Pattern(p, glob.NotSlash)
		if fold {
			return []glob.Language{name.FoldLanguage()}
		}
		return []glob.Language{name.Language()}
	case way == byFederation:
		var out []glob.Language
		accounts, names := p.Split()
		for i, a := range accounts {
			user := glob.Template{}.Text("arn:").Any(glob.NotColon).Text(":sts::").Pattern(a, glob.Digit).
				Text(":federated-user/").Pattern(names[i], glob.NotSlash)
			if fold {
				out = append(out, user.FoldLanguage())
			} else {
				out = append(out, user.Language())
			}
		}
		return out
	}
	return nil
}
