package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// newAccess asks for a request that new allows and old does not. The engine knows of no request for an action of S3 that
// the catalog does not have; S3 may have got it since. So where the documents name one, nothing is proved unless they
// say the same about it.
func newAccess(old, new *iam.Document, steps int, ignored ...*iam.Document) space.Verdict {
	v := space.NewAccess(old, new, steps, ignored...)
	if v.Answer != space.None {
		return v
	}
	before, after := unknownActions(old), unknownActions(new)
	for _, a := range slices.Concat(missing(after.open, before.open), missing(before.shut, after.shut)) {
		return space.Verdict{Reason: fmt.Sprintf("%s: nothing is known of %s", a.at.Path(), a.at.Compact())}
	}
	return v
}

// unknown is where a document names an action that the catalog does not have.
type unknown struct {
	at         *iam.Value
	name, rest string // what it is about: the action in lower case, and its statement but for Sid and actions
}

// unknowns are those that let something in, an Allow's Action and a Deny's NotAction, and those that keep it out.
type unknowns struct{ open, shut []unknown }

func unknownActions(doc *iam.Document) unknowns {
	var out unknowns
	for _, s := range doc.Statements {
		for _, v := range slices.Concat(s.Action, s.NotAction) {
			name := strings.ToLower(v.Text)
			_, known := catalog.LookupAction(name)
			if known || !strings.HasPrefix(name, "s3") || strings.ContainsAny(name, "*?") {
				continue
			}
			u := unknown{v, name, fmt.Sprint(doc.HasVariables(), s.NotAction != nil)}
			for _, m := range [...]string{"Effect", "Principal", "NotPrincipal", "Resource", "NotResource", "Condition"} {
				if element := s.Value.Member(m); element != nil {
					u.rest += m + element.Compact()
				}
			}
			if (s.Effect == iam.Allow) == (s.NotAction == nil) {
				out.open = append(out.open, u)
			} else {
				out.shut = append(out.shut, u)
			}
		}
	}
	return out
}

// missing returns those of some that are not among all.
func missing(some, all []unknown) []unknown {
	return slices.DeleteFunc(some, func(u unknown) bool {
		return slices.ContainsFunc(all, func(v unknown) bool { return u.name == v.name && u.rest == v.rest })
	})
}
