package usage

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Granted is an entry of an Allow's Action, and what logs show of it. Used, Unused and Unseen are what it stands for.
type Granted struct {
	Statement int // index from 0
	Sid       string
	Action    string // as the policy spells it
	Used      []ActionUse
	Unused    []string // logs would show them
	Unseen    []string // these logs would not show them, or not by their operation
}

// ActionUse sums up who used an action of a statement.
type ActionUse struct {
	Action      string
	Sure        bool // false: requests may have used it, which their log does not show
	Requests    int
	Callers     int
	First, Last int64
}

// Grants returns what the policy grants, action by action, and what became of it. Statements with NotAction are left out.
func (e *Evidence) Grants() []Granted {
	var out []Granted
	for i := range e.doc.Statements {
		s := &e.doc.Statements[i]
		if s.Effect != iam.Allow {
			continue
		}
		used := e.usesOf(s)
		for _, a := range s.Action {
			g := Granted{Statement: i, Sid: s.Sid, Action: a.Text}
			for _, action := range standsFor(a.Text) {
				switch use := sum(action, used); {
				case use.Requests > 0:
					g.Used = append(g.Used, use)
				case e.shows(action):
					g.Unused = append(g.Unused, action)
				default:
					g.Unseen = append(g.Unseen, action)
				}
			}
			out = append(out, g)
		}
	}
	return out
}

// standsFor returns the actions of a bucket policy that an entry of Action names: itself when it has no wildcard.
func standsFor(pattern string) []string {
	if !strings.ContainsAny(pattern, "*?") {
		if a, ok := catalog.LookupAction(pattern); ok {
			pattern = a.Name()
		}
		return []string{pattern}
	}
	var out []string
	for a := range catalog.Actions() {
		if a.InBucketPolicy() && strings.HasPrefix(a.Name(), "s3:") && glob.MatchFold(pattern, a.Name()) {
			out = append(out, a.Name())
		}
	}
	return out
}

func sum(action string, uses []*Use) ActionUse {
	out := ActionUse{Action: action}
	callers := map[string]bool{}
	for _, u := range uses {
		if !strings.EqualFold(u.Action, action) {
			continue
		}
		if out.Requests == 0 || u.First < out.First {
			out.First = u.First
		}
		out.Last, out.Sure = max(out.Last, u.Last), out.Sure || u.Sure
		out.Requests += u.Requests
		callers[u.Caller] = true
	}
	out.Callers = len(callers)
	return out
}
