package authz

import "github.com/bucketwarden/bucketwarden/policy/iam"

// Explanation is what one statement makes of a request, element by element.
type Explanation struct {
	Statement int // index from 0
	Sid       string
	Effect    iam.Effect
	Match     Match
	Elements  []Element
}

// Element is what one element of a statement, or one key of its Condition, makes of a request.
type Element struct {
	At    iam.Path // Statement[0].Condition.IpAddress.aws:SourceIp
	Match Match
	Why   string // one clause: what the request has, and what the document makes of it
}

// Explain is Decide, with the reasons: one Explanation a statement, none for a request that Validate refuses.
func Explain(doc *iam.Document, req Request) (Result, []Explanation) {
	e, err := newEvaluation(doc, &req)
	if err != nil {
		return Decide(doc, req), nil
	}
	e.trace = &trace{}
	return e.decide(), e.trace.statements
}
