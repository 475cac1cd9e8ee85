package space

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// maxMoments bounds how finely two clocks are told apart; beyond, they count as unrelated.
const maxMoments = 512

// clockAxioms: aws:CurrentTime and aws:EpochTime are the same moment. Each class of the one goes with those classes of the
// other that some moment is in as well.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-epochtime
func (u *universe) clockAxioms() {
	current, epoch := u.clock("aws:CurrentTime"), u.clock("aws:EpochTime")
	if current == nil || epoch == nil {
		return
	}
	together := make([]bits, len(current.values))
	for _, t := range append(current.moments(), epoch.moments()...) {
		if !u.budget.take(costOfClass * (len(current.conditions) + len(epoch.conditions))) {
			return
		}
		now := epoch.classes(strconv.FormatInt(t.Unix(), 10))
		for _, i := range current.classes(t.UTC().Format(time.RFC3339)) {
			if together[i] == nil {
				together[i] = newBits(len(epoch.values))
			}
			for _, j := range now {
				together[i].set(j)
			}
		}
	}
	for i, points := range together {
		if points != nil {
			one := newBits(len(current.values))
			one.set(i)
			u.axioms = append(u.axioms, box{facets: []facet{{dim: current.dim, set: &set{points: one}}, {epoch.dim, &set{points: points}, true}}})
		}
	}
}

// setClocks gives both clocks of a request one moment of the classes that they show.
func (u *universe) setClocks(context authz.Context) {
	current, epoch := u.clock("aws:CurrentTime"), u.clock("aws:EpochTime")
	if current == nil || epoch == nil {
		return
	}
	now, seconds := context[current.key], context[epoch.key]
	if len(now) == 0 || len(seconds) == 0 {
		return
	}
	for _, t := range append(current.moments(), epoch.moments()...) {
		a, b := t.UTC().Format(time.RFC3339), strconv.FormatInt(t.Unix(), 10)
		if current.said(a) == current.said(now[0]) && epoch.said(b) == epoch.said(seconds[0]) {
			context[current.key], context[epoch.key] = []string{a}, []string{b}
			return
		}
	}
}

// clock is a key that says the time, with the classes that its conditions tell apart.
type clock struct {
	use
	dim    int
	values []string
	says   map[string][]int // classes by what all conditions say of them
}

// clock returns a key that is compared as a date, nil for one that is not, or in too many ways.
func (u *universe) clock(key string) *clock {
	dim, ok := u.keys[strings.ToLower(key)]
	i := slices.IndexFunc(u.uses(), func(s use) bool { return strings.EqualFold(s.key, key) })
	if !ok || i < 0 || u.dims[dim].values == nil || len(u.dims[dim].values) > maxMoments {
		return nil
	}
	out := &clock{use: u.uses()[i], dim: dim, values: u.dims[dim].values, says: map[string][]int{}}
	for j, v := range out.values {
		said := out.said(v)
		out.says[said] = append(out.says[said], j)
	}
	return out
}

// said is what all conditions say of a value.
func (c *clock) said(value string) string {
	var b strings.Builder
	for _, condition := range c.conditions {
		b.WriteString(match(condition, value, true).String())
	}
	return b.String()
}

// classes returns those that a value is in.
func (c *clock) classes(value string) []int { return c.says[c.said(value)] }

// moments returns those at which an answer may turn, with the seconds beside them.
func (c *clock) moments() []time.Time {
	var out []time.Time
	for _, v := range c.values {
		for _, i := range instants(v) {
			t := i.time()
			out = append(out, t.Add(-time.Second), t, t.Add(time.Second))
		}
	}
	return out
}
