package space

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
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
			if got, _, why := S3Status(doc); string(got) != trap.Answer {
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
		checkProofs(t, v)
	}
}

// answer asks one of the engine's questions by name.
func answer(t *testing.T, ask string, old, doc *iam.Document) Verdict {
	t.Helper()
	ask, owner, _ := strings.Cut(ask, " for ")
	switch ask {
	case "public":
		return Public(doc, Steps(AdmissionBudget))
	case "anonymous":
		return Access(doc, AnonymousCallers, Steps(AdmissionBudget))
	case "strangers":
		return Access(doc, Strangers, Steps(AdmissionBudget))
	case "services":
		return Access(doc, Services, Steps(AdmissionBudget))
	case "everyone":
		return Access(doc, Everyone, Steps(AdmissionBudget))
	case "decides":
		return Decides(doc, 0, Steps(AdmissionBudget))
	case "new":
		return NewAccess(old, doc, Steps(AdmissionBudget))
	case "lost":
		return NewAccess(doc, old, Steps(AdmissionBudget), Refusals(Effect, owner))
	case "surely lost":
		return NewAccess(doc, old, Steps(AdmissionBudget), Refusals(Outcome, owner))
	}
	t.Fatalf("%q is no question", ask)
	return Verdict{}
}
