package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// It asks what the Allows lack. What a Deny takes away from services is BW504's, and what is too much BW408's.
var logDeliveryIncomplete = &policy.Rule{
	ID:      "BW505",
	Name:    "log-delivery-incomplete",
	Summary: "a workload has access, but lacks an action, a folder, an ACL or the Object Ownership that it needs",
	Why: "A service that delivers logs first checks the bucket, then writes to its own folder, with an ACL that hands over " +
		"the object. If one of these is not allowed it delivers nothing, usually silently. AWS documents what each " +
		"service needs; for a workload that the annotation bucketwarden.dev/profile names, more is known than for a " +
		"service.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html",
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
		"https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html",
		"https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html",
	},
	Severity: policy.Medium,
	Baseline: policy.Warn, Restricted: policy.Warn,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkLogDelivery,
}

func checkLogDelivery(in policy.Input) []policy.Finding {
	p := in.Profile
	switch {
	case p != nil && in.Kind == policy.Settings:
		return wrongOwnership(in, p)
	case in.Kind != policy.BucketPolicy || in.Document == nil:
		return nil
	case p != nil && p.Err == nil:
		return lackingOfProfile(in, p)
	}
	return lackingOfServices(in)
}

// wrongOwnership is the finding that a workload does not work under the bucket's Object Ownership.
func wrongOwnership(in policy.Input, p *policy.Profile) []policy.Finding {
	ownership := in.Bucket.Ownership
	if len(p.Ownership) == 0 || !ownership.Explicit() || slices.Contains(p.Ownership, ownership.Value) {
		return nil
	}
	return []policy.Finding{{Field: p.Field, Message: fmt.Sprintf("profile %s works only with Object Ownership %s; it is %s",
		p.Name, policy.OneOf(p.Ownership), ownership.Value)}}
}

// lackingOfProfile is the finding that the policy allows nothing of a part of its profile: of an action in a folder.
func lackingOfProfile(in policy.Input, p *policy.Profile) []policy.Finding {
	var lacking []string
	var f policy.Finding
	for _, s := range p.Grants.Statements {
		for _, action := range s.Action {
			for _, r := range s.Resource {
				one := s
				one.Action, one.Resource = []*iam.Value{action}, []*iam.Value{r}
				part := p.Grants.With(one)
				if slices.Contains(p.Spare, action.Text) || allowsSome(in, part) {
					continue
				}
				lacking = append(lacking, fmt.Sprintf("%s on %s to %s", action.Text, verbatim(r.Text), s.Principal.Entries[0].ID.Text))
				if f.Witness == nil {
					f.Witness = space.Access(part, space.Everyone, in.Budget.Share(partBudget)).Witness
				}
			}
		}
	}
	if lacking == nil {
		return nil
	}
	f.Message = fmt.Sprintf("profile %s needs more than the policy allows; allow %s", p.Name, strings.Join(lacking, ", "))
	return []policy.Finding{f}
}

// allowsSome reports whether the Allows of a document may allow anything of what another one does.
func allowsSome(in policy.Input, part *iam.Document) bool {
	allows := in.Document.Only(func(s *iam.Statement) bool { return s.Effect == iam.Allow })
	return space.Granted(allows, part, in.Budget.Share(partBudget)).Answer != space.None
}

// lackingOfServices is one finding for each service that is let in to deliver and lacks something by every profile of it: by
// the one that lacks least.
func lackingOfServices(in policy.Input) []policy.Finding {
	var out []policy.Finding
	seen, asked := map[string]bool{}, 0
	for s := range statements(in) {
		if s.Effect != iam.Allow || s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.Entries {
			if e.Type != "Service" || seen[e.ID.Text] || len(seen) == mostAsked {
				continue
			}
			seen[e.ID.Text] = true
			if lacking := leastLacking(in, e.ID.Text, &asked); len(lacking) > 0 {
				out = append(out, about(s, e.ID.Path(), "%s has access, but not to everything it needs; also allow %s",
					quoted(e.ID.Text, 48), strings.Join(lacking, ", ")))
			}
		}
	}
	return out
}

func leastLacking(in policy.Input, service string, asked *int) []string {
	var least []string
	known, _ := catalog.LookupService(service)
	for i, p := range profiles.Of(service) {
		if !p.Delivers {
			return nil // it may be here for something else
		}
		var lacking []string
		for _, n := range p.Needs() {
			if n.Service != known.Principal || plainly(in, service, n) {
				continue
			}
			if *asked++; *asked > mostAsked {
				return nil
			}
			if !allowsSome(in, needed(in, service, n)) {
				lacking = append(lacking, inWords(n))
			}
		}
		if i == 0 || len(lacking) < len(least) {
			least = lacking
		}
	}
	return least
}

// plainly tells, without asking the engine, that a statement names the service, the action and such a resource, and asks for
// no other ACL than the service sends.
func plainly(in policy.Input, service string, n profiles.Need) bool {
	for s := range statements(in) {
		if s.Effect == iam.Allow && s.Principal != nil &&
			slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool { return e.ID.Text == service }) &&
			slices.ContainsFunc(s.Action, func(v *iam.Value) bool { return glob.Compile(v.Text).MatchFold(n.Action) }) &&
			slices.ContainsFunc(s.Resource, func(v *iam.Value) bool { return glob.Compile(v.Text).Overlaps(glob.Compile(place(in, n))) }) &&
			!slices.ContainsFunc(s.Condition, func(c iam.Condition) bool { return refusesACL(c, n.ACL) }) {
			return true
		}
	}
	return false
}

// refusesACL reports whether a condition may refuse an ACL.
func refusesACL(c iam.Condition, acl string) bool {
	op, _ := iam.ParseOperator(c.Operator)
	return strings.EqualFold(c.Key, aclKey) && (op.Negated || !slices.ContainsFunc(c.Values, func(v *iam.Value) bool { return v.Text == acl }))
}

const aclKey = "s3:x-amz-acl"

// place is the resource of a need.
func place(in policy.Input, n profiles.Need) string {
	if n.Keys == "" {
		return home(in)
	}
	return home(in) + "/" + n.Keys
}

// needed is a need as a document.
func needed(in policy.Input, service string, n profiles.Need) *iam.Document {
	s := map[string]any{
		"Effect": iam.Allow, "Principal": map[string]string{"Service": service}, "Action": n.Action, "Resource": place(in, n),
	}
	if n.ACL != "" {
		s["Condition"] = condition{"StringEquals": {aclKey: {n.ACL}}}
	}
	return iam.NewDocument(s)
}

func inWords(n profiles.Need) string {
	out := n.Action + " on the bucket"
	if n.Keys != "" {
		out = n.Action + " on its objects"
	}
	if folder := strings.Trim(n.Keys, "*"); folder != "" {
		out = fmt.Sprintf("%s on %q", n.Action, strings.TrimLeft(n.Keys, "*"))
	}
	if n.ACL != "" {
		out += " with s3:x-amz-acl " + n.ACL
	}
	return out
}
