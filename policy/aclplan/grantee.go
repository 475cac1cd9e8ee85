package aclplan

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// grantee is who is granted something, as a policy says it.
type grantee struct {
	words     string
	principal any
	condition any
	standsFor string // for a proof, an account that nobody has, in place of a canonical user id: each is some one account
	note      string
	outcome   Outcome // other than Moved where it is settled
	logs      bool    // log delivery, which only writes
	public    bool    // anyone may be one: no policy is proposed for them
}

// canonicalID is what S3 takes for a canonical user.
var canonicalID = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)

// grantee says who is granted something.
func (p *planner) grantee(g policy.Grant) grantee {
	group, isGroup := strings.CutPrefix(g.URI, ownership.Groups)
	account := p.Accounts[cmp.Or(g.ID, g.Email)]
	switch {
	case isGroup:
		return p.group(group)
	case g.URI != "":
		return grantee{words: g.URI, outcome: Open, note: "there is no such group, so S3 refuses the ACL"}
	case account != "" && account == p.Bucket.Owner.Value:
		return grantee{words: "the bucket's owner " + account, outcome: Owners}
	case account != "":
		return grantee{
			words:     "account " + account,
			principal: map[string]string{"AWS": "arn:" + p.partition() + ":iam::" + account + ":root"},
			note:      "the account must also allow it in its own policies",
		}
	case g.ID != "" && !canonicalID.MatchString(g.ID):
		return grantee{words: "canonical user " + g.ID, outcome: Open, note: "this is not a canonical user id, which has 64 hexadecimal digits"}
	case g.ID != "":
		return grantee{
			words: "canonical user " + g.ID, principal: map[string]string{"CanonicalUser": g.ID}, standsFor: p.standIn(g.ID),
			note: "S3 may store the account's id instead; name the account with --account ID=ACCOUNT, especially if it is the owner's own",
		}
	case g.Email != "":
		return grantee{words: g.Email, outcome: Open, note: "a policy cannot name an e-mail address; name the account with --account ADDRESS=ACCOUNT"}
	}
	return grantee{words: g.Field, outcome: Open, note: "AWS does not say which principal this ACL means; name those that need access in the policy"}
}

// standIn is an account for a canonical user id that nothing else names.
func (p *planner) standIn(id string) string {
	if p.standIns[id] == "" {
		account := ""
		for account == "" || p.names(account) {
			p.last++
			account = fmt.Sprintf("%012d", p.last)
		}
		p.standIns[id] = account
	}
	return p.standIns[id]
}

func (p *planner) names(account string) bool {
	return account == p.Bucket.Owner.Value || slices.Contains(slices.Collect(maps.Values(p.Accounts)), account) ||
		p.Document != nil && strings.Contains(p.Document.Text(), account)
}

func (p *planner) group(name string) grantee {
	switch name {
	case ownership.AllUsers:
		return grantee{
			words: "anyone", public: true,
			note: "this is public, and review refuses such a policy; decide which principals need access, allow them in the policy, and " +
				"remove the grant",
		}
	case ownership.AuthenticatedUsers:
		return grantee{
			words: "every AWS account", public: true,
			note: "anyone with an AWS account has access, and review refuses such a policy; decide which principals need access, allow " +
				"them in the policy, and remove the grant",
		}
	case ownership.LogDelivery:
		return p.logDelivery()
	}
	return grantee{words: ownership.Groups + name, outcome: Open, note: "there is no such group, so S3 refuses the ACL"}
}

// logDelivery is the service that takes the group's place, for the owner's account: source and target are of one account.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
func (p *planner) logDelivery() grantee {
	out := grantee{words: "log delivery", logs: true}
	if !p.Bucket.Owner.Known() {
		out.outcome, out.note = Open, "name the account whose buckets are logged, the bucket's own, with --owner ACCOUNT"
		return out
	}
	sources := []string{"arn:" + p.partition() + ":s3:::*"}
	if len(p.Sources) > 0 {
		sources = nil
	} else {
		out.note = "this accepts logs of every bucket of the account; name the logged buckets with --log-source"
	}
	for _, s := range p.Sources {
		sources = append(sources, "arn:"+p.partition()+":s3:::"+s)
	}
	out.principal = map[string]string{"Service": "logging.s3.amazonaws.com"}
	out.condition = map[string]any{
		"ArnLike":      map[string]any{"aws:SourceArn": sources},
		"StringEquals": map[string]string{"aws:SourceAccount": p.Bucket.Owner.Value},
	}
	return out
}
