package profiles

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
)

// Parameter is something that profiles ask for.
type Parameter struct {
	Name  string // "source-account"
	Means string // one clause
	Like  string // an example; "" for an option, which is set or not
	form  *regexp.Regexp
}

// Option reports whether it is set or not, and has no other value.
func (p Parameter) Option() bool { return p.Like == "" }

const (
	bucketName = `[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]`
	digits     = `[0-9]{12}`
)

// Parameters returns all of them. What a value may be leaves no room for wildcards, variables or quotes.
func Parameters() []Parameter { return slices.Clone(parameters) }

var parameters = []Parameter{
	{"bucket", "the bucket that the policy is for", "logs", whole(bucketName)},
	{"principal", "the role or user that needs the access", "arn:aws:iam::111122223333:role/app",
		whole(`arn:aws[a-z-]*:iam::` + digits + `:(role|user)/[\w+=,.@/-]+`)},
	{"prefix", "the prefix of the keys, if not the whole bucket", "team-a/", whole(`[\w!.'()=+@,-][\w!.'()=+@,/-]*`)},
	{"account", "the account of the bucket", "111122223333", whole(digits)},
	{"source-account", "the account whose logs or requests these are, by default the bucket's", "444455556666", whole(digits)},
	{"region", "the region of the resource that writes or reads, which also gives the partition", "eu-central-1", whole(`[a-z]{2,4}(-[a-z]+)+-[0-9]`)},
	{"trail", "the name of the trail", "main", whole(`[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]`)},
	{"organization", "the id of the organization, for a trail of all its accounts", "o-a1b2c3d4e5", whole(`o-[a-z0-9]{10,32}`)},
	{"source-bucket", "the bucket that is logged, listed or replicated", "shop", whole(bucketName)},
	{"distribution", "the id of the CloudFront distribution", "EDFDVBD6EXAMPLE", whole(`E[A-Z0-9]{7,31}`)},
	{"detector", "the id of the GuardDuty detector", "12abc34d567e8fa901bc2d34e56789f0", whole(`[a-f0-9]{32}`)},
	{"dashboard", "the id of the Storage Lens dashboard", "default", whole(`[\w.-]{1,64}`)},
	{"key", "the ARN of the KMS key", "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
		whole(`arn:aws[a-z-]*:kms:[a-z0-9-]+:` + digits + `:key/[A-Za-z0-9-]+`)},
	{"delete", "objects are deleted too", "", nil},
	{"tagging", "tags are read or written too", "", nil},
	{"acls", "ACLs are not disabled on the bucket (Object Ownership is not BucketOwnerEnforced)", "", nil},
	{"regional-account", "allow the account of the region's load balancers instead of their service", "", nil},
}

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }

// Values are those of parameters, by name; "true" for an option.
type Values map[string]string

// check refuses what the profile cannot be made of. The error unwraps to a *ParameterError for each value that is wrong, and a
// *MissingError for what is missing.
func (p *Profile) check(v Values) error {
	out := p.mistakes(v)
	if missing := p.missing(v); missing != nil {
		out = append(out, missing)
	}
	return out.error()
}

// Accepts refuses values that the profile cannot be made of, whatever is missing. The error unwraps as that of Bucket.
func (p *Profile) Accepts(v Values) error { return p.mistakes(v).error() }

func (p *Profile) mistakes(v Values) mistakes {
	var out mistakes
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if err := p.accept(name, v[name]); err != nil {
			out = append(out, err)
		}
	}
	if _, ok := catalog.LoadBalancerAccount(v["region"]); v["regional-account"] != "" && v["region"] != "" && !ok && out == nil {
		out = append(out, &ParameterError{"regional-account",
			fmt.Sprintf("the load balancers of %s have none; leave it out to allow their service", v["region"])})
	}
	return out
}

// missing returns a *MissingError, or nil.
func (p *Profile) missing(v Values) error {
	out := &MissingError{Profile: p.Name}
	for _, name := range p.Requires {
		if v[name] == "" && (name != sourceAccount || v["account"] == "") {
			q, _ := lookup(name)
			out.Parameters = append(out.Parameters, q)
		}
	}
	if out.Parameters == nil {
		return nil
	}
	return out
}

// Lacks returns the parameters that the profile cannot do without and that have no value.
func (p *Profile) Lacks(v Values) []Parameter {
	var missing *MissingError
	errors.As(p.missing(v), &missing)
	if missing == nil {
		return nil
	}
	return missing.Parameters
}

func (p *Profile) accept(name, value string) error {
	q, known := lookup(name)
	wrong := func(name, format string, args ...any) error {
		return &ParameterError{name, fmt.Sprintf(format, args...)}
	}
	mine := slices.Concat(p.Requires, p.Takes)
	switch {
	case !known:
		return wrong(quoted(name), "no profile has such a parameter%s", didYouMean(name, mine))
	case !slices.Contains(mine, name):
		return wrong(name, "profile %s does not have it; it has %s%s", p.Name, strings.Join(mine, ", "), didYouMean(name, mine))
	case q.Option() && value != "true":
		return wrong(name, "it takes no value, but got %s; set it or leave it out", quoted(value))
	case !q.Option() && (!q.form.MatchString(value) || strings.Contains(value, "..")):
		return wrong(name, "%s is not valid; write %s, such as %s", quoted(value), q.Means, q.Like)
	case name == "region" && !catalog.LooksLikeRegion(value):
		return wrong(name, "%s is not a region of AWS%s", quoted(value), didYouMean(value, catalog.Regions()))
	}
	return nil
}

func lookup(name string) (Parameter, bool) {
	i := slices.IndexFunc(parameters, func(q Parameter) bool { return q.Name == name })
	if i < 0 {
		return Parameter{}, false
	}
	return parameters[i], true
}

// derive returns what the templates know: the values, and what follows from them.
func derive(v Values) map[string]string {
	out := map[string]string{"source_bucket": "*"}
	for name, value := range v {
		out[strings.ReplaceAll(name, "-", "_")] = value
	}
	out["partition"] = partition(v)
	out["arn"] = "arn:" + out["partition"] + ":s3:::" + v["bucket"]
	if out["folder"] = v["prefix"]; v["prefix"] != "" {
		out["folder"] = strings.TrimSuffix(v["prefix"], "/") + "/"
	}
	if out["source"] = v["source-account"]; out["source"] == "" {
		out["source"] = v["account"]
	}
	if principal := strings.SplitN(v["principal"], ":", 6); len(principal) == 6 {
		out["who"] = `"Principal": {"AWS": "` + v["principal"] + `"},`
		if v["acls"] != "" && principal[4] != v["account"] { // the owner of the bucket gets what others write only by an ACL
			out["handover"] = "true"
		}
	}
	if v["regional-account"] != "" {
		out["elb"], _ = catalog.LoadBalancerAccount(v["region"])
	}
	return out
}

// partition is that of an ARN which was given, else of the region.
func partition(v Values) string {
	for _, arn := range []string{v["principal"], v["key"]} {
		if rest, ok := strings.CutPrefix(arn, "arn:"); ok {
			out, _, _ := strings.Cut(rest, ":")
			return out
		}
	}
	switch region := v["region"]; {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	}
	return "aws"
}
