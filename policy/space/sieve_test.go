package space

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// sample draws values of a kind that operators compare, a few of which are equal, alike, or cannot be read.
func sample(g *rand.Rand, comparison string) string {
	pick := func(list ...string) string { return list[g.IntN(len(list))] }
	switch {
	case g.IntN(12) == 0:
		return pick("", "x", "${aws:username}", "true", "0", "2026")
	case strings.HasPrefix(comparison, "Numeric"):
		return pick("", "-", "+") + pick("0", "1", "2", "3", "7", "10", "100", "1e2", "007") + pick("", "", ".5", ".0", ".25")
	case strings.HasPrefix(comparison, "Date"):
		return pick("2025", "2026", "2026-01", "2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-01T01:00:00+01:00",
			"2027-05-05T05:05:05Z", "1767225600", "1767225601", "0", "-1", "9999", "99999999999")
	case comparison == "IpAddress" || comparison == "NotIpAddress":
		return pick("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "10.1.2.3/8", "10.1.2.2/31", "0.0.0.0/0", "255.255.255.255", "::/0",
			"2001:db8::/32", "2001:db8::1", "::ffff:10.1.2.3", "fe80::1%eth0", "10.1.2.4/31")
	case comparison == "Bool":
		return pick("true", "True", "false", "yes", "${aws:SecureTransport}", "$x")
	case comparison == "BinaryEquals":
		return pick("YQ==", "YQ", "YR==", "Yg==", "!", "YWE=")
	}
	return pick("a", "b", "c", "A", "10", "true")
}

// randomConditions returns conditions of a statement on one key.
func randomConditions(g *rand.Rand, comparisons []string) map[string]map[string][]string {
	out := map[string]map[string][]string{}
	for range 1 + g.IntN(3) {
		name := comparisons[g.IntN(len(comparisons))]
		operator := name
		if g.IntN(4) == 0 {
			operator = []string{"ForAnyValue:", "ForAllValues:"}[g.IntN(2)] + name
		}
		if g.IntN(4) == 0 {
			operator += "IfExists"
		}
		var values []string
		for range 1 + g.IntN(6) {
			values = append(values, sample(g, name))
		}
		out[operator] = map[string][]string{"s3:ExistingObjectTag/k": values}
	}
	return out
}

var numericNames = []string{
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
}

