package space

import (
	"fmt"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// coloned is a document about resources, by what it allows in one reading of wildcards.
type coloned struct {
	text    string
	pattern string
	allows  func(matches bool) bool
}

// matchesIn reads a pattern: component by component, or as a whole where wildcards of its kind cross colons.
func matchesIn(pattern, resource string, ends, others bool) bool {
	if endsSegments(pattern) && ends || !endsSegments(pattern) && others {
		return glob.Match(pattern, resource)
	}
	arn, ok := glob.CompileARN(pattern)
	return ok && arn.Match(resource)
}

// TestColons holds what is proved of patterns with wildcards in the first components of an ARN against every resource of a
// small universe, in every reading of what such wildcards match: AWS's pages leave it open, but it is one answer for all
// that end a segment.
func TestColons(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	var docs []coloned
	for _, p := range []string{
		"arn:aws:iam::*:role/A/*", "arn:aws:iam::*:role/A/B", "arn:aws:iam:*:*:role/A/*", "arn:aws:iam::1:role/A/*", "arn:aws:iam::*:x:role/A/B",
		"arn:aws:iam::1*:role/A/B", "arn:aws:iam::*1:role/A/*", "arn:aws:i*::1:role/A/B",
	} {
		allow := func(element string) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"iam:PassRole","%s":"%s"}`, element, p)
		}
		deny := func(element string) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"},{"Effect":"Deny","Action":"iam:PassRole","%s":"%s"}`, element, p)
		}
		yes, no := func(m bool) bool { return m }, func(m bool) bool { return !m }
		docs = append(docs, coloned{allow("Resource"), p, yes}, coloned{allow("NotResource"), p, no},
			coloned{deny("Resource"), p, no}, coloned{deny("NotResource"), p, yes})
	}
	var resources []string
	for _, region := range []string{"", "x"} {
		for _, account := range []string{"1", "2", "11"} {
			for _, name := range []string{"role/A", "role/A/B", "role/A/C", "x:role/A/B", "1:role/A/B", "x:y:role/A/C", "role/x:role/A/B"} {
				resources = append(resources, "arn:aws:iam:"+region+":"+account+":"+name)
			}
		}
	}
	answers := map[Answer]int{}
	for _, old := range docs {
		for _, new := range docs {
			v := NewAccess(parse(t, version2012(old.text)), parse(t, version2012(new.text)), Steps(ample))
			answers[v.Answer]++
			if v.Answer != None {
				continue
			}
			for _, r := range resources {
				for _, reading := range [][2]bool{{false, false}, {false, true}, {true, false}, {true, true}} {
					if new.allows(matchesIn(new.pattern, r, reading[0], reading[1])) && !old.allows(matchesIn(old.pattern, r, reading[0], reading[1])) {
						t.Errorf("%s to %s: none, and %s in reading %v", old.text, new.text, r, reading)
					}
				}
			}
		}
	}
	if answers[None] < 100 || answers[Found] < 100 {
		t.Errorf("%v: the universe shows too little", answers)
	}
}
