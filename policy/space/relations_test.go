package space

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"slices"
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

func relations(t *testing.T) []relation {
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
		if err := c.Check(1_000_000); err != nil {
			t.Errorf("%s: %v", c.Subject, err)
		}
	}
}

func TestRelations(t *testing.T) {
	for _, r := range relations(t) {
		t.Run(r.Name, func(t *testing.T) {
			old, new := parse(t, string(r.Old)), parse(t, string(r.New))
			c := Compare(old, new, AdmissionBudget)
			got := []string{c.New.Answer.String(), c.Lost.Answer.String()}
			if diff := cmp.Diff([]string{r.NewAccess, r.LostAccess}, got); diff != "" {
				t.Errorf("new and lost access (-want +got):\n%s\nnew %+v %s\nlost %+v %s",
					diff, c.New.Witness, c.New.Reason, c.Lost.Witness, c.Lost.Reason)
			}
			checkProofs(t, c.New)
			checkProofs(t, c.Lost)
			if mirror := Compare(new, old, AdmissionBudget); mirror.New.Answer != c.Lost.Answer || mirror.Lost.Answer != c.New.Answer {
				t.Errorf("%v, %v the other way round", mirror.New.Answer, mirror.Lost.Answer)
			}
			for _, d := range []*iam.Document{old, new} {
				if got := Compare(d, d, AdmissionBudget).Relation(); got != Equivalent {
					t.Errorf("%s to itself", got)
				}
			}
		})
	}
}

// statements returns the statements of a document, to be put together anew.
func statementsOf(t *testing.T, d *iam.Document) []any {
	t.Helper()
	var out []any
	for _, s := range d.Statements {
		var v any
		if err := json.Unmarshal([]byte(s.Value.Compact()), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func document(t *testing.T, like *iam.Document, statements []any) *iam.Document {
	t.Helper()
	version := iam.Version2012
	if !like.HasVariables() {
		version = iam.Version2008
	}
	raw, err := json.Marshal(map[string]any{"Version": version, "Statement": statements})
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(raw))
}

func TestRelationsMetamorphic(t *testing.T) {
	for _, r := range relations(t) {
		t.Run(r.Name, func(t *testing.T) {
			old, new := parse(t, string(r.Old)), parse(t, string(r.New))
			want := NewAccess(old, new, AdmissionBudget).Answer

			reversed := statementsOf(t, new)
			slices.Reverse(reversed)
			if got := NewAccess(old, document(t, new, reversed), AdmissionBudget).Answer; got != want {
				t.Errorf("%v, with the statements in another order %v", want, got)
			}
			if got := Compare(new, document(t, new, reversed), AdmissionBudget).Relation(); got != Equivalent {
				t.Errorf("%s to itself in another order", got)
			}

			deny := map[string]any{"Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/s*"}
			if !new.IsIdentityPolicy() {
				deny["Principal"] = "*"
			}
			denied := document(t, new, append(statementsOf(t, new), deny))
			if v := NewAccess(new, denied, AdmissionBudget); v.Answer != None {
				t.Errorf("a Deny more gives new access: %v %+v", v.Answer, v.Witness)
			}
			if v := NewAccess(old, denied, AdmissionBudget); want == None && v.Answer != None {
				t.Errorf("no new access, but with a Deny more %v %+v", v.Answer, v.Witness)
			}
		})
	}
}
