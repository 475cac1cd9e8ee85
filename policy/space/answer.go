package space

import (
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Answer is what the engine knows about a question.
type Answer uint8

// The answers to "is there such a request?". Undecided is never rounded to either side.
const (
	Undecided Answer = iota
	None             // proved: there is no such request
	Found            // there is one, and it is shown
)

// String returns the answer as the command line writes it.
func (a Answer) String() string { return [...]string{"undecided", "none", "found"}[a] }

// Verdict is an Answer with what it rests on.
type Verdict struct {
	Answer  Answer
	Witness *authz.Request // Found: one request, confirmed by the plain evaluator
	Proofs  []Certificate  // None: one for each box and kind of caller that had to be searched; none where a look was enough
	At      iam.Path       // Undecided: the statement, as its Value has its place, that nobody can tell about; "" for no single one
	Reason  string         // Undecided: why, without the place
}

// Why returns the place and the reason of an undecided answer on one line.
func (v Verdict) Why() string {
	if v.At == "" {
		return v.Reason
	}
	return string(v.At) + ": " + v.Reason
}

// Certificate is one Proof with the question that it answers.
type Certificate struct {
	starts  []domain
	box     []facet
	cover   [][]facet
	Proof   *Proof
	Subject string // the statement that is covered
}

// stopped is the reason of an answer that would have taken more than its budget.
const stopped = "the search reached its budget"

const openByAWS = "AWS's pages leave it open, or it depends on the value of a policy variable"

const tooMany = "the documents name too many actions, or combine too many principals or policy variables"

// unsure is the answer that nobody knows about a box.
func unsure(b box, why string) Verdict {
	if b.statement == nil {
		return Verdict{Reason: subject(b) + ": " + why}
	}
	return Verdict{At: b.statement.Value.Path(), Reason: why}
}

// or returns an answer made undecided by w, for the first reason that there was.
func (v Verdict) or(w Verdict) Verdict {
	if v.Answer = Undecided; v.Reason == "" {
		v.At, v.Reason = w.At, w.Reason
	}
	return v
}

func subject(b box) string {
	if b.statement == nil {
		return "the request"
	}
	return string(b.statement.Value.Path())
}
