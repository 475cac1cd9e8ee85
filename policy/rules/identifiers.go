package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// identifier is the form of what AWS gives out as the value of a key.
type identifier struct {
	want     string // completes "... is not ..."
	valid    *regexp.Regexp
	shapes   []glob.Pattern // those of valid, for a pattern to overlap with
	alphabet string         // of valid: all other characters of a pattern match nothing
	also     string         // a value that is not of the form and yet occurs
}

const (
	lowerDigits = "abcdefghijklmnopqrstuvwxyz0123456789"
	hexDigits   = "abcdef0123456789"
)

func patterns(texts ...string) []glob.Pattern {
	var out []glob.Pattern
	for _, t := range texts {
		out = append(out, glob.Compile(t))
	}
	return out
}

// ofEC2 is the id of something in a network, with the eight characters of old or the seventeen of today.
func ofEC2(want, prefix string) identifier {
	return identifier{
		want:     "the id of " + want + " (" + prefix + " and 8 or 17 of a-f, 0-9)",
		valid:    regexp.MustCompile(`^` + prefix + `([0-9a-f]{8}|[0-9a-f]{17})$`),
		shapes:   patterns(prefix+"????????", prefix+"?????????????????"),
		alphabet: hexDigits + prefix,
	}
}

var (
	anAccount = identifier{
		want: "an account (12 digits)", valid: regexp.MustCompile(`^[0-9]{12}$`), shapes: patterns("????????????"), alphabet: "0123456789",
	}
	anAccountOrNone = identifier{anAccount.want, anAccount.valid, anAccount.shapes, anAccount.alphabet, "anonymous"}
	anOrganization  = identifier{
		want: "the id of an organization (o- and 10 to 32 of a-z, 0-9)", valid: regexp.MustCompile(`^o-[a-z0-9]{10,32}$`),
		shapes: patterns("o-??????????*"), alphabet: lowerDigits + "-",
	}
	anOrganizationPath = identifier{
		want:   "a path in full, such as o-a1b2c3d4e5/r-ab12/",
		valid:  regexp.MustCompile(`^o-[a-z0-9]{10,32}/r-[a-z0-9]{4,32}/(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}/)*$`),
		shapes: patterns("o-??????????*/r-????*/"), alphabet: lowerDigits + "-/",
	}
)

// identifiers are by their keys in lower case.
//
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
var identifiers = map[string]identifier{
	"aws:principalaccount":      anAccountOrNone,
	"aws:resourceaccount":       anAccount,
	"aws:sourceaccount":         anAccount,
	"aws:sourceowner":           anAccount,
	"aws:vpceaccount":           anAccount,
	"s3:dataaccesspointaccount": anAccount,
	"s3:resourceaccount":        anAccount,

	"aws:principalorgid":    anOrganization,
	"aws:resourceorgid":     anOrganization,
	"aws:sourceorgid":       anOrganization,
	"aws:vpceorgid":         anOrganization,
	"aws:principalorgpaths": anOrganizationPath,
	"aws:resourceorgpaths":  anOrganizationPath,
	"aws:sourceorgpaths":    anOrganizationPath,
	"aws:vpceorgpaths":      anOrganizationPath,

	"aws:sourcevpc":  ofEC2("a VPC", "vpc-"),
	"aws:sourcevpce": ofEC2("a VPC endpoint", "vpce-"),
}

// fits reports whether a request may have a value that a condition compares with text. It errs on the side of true.
func (id identifier) fits(text string, like, fold bool) bool {
	if fold {
		text = strings.ToLower(text)
	}
	if id.valid.MatchString(text) || text == id.also && text != "" {
		return true
	}
	if !like || !strings.ContainsAny(text, "*?") {
		return false
	}
	pattern := glob.Compile(text)
	return id.also != "" && glob.Match(text, id.also) || strings.Trim(text, id.alphabet+"*?") == "" && slices.ContainsFunc(id.shapes, pattern.Overlaps)
}

