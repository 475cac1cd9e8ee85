package usage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// narrow returns the edits that leave a statement what was used of it, or that all of it is gone.
func (e *Evidence) narrow(s *iam.Statement) (edits []iam.Edit, gone bool, notes []string) {
	note := func(format string, a ...any) { notes = append(notes, name(s)+": "+fmt.Sprintf(format, a...)) }
	if s.Effect != iam.Allow {
		return nil, false, nil
	}
	if s.Action == nil || s.Resource == nil || s.NotPrincipal != nil || s.NotAction != nil || s.NotResource != nil {
		note("kept: it says what it does not match")
		return nil, false, notes
	}
	if i := slices.IndexFunc(e.Unknown, func(g *Group) bool { return e.mayBeIn(s, g) }); i >= 0 {
		note("kept: the actions behind %s are not known here", e.Unknown[i].Operation)
		return nil, false, notes
	}
	used := e.usesOf(s)
	actions, hidden := e.actions(s, used, note)
	if len(actions) == 0 {
		return nil, true, notes
	}
	edits = replace(edits, s, "Action", s.Action, actions)
	if hidden { // who uses what is hidden, and on what, is hidden too
		return edits, false, notes
	}
	edits = replace(edits, s, "Resource", s.Resource, e.resources(s, used, note))
	return append(edits, e.principals(s, used)...), false, notes
}

// name is a statement as a note names it.
func name(s *iam.Statement) string {
	if s.Sid == "" {
		return string(s.Value.Path())
	}
	return fmt.Sprintf("%s %q", s.Value.Path(), s.Sid)
}

// actions returns what is left of a statement's actions, and whether logs would not show some of these.
func (e *Evidence) actions(s *iam.Statement, used []*Use, note func(string, ...any)) (left []string, hidden bool) {
	var perhaps []string
	for _, a := range s.Action {
		var now, unseen []string
		for _, action := range standsFor(a.Text) {
			use := sum(action, used)
			switch {
			case use.Requests > 0:
				now = append(now, action)
				if !use.Sure {
					perhaps = append(perhaps, action)
				}
			case !e.shows(action):
				unseen = append(unseen, action)
			}
		}
		all := standsFor(a.Text)
		switch {
		case len(all) == 0 || len(all) == 1 && len(unseen) == 1:
			note("%s kept: these logs do not show whether it is used", a.Text)
			left, hidden = append(left, a.Text), true
			continue
		case len(all) > 1 && !e.complete(all):
			note("%s kept: these logs lack some kinds of requests that it includes", a.Text)
			left, hidden = append(left, a.Text), true
			continue
		case len(all) == 1 && len(now) == 1:
			now[0] = a.Text
		case len(unseen) > 0:
			note("%s: removing it also removes %d actions whose use no log shows, such as %s", a.Text, len(unseen), unseen[0])
		}
		left = append(left, now...)
	}
	if len(perhaps) > 0 {
		note("%s: kept, because the logs do not show whether a request needed it", strings.Join(perhaps, ", "))
	}
	slices.Sort(left)
	return slices.Compact(left), hidden
}

// maxResources is how many prefixes may take the place of one Resource.
const maxResources = 8

// resources returns what is left of a statement's resources: where requests were about a part of one, that part.
func (e *Evidence) resources(s *iam.Statement, used []*Use, note func(string, ...any)) (left []string) {
	for _, r := range s.Resource {
		whole, pattern := e.isOpen(r), glob.Compile(r.Text)
		var parts []string
		for _, u := range used {
			region := u.region(e.partition)
			switch part := glob.Compile(region); {
			case !e.overlaps(r, part):
			case part == pattern || !pattern.Includes(part):
				whole = true
			default:
				parts = append(parts, region)
			}
		}
		parts = widest(parts)
		if !whole && len(parts) > maxResources {
			note("%s kept: more than %d of its prefixes are used", r.Text, maxResources)
			whole = true
		}
		if whole {
			parts = []string{r.Text}
		}
		left = append(left, parts...)
	}
	return widest(left)
}

// widest drops the patterns that others include, and what stands there twice. The order stays.
func widest(patterns []string) []string {
	var out []string
	for i, p := range patterns {
		inner, included := glob.Compile(p), false
		for j, q := range patterns {
			outer := glob.Compile(q)
			included = included || i != j && outer.Includes(inner) && (j < i || outer != inner)
		}
		if !included {
			out = append(out, p)
		}
	}
	return out
}

// principals returns the edits that drop who used nothing of a statement.
func (e *Evidence) principals(s *iam.Statement, used []*Use) (edits []iam.Edit) {
	if s.Principal == nil || s.Principal.Any || len(s.Principal.Entries) < 2 {
		return nil
	}
	left, all := map[string][]string{}, map[string][]*iam.Value{}
	for _, p := range s.Principal.Entries {
		all[p.Type] = append(all[p.Type], p.ID)
		if slices.ContainsFunc(used, func(u *Use) bool { return e.isCaller(s, p, u.Caller) }) {
			left[p.Type] = append(left[p.Type], p.ID.Text)
		}
	}
	for _, m := range s.Principal.Value.Members {
		at := s.Value.Path().Field("Principal").Field(m.Name)
		switch now := left[m.Name]; {
		case len(now) == 0:
			edits = append(edits, iam.Edit{At: at})
		case len(now) < len(all[m.Name]):
			edits = append(edits, iam.Edit{At: at, New: iam.NewStrings(now...)})
		}
	}
	return edits
}

// replace adds the edit that puts other values into an element, if they are other ones.
func replace(edits []iam.Edit, s *iam.Statement, element string, old []*iam.Value, now []string) []iam.Edit {
	sorted := textsOf(old)
	slices.Sort(sorted)
	if slices.Equal(sorted, slices.Sorted(slices.Values(now))) {
		return edits
	}
	return append(edits, iam.Edit{At: s.Value.Path().Field(element), New: iam.NewStrings(now...)})
}

func textsOf(values []*iam.Value) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.Text
	}
	return out
}
