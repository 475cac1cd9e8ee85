package space

import (
	"context"
	"testing"
)

// TestBudgetOfAll holds questions to what they have together: what one takes another lacks, a part is taken off the whole,
// and with the context everything ends.
func TestBudgetOfAll(t *testing.T) {
	doc := parse(t, teams(6, "s3:PutObject"))
	alone := NewBudget(t.Context(), ample)
	if v := Access(doc, Everyone, alone); v.Answer != Found {
		t.Fatal(v.Answer, v.Reason)
	}
	takes := alone.Spent()
	if takes == 0 {
		t.Fatal("a question took nothing")
	}
	both := NewBudget(t.Context(), takes+takes/2)
	for i, want := range []Answer{Found, Undecided} {
		if v := Access(doc, Everyone, both.Share(AdmissionBudget)); v.Answer != want {
			t.Errorf("question %d: %v, want %v", i, v.Answer, want)
		}
	}
	if !both.Over() || alone.Over() {
		t.Error("it is over too late or too soon")
	}
	parts := NewBudget(t.Context(), 4*takes)
	if v := Access(doc, Everyone, parts.Part(8)); v.Answer != Undecided {
		t.Errorf("an eighth of four: %v", v.Answer)
	}
	if v := Access(doc, Everyone, parts.Part(3)); v.Answer != Found || parts.Spent() < takes {
		t.Errorf("a third of what is left: %v, %d spent", v.Answer, parts.Spent())
	}
}

func TestBudgetEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	budget := NewBudget(ctx, ample)
	v := Access(parse(t, teams(6, "s3:PutObject")), Everyone, budget)
	if v.Answer != Undecided || v.Reason != stopped || !budget.Over() {
		t.Errorf("%v %q", v.Answer, v.Reason)
	}
	if budget.Spent() > stepsBetween {
		t.Errorf("%d steps after the end", budget.Spent())
	}
}

// TestBudgetWithoutPool holds the zero Budget to be as much as a question may take, each time.
func TestBudgetWithoutPool(t *testing.T) {
	doc := parse(t, teams(6, "s3:PutObject"))
	for _, b := range []Budget{{}, Budget{}.Share(AdmissionBudget), Budget{}.Part(100), Steps(0)} {
		for range 2 {
			if v := Access(doc, Everyone, b); v.Answer != Found || b.Spent() != 0 || b.Over() {
				t.Errorf("%+v: %v", b, v.Answer)
			}
		}
	}
	if v := Access(doc, Everyone, Steps(1)); v.Answer != Undecided {
		t.Errorf("one step: %v", v.Answer)
	}
}
