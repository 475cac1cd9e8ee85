package space

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// relation is two documents and what is to be said of the second against the first.
type relation struct {
	Name                  string
	Old, New              json.RawMessage
	NewAccess, LostAccess string
}

func relations(t testing.TB) []relation {
	t.Helper()
	raw, err := os.ReadFile("testdata/relations.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	var out []relation
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		var r relation
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("line %d: %v", len(out)+1, err)
		}
		out = append(out, r)
	}
	return out
}

func checkProofs(t *testing.T, v Verdict) {
	t.Helper()
	for _, c := range v.Proofs {
		if err := c.Check(Steps(1_000_000)); err != nil {
			t.Errorf("%s: %v", c.Subject, err)
		}
	}
}

func TestRelations(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	for _, r := range relations(t) {
		t.Run(r.Name, func(t *testing.T) {
			old, new := parse(t, string(r.Old)), parse(t, string(r.New))
			c := Compare(old, new, Steps(AdmissionBudget))
			got := []string{c.New.Answer.String(), c.Lost.Answer.String()}
			if diff := cmp.Diff([]string{r.NewAccess, r.LostAccess}, got); diff != "" {
				t.Errorf("new and lost access (-want +got):\n%s\nnew %+v %s\nlost %+v %s",
					diff, c.New.Witness, c.New.Reason, c.Lost.Witness, c.Lost.Reason)
			}
			if _, _, err := holdPair(old, new, Steps(AdmissionBudget), nil); err != nil {
				t.Error(err)
			}
			for _, d := range []*iam.Document{old, new} {
				if got := Compare(d, d, Steps(AdmissionBudget)).Relation(); got != Equivalent {
					t.Errorf("%s to itself", got)
				}
			}
		})
	}
}

func TestRelationsMetamorphic(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	for _, r := range relations(t) {
		if err := holdMetamorphic(parse(t, string(r.Old)), parse(t, string(r.New)), Steps(AdmissionBudget)); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
}
