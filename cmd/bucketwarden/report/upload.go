package report

import (
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/upload"
)

// Upload is what explain upload prints.
type Upload struct {
	*Subject // nil without a policy, and for a document alone
	*upload.Answer
}

// NewUpload is an answer without the name of a policy.
func NewUpload(u *upload.Answer) Upload { return Upload{Answer: u} }

// Text is the answer in sentences, one thing a paragraph.
func (answer Upload) Text() string {
	u := sentences{answer.Answer}
	said := append([]string{u.acceptance(), u.objectOwner(), u.needed()}, u.policies()...)
	if u.Blocked {
		said = append(said, "Block Public Access: a bucket or account with BlockPublicAcls on, as AWS makes every new bucket, "+
			"refuses this ACL with 403 AccessDenied.")
	}
	if u.Doubt != "" {
		said = append(said, "What is open: "+u.Doubt+".")
	}
	var b strings.Builder
	if answer.Subject != nil {
		fmt.Fprintln(&b, answer.Subject)
	}
	for _, s := range said {
		if s != "" {
			b.WriteString(wrap(s, 100))
		}
	}
	for _, s := range u.Sources {
		fmt.Fprintln(&b, s)
	}
	return b.String()
}

// sentences puts an answer into words.
type sentences struct{ *upload.Answer }

func (u sentences) acceptance() string {
	switch {
	case u.Accepted == ownership.Yes:
		with := ""
		if len(u.Policy) == 0 {
			with = ", from a caller with the permissions below"
		}
		return "Accepted" + with + ": " + u.setting() + "."
	case u.Error == upload.AccessDenied && u.Accepted == ownership.No:
		return fmt.Sprintf("Refused: 403 AccessDenied. %s, but the bucket policy does not allow what is needed.", capital(u.setting()))
	case u.Error == upload.AccessDenied:
		return "Undecided, perhaps 403 AccessDenied: the bucket policy may not allow everything that is needed."
	case u.Accepted == ownership.No:
		return fmt.Sprintf("Refused: %d %s. %s. Send no ACL, or bucket-owner-full-control.", u.Error.Status, u.Error.Code, capital(u.setting()))
	case u.Error != nil:
		return fmt.Sprintf("Undecided, perhaps %d %s: %s. To be sure, send no ACL, or bucket-owner-full-control.", u.Error.Status,
			u.Error.Code, u.setting())
	}
	return "Undecided: " + u.setting() + ". To be sure, send no ACL, or bucket-owner-full-control."
}

// setting says what the Object Ownership makes of ACLs.
func (u sentences) setting() string {
	switch {
	case u.Ownership != ownership.BucketOwnerEnforced:
		return fmt.Sprintf("under %s ACLs are on, and an upload may send any", u.Ownership)
	case u.ACL == ownership.None:
		return "under BucketOwnerEnforced ACLs are off, and the upload sends none"
	case u.Accepted == ownership.Yes || u.Error == upload.AccessDenied:
		return "under BucketOwnerEnforced ACLs are off, and this one changes nothing"
	}
	return fmt.Sprintf("under BucketOwnerEnforced ACLs are off, and the upload sends %s", u.ACL)
}

func (u sentences) objectOwner() string {
	switch {
	case u.ObjectOwn == nil:
		return ""
	case u.ObjectOwn.Party == ownership.BucketOwner:
		return fmt.Sprintf("Object owner: the bucket's owner, account %s.", u.ObjectOwn.Account)
	}
	who := "the account of the service that writes it"
	if u.ObjectOwn.Account != "" {
		who = "the writer's account " + u.ObjectOwn.Account
	}
	return fmt.Sprintf("Object owner: %s. A policy of the bucket's owner, account %s, cannot grant access to it; %s.", who, u.Owner,
		map[bool]string{
			true:  "the ACL gives that account full control of the object itself",
			false: "that account may use it only as its ACL says",
		}[u.ACL == ownership.BucketOwnerFullControl || u.ACL == ownership.OwnerGrant])
}

func (u sentences) needed() string {
	where := "in the caller's own policy and in the bucket policy, because the accounts differ"
	switch {
	case u.SameAccount():
		where = "in the caller's own policy or in the bucket policy"
	case !strings.HasPrefix(u.Caller, "arn:"):
		where = "in the bucket policy, because a service has no policy of its own"
	}
	switch {
	case u.Accepted == ownership.No && u.Error != upload.AccessDenied:
		return "s3:PutObjectAcl: no effect, because the upload is refused with and without it."
	case u.NeedsACL == ownership.Yes:
		return fmt.Sprintf("s3:PutObjectAcl: needed in addition to s3:PutObject, %s.", where)
	case u.NeedsACL == ownership.Undecided:
		return "s3:PutObjectAcl: undecided. An upload without an ACL needs only s3:PutObject."
	}
	return fmt.Sprintf("s3:PutObjectAcl: not needed; s3:PutObject is enough, %s.", where)
}

// policies says what the bucket policy makes of each permission.
func (u sentences) policies() []string {
	var out []string
	for _, p := range u.Policy {
		text := "The bucket policy "
		switch p.Allows {
		case upload.Allows:
			text += fmt.Sprintf("allows %s, as in: %s.", p.Action, p.Witness)
		case upload.Denies:
			text += fmt.Sprintf("denies %s on every object.", p.Action)
		case upload.AllowsNone:
			text += fmt.Sprintf("does not allow %s on any object.", p.Action)
			if u.SameAccount() {
				text += " A policy of the caller can, because the account is the same."
			}
		case upload.Unsettled:
			text += fmt.Sprintf("may or may not allow %s: %s.", p.Action, p.Reason)
		}
		out = append(out, text)
	}
	return out
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