var families = [][]string{
	numericNames,
	{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
	{"IpAddress", "NotIpAddress"}, {"Bool"}, {"BinaryEquals"}, {"StringEquals", "StringNotEquals", "StringLike", "StringNotLike"},
}

// conditional returns the statement that has some conditions, and its document.
func conditional(t *testing.T, conditions any) *iam.Document {
	t.Helper()
	raw, err := json.Marshal(conditions)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, version2012(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":`+string(raw)+`}`))
}

// TestSieve holds what is asked about the values that a sieve leaves to what is asked about all of them.
func TestSieve(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	g := rand.New(rand.NewPCG(1, 14))
	judged := 0
	for range 4000 {
		family := families[g.IntN(len(families))]
		doc := conditional(t, randomConditions(g, family))
		for i := range doc.Statements[0].Condition {
			c := located{doc, &doc.Statements[0].Condition[i]}
			s := newSieve(c)
			if s == nil {
				continue
			}
			values := []string{"", "fresh", "0"}
			for range 12 {
				values = append(values, sample(g, family[0]))
			}
			for _, v := range append(values, representativesOf(doc)...) {
				few := *c.Condition
				few.Values = s.about(v)
				judged++
				if got, want := match(located{doc, &few}, v, true), match(c, v, true); got != want {
					t.Fatalf("%s on %q: by %v %v, by all %v", c.Value.Compact(), v, textsIn(few.Values), got, want)
				}
			}
		}
	}
	if judged < 50_000 {
		t.Errorf("only %d values were judged", judged)
	}
}

func textsIn(values []*iam.Value) (out []string) {
	for _, v := range values {
		out = append(out, v.Text)
	}
	return out
}

func representativesOf(doc *iam.Document) []string {
	u := newUniverse(wholes([]*iam.Document{doc}), nil, Steps(ample).open())
	uses := u.uses()
	i := slices.IndexFunc(uses, func(s use) bool { return len(s.conditions) > 0 }) // the others are of variables
	return u.representatives(uses[i], u.fresh.name)
}

// TestRepresentatives holds the classes to be all that there are: what the conditions of a key say about any value, they say
// about a representative.
func TestRepresentatives(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	g := rand.New(rand.NewPCG(2, 14))
	for range 3000 {
		family := families[g.IntN(3)]
		doc := conditional(t, randomConditions(g, family))
		says := func(value string) string {
			var b strings.Builder
			for i := range doc.Statements[0].Condition {
				fmt.Fprint(&b, match(located{doc, &doc.Statements[0].Condition[i]}, value, true))
			}
			return b.String()
		}
		if unreadable(doc) {
			continue // such conditions are not interpreted
		}
		var known []string
		for _, v := range representativesOf(doc) {
			known = append(known, says(v))
		}
		for range 60 {
			v := near(g, family[0])
			if s := says(v); !slices.Contains(known, s) && !strings.Contains(s, authz.Maybe.String()) {
				t.Fatalf("%s: no representative is judged as %q is, %s", doc.Text(), v, s)
			}
		}
	}
}

func unreadable(doc *iam.Document) bool {
	return slices.ContainsFunc(doc.Statements[0].Condition, func(c iam.Condition) bool {
		return strings.Contains(c.Operator, "Numeric") && !allRational(located{doc, &c})
	})
}

// near draws a value near those that conditions name.
func near(g *rand.Rand, comparison string) string {
	switch {
	case strings.HasPrefix(comparison, "Numeric"):
		return fmt.Sprintf("%.3f", float64(g.IntN(240)-120)/8)
	case strings.HasPrefix(comparison, "Date"):
		return []string{"", "-"}[g.IntN(2)] + fmt.Sprint(g.Int64N(3_000_000_000))
	}
	return fmt.Sprintf("10.%d.%d.%d", g.IntN(3), g.IntN(4), g.IntN(6))
}

// TestNumbersAndDates shows that a key that is compared as a number and as a date is not taken to be either alone.
func TestNumbersAndDates(t *testing.T) {
	doc := conditional(t, map[string]any{
		"DateGreaterThan": map[string]string{"aws:PrincipalTag/t": "100000"}, "NumericGreaterThan": map[string]string{"aws:PrincipalTag/t": "5"},
	})
	r := authz.Request{
		Principal: "arn:aws:iam::111122223333:user/u", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k",
		Context: authz.Context{"aws:PrincipalTag/t": {"100001"}},
	}
	if d := authz.Decide(doc, r).Decision; d != authz.Allowed {
		t.Fatal(d)
	}
	if v := Access(doc, Everyone, Steps(ample)); v.Answer == None {
		t.Error("nobody, they say")
	}
}

// TestManyValues holds thousands of values to be asked about within the budget of one question, by steps.
func TestManyValues(t *testing.T) {
	list := func(n int, format string) []string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf(format, i))
		}
		return out
	}
	for name, conditions := range map[string]map[string]map[string][]string{
		"order of numbers": {"NumericLessThan": {"aws:PrincipalTag/t": list(1500, "%d")}, "NumericGreaterThan": {"aws:PrincipalTag/t": list(1500, "%d.5")}},
		"order of dates":   {"DateLessThan": {"aws:CurrentTime": list(999, "2026-01-01T00:00:00.%03dZ")}},
		"equal numbers":    {"NumericEquals": {"aws:PrincipalTag/t": list(500, "%d")}},
		"ranges":           {"IpAddress": {"aws:SourceIp": list(250, "10.1.%d.0/24")}, "NotIpAddress": {"aws:SourceIp": list(200, "10.1.%d.0/24")}},
	} {
		budget := NewBudget(t.Context(), AdmissionBudget)
		if v := Access(conditional(t, conditions), Everyone, budget); v.Answer != Found {
			t.Errorf("%s: %v %s after %d steps", name, v.Answer, v.Reason, budget.Spent())
		}
	}
}
