package space_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// TestTraps runs testdata/traps.ndjson: documents that mean something else than they seem to, a question about each, and
// the page that decides.
func TestTraps(t *testing.T) {
	raw, err := os.ReadFile("testdata/traps.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		var trap struct {
			Trap, Source, Ask string
			Document, Old     json.RawMessage
			Answer            string
		}
		if err := json.Unmarshal([]byte(line), &trap); err != nil {
			t.Fatal(err, line)
		}
		doc := parse(t, string(trap.Document))
		if trap.Ask == "status" {
			if got, _, why := public.S3Status(doc); string(got) != trap.Answer {
				t.Errorf("%s\n%s %s\nwant %s: %s\n%s", trap.Trap, got, why, trap.Answer, trap.Document, trap.Source)
			}
			continue
		}
		old := doc
		if trap.Old != nil {
			old = parse(t, string(trap.Old))
		}
		v := answer(t, trap.Ask, old, doc)
		if v.Answer.String() != trap.Answer {
			t.Errorf("%s\n%s: %v %+v %s\nwant %s: %s\n%s", trap.Trap, trap.Ask, v.Answer, v.Witness, v.Reason, trap.Answer, trap.Document, trap.Source)
		}
		for _, c := range v.Proofs {
			if err := c.Check(space.Steps(1_000_000)); err != nil {
				t.Errorf("%s: %v", c.Subject, err)
			}
		}
	}
}

func parse(t *testing.T, text string) *iam.Document {
	t.Helper()
	doc, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// answer asks one of the engine's questions by name.
func answer(t *testing.T, ask string, old, doc *iam.Document) space.Verdict {
	t.Helper()
	ask, owner, _ := strings.Cut(ask, " for ")
	switch ask {
	case "public":
		return public.Access(doc, space.Steps(space.AdmissionBudget))
	case "anonymous":
		return space.Access(doc, space.AnonymousCallers, space.Steps(space.AdmissionBudget))
	case "strangers":
		return space.Access(doc, space.Strangers, space.Steps(space.AdmissionBudget))
	case "services":
		return space.Access(doc, space.Services, space.Steps(space.AdmissionBudget))
	case "everyone":
		return space.Access(doc, space.Everyone, space.Steps(space.AdmissionBudget))
	case "decides":
		return space.Decides(doc, 0, space.Steps(space.AdmissionBudget))
	case "new":
		return space.NewAccess(old, doc, space.Steps(space.AdmissionBudget))
	case "lost":
		return space.NewAccess(doc, old, space.Steps(space.AdmissionBudget), fix.Refusals(fix.EffectEquivalent, owner))
	case "surely lost":
		return space.NewAccess(doc, old, space.Steps(space.AdmissionBudget), fix.Refusals(fix.OutcomeEquivalent, owner))
	}
	t.Fatalf("%q is no question", ask)
	return space.Verdict{}
}
