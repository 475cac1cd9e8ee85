package rules

import (
	"slices"
	"strings"
	"sync"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// grantable is what a policy can grant, in the parts that rules tell apart.
type grantable struct {
	reads, writes   *iam.Document // each accepts all the rest
	toUse, toManage grant
}

// ofNeighbours are what the policies of each service beside S3 can grant, by its prefix.
var ofNeighbours = sync.OnceValue(func() map[string]grantable {
	out := map[string]grantable{}
	for n := range catalog.Neighbours() {
		of := func(levels ...catalog.Level) []string { return slices.Collect(n.Actions(levels...)) }
		out[n.Prefix] = grantable{
			reads:    allBut(of(catalog.List, catalog.Read)),
			writes:   allBut(of(catalog.Tagging, catalog.Write, catalog.PermissionsManagement)),
			toUse:    grantOf(of(catalog.List, catalog.Read, catalog.Tagging, catalog.Write)),
			toManage: grantOf(of(catalog.PermissionsManagement)),
		}
	}
	return out
})

// ofAccessPoints is what the policies of access points can grant: those on Outposts and of Object Lambda are of the same kinds, and
// a policy may hide an action of theirs behind one of S3.
var ofAccessPoints = sync.OnceValue(func() grantable {
	also := func(actions []string, levels ...catalog.Level) []string {
		out := slices.Clone(actions)
		for n := range catalog.Neighbours() {
			out = slices.AppendSeq(out, n.Actions(levels...))
		}
		return out
	}
	return grantable{
		reads:    allBut(also(reads, catalog.List, catalog.Read)),
		writes:   allBut(also(writes, catalog.Tagging, catalog.Write, catalog.PermissionsManagement)),
		toUse:    grantOf(also(used, catalog.List, catalog.Read, catalog.Tagging, catalog.Write)),
		toManage: grantOf(also(managed, catalog.PermissionsManagement)),
	}
})

// grantableBy is what the policy of an Input can grant.
func grantableBy(in policy.Input) grantable {
	switch in.Kind {
	case policy.NeighbourPolicy:
		return ofNeighbours()[in.Service]
	case policy.AccessPointPolicy:
		return ofAccessPoints()
	}
	return grantable{notReads, notWrites, toUse, toManage}
}

// unsigned accepts whatever comes from those who have not signed in.
var unsigned = accepting(condition{"Null": {"aws:PrincipalArn": {"true"}}})

// unanswered is what nobody needs to allow: to a service that answers only those who have signed in, what the others ask.
func unanswered(in policy.Input) []*iam.Document {
	if n, _ := catalog.LookupNeighbour(in.Service); in.Kind == policy.NeighbourPolicy && n.Signed() {
		return []*iam.Document{unsigned}
	}
	return nil
}

// spelled returns a request with its action as AWS spells it: the engine does not know the actions of other services by name.
func spelled(r *authz.Request) *authz.Request {
	if r == nil {
		return r
	}
	prefix, _, _ := strings.Cut(r.Action, ":")
	n, ok := catalog.LookupNeighbour(prefix)
	if !ok {
		return r
	}
	out := *r
	out.Action = n.Spelled(r.Action)
	return &out
}

// resource is what a request is about, in words: of a service beside S3 without the part that all ARNs of an account begin with.
// Where the document leaves it open, as a Resource "*" does, it is no ARN of the service.
func resource(in policy.Input, r *authz.Request) string {
	const most = 6 // parts of an ARN
	parts := strings.SplitN(r.Resource, ":", most)
	switch {
	case in.Kind != policy.NeighbourPolicy:
		return verbatim(r.Resource)
	case len(parts) < most || parts[2] != in.Service:
		return "every resource"
	}
	return verbatim(parts[most-1])
}

// wrongForNeighbour returns why a name or pattern is no action of the service, "" when it is one.
func wrongForNeighbour(in policy.Input, action string) string {
	n, _ := catalog.LookupNeighbour(in.Service)
	prefix, _, ok := strings.Cut(action, ":")
	switch {
	case action == "*":
		return ""
	case !ok:
		return `is not an action; actions look like "` + n.Prefix + `:..."`
	case !fits(prefix, n.Prefix):
		return "is an action of another service; only " + n.Prefix + ": actions belong in a policy of " + n.Name()
	}
	all := namesOf(n.Actions())
	switch {
	case all.matches(action):
		return ""
	case strings.ContainsAny(action, "*?"):
		return "matches no action of " + n.Name()
	}
	return "is not an action of " + n.Name() + all.nearest(in.Budget, action)
}

// resourceOfAnother returns why a Resource cannot be one of the service, "" when it can be.
func resourceOfAnother(in policy.Input, resource string) string {
	parts := strings.SplitN(resource, ":", 4)
	if len(parts) < 4 || parts[0] != "arn" || fits(parts[2], in.Service) || strings.Contains(parts[1], "*") {
		return ""
	}
	n, _ := catalog.LookupNeighbour(in.Service)
	return "is of another service; a policy of " + n.Name() + " must name " + arnShape(n.ARNs[0])
}

// arnShape is an ARN of AWS's tables as a person writes it: arn:aws:s3vectors:REGION:ACCOUNT:bucket/NAME.
func arnShape(arn string) string {
	for _, named := range [][2]string{{"Partition", "aws"}, {"Region", "REGION"}, {"Account", "ACCOUNT"}} {
		arn = strings.Replace(arn, "${"+named[0]+"}", named[1], 1)
	}
	return variableText.ReplaceAllString(arn, "NAME")
}
