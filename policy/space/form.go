package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// formOf returns the form that AWS gives the values of a key, nil for any text: an account is twelve digits.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func formOf(key string) [][]glob.Language {
	switch {
	case isAccountKey(key):
		return [][]glob.Language{{glob.Template{}.One(glob.Digit, digitsOfAccount).Language()}}
	case strings.EqualFold(key, namesOfService):
		return [][]glob.Language{serviceNames()}
	}
	return nil
}

// serviceNames returns the forms of the names of services.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
func serviceNames() []glob.Language {
	name := glob.Template{}.One(glob.Host, 1).Any(glob.Host).Text(".amazonaws.com")
	return []glob.Language{name.Language(), name.Text(".cn").Language()}
}

// isAccountKey reports whether AWS gives a key the id of an account.
func isAccountKey(key string) bool {
	return slices.ContainsFunc([]string{
		"aws:SourceAccount", "aws:SourceOwner", "aws:ResourceAccount", "s3:ResourceAccount", "aws:VpceAccount", "s3:DataAccessPointAccount",
	}, func(k string) bool { return strings.EqualFold(k, key) })
}

// formed reports whether a value has the form that its key asks for.
func formed(key, value string) bool {
	form := formOf(key)
	return form == nil || form[0][0].Has(value)
}

// of returns a value of a key that no document knows.
func (n names) of(key string) string {
	if isAccountKey(key) {
		return n.account
	}
	return n.name
}

// plainValues are such as people know, of keys whose values are of some form; none for any text.
func (n names) plainValues(key string) []string {
	switch {
	case isAccountKey(key):
		return []string{n.account}
	case strings.EqualFold(key, "aws:SourceIp"), strings.EqualFold(key, "aws:VpcSourceIp"):
		return []string{"203.0.113.7", "198.51.100.7", "192.0.2.7", "10.0.0.7", "172.16.0.7", "192.168.0.7", "2001:db8::7"}
	case strings.EqualFold(key, "aws:SourceArn"):
		return []string{"arn:aws:s3:::" + n.name, "arn:aws:sns:us-east-1:" + n.account + ":" + n.name}
	}
	return nil
}
