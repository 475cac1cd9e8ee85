package ownership

import "slices"

// The pages that the table rests on.
const (
	pageOwnership = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"
	pageErrors    = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html"
	pageACLs      = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"
	pagePutObject = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"
	pageBlock     = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
)

// Outcome is what comes of one upload whose caller has s3:PutObject.
type Outcome struct {
	Accepted Answer
	Error    string // S3's code, with the status 400, where Accepted is not Yes; "" where no page names one
	// Owner owns the object, if it is accepted: "" where it is not.
	Owner Party
	// NeedsACL reports whether the caller needs s3:PutObjectAcl too; No where nothing is accepted.
	NeedsACL Answer
	// Public ACLs are refused while Block Public Access has BlockPublicAcls, with 403 AccessDenied: where ACLs are on.
	Public bool
	// Sources are the pages that say so. Where an answer is Undecided, they are the ones that disagree or stay silent.
	Sources []string
	// Doubt says what is undecided and why; "" where nothing is.
	Doubt string
}

// row is one ACL: the answers by relation, the bucket's own account first.
type row struct {
	acl      ACL
	enforced [2]Answer // accepted where ACLs are off
	enabled  Answer    // accepted where they are on
	needs    [2]Answer // s3:PutObjectAcl where they are on
	public   bool
	doubt    [2]string // where ACLs are off, where they are on
}

const (
	ownersOwn = "AWS's pages say that S3 accepts no ACL except bucket-owner-full-control, but users " +
		"report that it accepts, from the bucket's own account, an ACL that gives the owner nothing new"
	unchanged = "PutObject's page requires s3:PutObjectAcl to change the ACL of an upload; no page says whether an ACL that equals " +
		"the default is a change"
	bucketsOnly = "the user guide lists this ACL for buckets only, and PutObject's page does not list it at all"
)

// rows is the table. What bucket-owner-full-control needs where ACLs are on was tried: s3:PutObjectAcl from another account,
// and nothing more from the bucket's own.
var rows = []row{
	{None, [2]Answer{Yes, Yes}, Yes, [2]Answer{No, No}, false, [2]string{}},
	{Private, [2]Answer{Undecided, No}, Yes, [2]Answer{Undecided, Undecided}, false, [2]string{ownersOwn, unchanged}},
	{PublicRead, [2]Answer{No, No}, Yes, [2]Answer{Yes, Yes}, true, [2]string{}},
	{PublicReadWrite, [2]Answer{No, No}, Yes, [2]Answer{Yes, Yes}, true, [2]string{}},
	{AuthenticatedRead, [2]Answer{No, No}, Yes, [2]Answer{Yes, Yes}, true, [2]string{}},
	{AWSExecRead, [2]Answer{No, No}, Yes, [2]Answer{Yes, Yes}, false, [2]string{}},
	{BucketOwnerRead, [2]Answer{Undecided, No}, Yes, [2]Answer{Undecided, Yes}, false, [2]string{ownersOwn, unchanged}},
	{BucketOwnerFullControl, [2]Answer{Yes, Yes}, Yes, [2]Answer{No, Yes}, false, [2]string{}},
	{LogDeliveryWrite, [2]Answer{Undecided, No}, Undecided, [2]Answer{Undecided, Undecided}, false, [2]string{bucketsOnly, bucketsOnly}},
	{Grants, [2]Answer{No, No}, Yes, [2]Answer{Yes, Yes}, false, [2]string{}},
	{OwnerGrant, [2]Answer{Yes, Yes}, Yes, [2]Answer{Undecided, Yes}, false, [2]string{"", unchanged}},
}

// ACLs returns all that an upload can say of ACLs, in the order of AWS's table.
func ACLs() []ACL {
	var out []ACL
	for _, r := range rows {
		out = append(out, r.acl)
	}
	return out
}

// Upload returns what comes of an upload to a bucket with the setting. It is false for a setting or an ACL that there is
// not.
func Upload(setting Setting, acl ACL, relation Relation) (Outcome, bool) {
	i := slices.IndexFunc(rows, func(r row) bool { return r.acl == acl })
	if i < 0 || !slices.Contains(Settings(), setting) {
		return Outcome{}, false
	}
	if setting == BucketOwnerEnforced {
		return rows[i].whereOff(relation), true
	}
	return rows[i].whereOn(setting, relation), true
}

func (r row) whereOff(relation Relation) Outcome {
	out := Outcome{Accepted: r.enforced[index(relation)], Owner: BucketOwner, NeedsACL: No, Sources: []string{pageOwnership}}
	switch out.Accepted {
	case No:
		out.Error, out.Owner, out.Sources = NotSupported, "", []string{pageErrors, pagePutObject}
	case Undecided:
		out.Error, out.NeedsACL, out.Doubt = NotSupported, Undecided, r.doubt[0]
		out.Sources = []string{pageErrors, pagePutObject, pageACLs}
	}
	return out
}

func (r row) whereOn(setting Setting, relation Relation) Outcome {
	out := Outcome{
		Accepted: r.enabled, Owner: Writer, NeedsACL: r.needs[index(relation)], Public: r.public,
		Sources: []string{pageOwnership, pagePutObject},
	}
	if relation == SameAccount || setting == BucketOwnerPreferred && r.acl == BucketOwnerFullControl {
		out.Owner = BucketOwner
	}
	if out.Accepted == Undecided || out.NeedsACL == Undecided {
		out.Doubt, out.Sources = r.doubt[1], []string{pagePutObject, pageACLs}
	}
	if r.public {
		out.Sources = append(out.Sources, pageBlock)
	}
	return out
}

func index(relation Relation) int {
	if relation == SameAccount {
		return 0
	}
	return 1
}

// Needed reports whether some upload that is, or may be, accepted surely needs s3:PutObjectAcl beside s3:PutObject.
func Needed(setting Setting, relation Relation) bool {
	return setting != BucketOwnerEnforced && slices.Contains(Settings(), setting) &&
		slices.ContainsFunc(rows, func(r row) bool { return r.needs[index(relation)] == Yes })
}

// Refused returns the canned ACLs with which S3 surely refuses an upload where ACLs are off, and the ones with which it
// accepts it or may.
func Refused(relation Relation) (refused, others []string) {
	for _, r := range rows {
		switch {
		case !r.acl.Canned():
		case r.enforced[index(relation)] == No:
			refused = append(refused, string(r.acl))
		default:
			others = append(others, string(r.acl))
		}
	}
	return refused, others
}