// checkIdentifiers finds values that are no id of what the key is about, so that no request has them: a variable that was never
// set, a slip. S3 takes them, so a warning is the most.
func checkIdentifiers(s *iam.Statement, c iam.Condition, op iam.Operator) []policy.Finding {
	like := op.Comparison == iam.StringLike || op.Comparison == iam.ARNEquals || op.Comparison == iam.ARNLike
	if !like && op.Comparison != iam.StringEquals && op.Comparison != iam.StringEqualsIgnoreCase {
		return nil
	}
	id, known := identifiers[strings.ToLower(c.Key)]
	arn := strings.EqualFold(c.Key, "aws:SourceArn")
	var out []policy.Finding
	for _, v := range c.Values {
		wrong, write := "", ""
		switch {
		case strings.Contains(v.Text, "${"), unrendered(v.Text, "") != "", !like && strings.ContainsAny(v.Text, "*?"): // BW112's, and BW804's
		case known && !id.fits(v.Text, like, op.Comparison == iam.StringEqualsIgnoreCase):
			wrong = "is not " + id.want
		case arn:
			wrong, write = wrongSource(s, v.Text, op.Comparison != iam.StringLike)
		}
		if wrong != "" {
			f := about(s, v.Path(), "%s %s %s; no request has it%s", c.Key, quoted(v.Text, 40), wrong, write)
			f.Ceiling = policy.Warn
			out = append(out, f)
		}
	}
	return out
}

var (
	anARN          = glob.Compile("arn:*:*:*:*:*")
	aDistribution  = glob.Compile("distribution/?*")
	distributionID = regexp.MustCompile(`^distribution/[A-Z0-9*?]+$`)
)

// wrongSource returns why no service can act for the resource of an ARN, "" when one may, and what to do. Of a pattern whose
// wildcards may stand for several parts, only what comes before them is looked at; parted says that they stay within one.
func wrongSource(s *iam.Statement, text string, parted bool) (wrong, write string) {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 {
		if strings.Contains(text, "*") && glob.Compile(text).Overlaps(anARN) {
			return "", ""
		}
		return impossibleSource(parts), ""
	}
	if star := slices.IndexFunc(parts, func(p string) bool { return strings.Contains(p, "*") }); star >= 0 && star < 5 && !parted {
		parts = parts[:star]
	}
	plain := func(i int) bool { return i < len(parts) && !strings.ContainsAny(parts[i], "*?") }
	if wrong := impossibleSource(parts); plain(4) && wrong != "" {
		return wrong, ""
	}
	if !plain(2) {
		return "", ""
	}
	write = "; write arn:aws:cloudfront::ACCOUNT:distribution/ID"
	switch {
	case parts[2] == "cloudfront":
		wrong = wrongDistribution(parts)
	case onlyCloudFront(s.Principal):
		wrong = "is not a distribution"
	case parts[2] == "s3" && plain(5) && !strings.ContainsAny(parts[5], "/:") && (plain(3) && parts[3] != "" || plain(4) && parts[4] != ""):
		wrong, write = "has a region or account, as no bucket does", "; write arn:aws:s3:::BUCKET"
	case parts[2] == "cloudtrail" && plain(3) && parts[3] == "":
		wrong, write = "has no region, as all trails do", "; write arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME"
	}
	if wrong == "" {
		return "", ""
	}
	return wrong, write
}

// impossibleSource returns why a value cannot be the ARN of anything, by its parts, "" when it can.
func impossibleSource(parts []string) string {
	switch {
	case len(parts) < 6:
		return "is not an ARN, which has six parts"
	case parts[4] != "" && parts[4] != "aws" && !anAccount.valid.MatchString(parts[4]):
		return "has an account of other than 12 digits"
	}
	return ""
}

// wrongDistribution returns why the parts of an ARN, or the first of them, are not a distribution's, "" when they may be.
func wrongDistribution(parts []string) string {
	switch {
	case len(parts) > 3 && strings.Trim(parts[3], "*") != "":
		return "has a region, which CloudFront's ARNs lack"
	case len(parts) > 4 && parts[4] == "":
		return "has no account"
	case len(parts) > 5 && !aDistribution.Overlaps(glob.Compile(parts[5])),
		len(parts) > 5 && strings.HasPrefix(parts[5], "distribution/") && !distributionID.MatchString(parts[5]):
		return "names no distribution"
	}
	return ""
}

// onlyCloudFront tells whether a statement is about CloudFront, which sends the ARN of a distribution, and about nobody else.
func onlyCloudFront(p *iam.Principal) bool {
	return p != nil && len(p.Entries) > 0 && !slices.ContainsFunc(p.Entries, func(e iam.PrincipalEntry) bool {
		return e.Type != "Service" || strings.TrimSuffix(e.ID.Text, ".cn") != "cloudfront.amazonaws.com"
	})
}
