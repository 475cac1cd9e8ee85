package profiles

import (
	"slices"
	"strings"
	"sync"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Need is one action that a service cannot do without, on whatever bucket and for whomever it is.
type Need struct {
	Service string // "cloudtrail.amazonaws.com", without a region
	Action  string // "s3:PutObject"
	Keys    string // pattern of the objects' keys: "*AWSLogs/*/*"; "" for the bucket itself
	ACL     string // that it sends as s3:x-amz-acl; "" when AWS does not say
}

// Needs returns what the services of the profile need; nothing where roles and users call.
func (p *Profile) Needs() []Need { return needs()[p.Name] }

var needs = sync.OnceValue(func() map[string][]Need {
	out := map[string][]Need{}
	for _, p := range All() {
		if !slices.Contains(p.Requires, "principal") {
			out[p.Name] = p.needs()
		}
	}
	return out
})

func (p *Profile) needs() []Need {
	values := derive(Values{"region": anyRegion})
	values["arn"], values["folder"] = "bucket", "*"
	for _, q := range parameters {
		if name := strings.ReplaceAll(q.Name, "-", "_"); !q.Option() && q.Name != "organization" && values[name] == "" {
			values[name] = "*"
		}
	}
	values["source"] = "*"
	doc, err := render(values, p.bucket)
	if err != nil { // the templates are the program's own
		panic(err)
	}
	var out []Need
	for _, s := range doc.Statements {
		for _, a := range s.Action {
			if slices.Contains(p.Spare, a.Text) {
				continue
			}
			for _, r := range s.Resource {
				for _, e := range s.Principal.Entries {
					service, _ := catalog.LookupService(e.ID.Text)
					out = append(out, Need{service.Principal, a.Text, strings.TrimPrefix(strings.TrimPrefix(r.Text, "bucket"), "/"), acl(s)})
				}
			}
		}
	}
	return out
}

// anyRegion stands for all: the principal of some services has a region in it.
const anyRegion = "us-east-1"

func acl(s iam.Statement) string {
	for _, c := range s.Condition {
		if c.Key == "s3:x-amz-acl" {
			return c.Values[0].Text
		}
	}
	return ""
}

// Of returns the profiles by which a service, in whatever region, gets in.
func Of(service string) []*Profile {
	known, ok := catalog.LookupService(service)
	if !ok {
		return nil
	}
	var out []*Profile
	for _, p := range All() {
		if slices.ContainsFunc(p.Needs(), func(n Need) bool { return n.Service == known.Principal }) {
			out = append(out, p)
		}
	}
	return out
}
