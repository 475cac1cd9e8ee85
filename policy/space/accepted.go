package space

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// escape is one way for a request to be outside of what documents accept: no Allow of some matches it, and a Deny of each
// of the others does.
type escape struct {
	unallowed []*iam.Document
	denied    []extract // with the Denies in question
}

// mostDenying is how many accepted documents may deny something, as each doubles the questions. What more of them allow
// counts as not accepted.
const mostDenying = 4

// escapes returns the ways in which a request that doc allows may be outside of what the documents accept. What doc denies
// itself is no way, and a document that has a statement without Effect accepts nothing for certain.
func escapes(looks *looks, doc *iam.Document, accepted []*iam.Document) []escape {
	out := []escape{{}}
	for _, d := range accepted {
		if len(whole(d).of("")) > 0 {
			continue
		}
		denies := looks.unlike(d, doc, iam.Deny)
		if len(denies) > 0 && len(out) == 1<<mostDenying {
			continue
		}
		n := len(out)
		for i := range n {
			if len(denies) > 0 {
				e := out[i]
				e.denied = append(slices.Clip(e.denied), extract{d, denies})
				e.unallowed = slices.Clip(e.unallowed)
				out = append(out, e)
			}
			out[i].unallowed = append(slices.Clip(out[i].unallowed), d)
		}
	}
	return out
}

// eachEscape asks about every escape. One that is found, or else one that is undecided, is the answer.
func eachEscape(escapes []escape, ask func(escape) Verdict) Verdict {
	out := Verdict{Answer: None}
	for _, e := range escapes {
		v := ask(e)
		switch {
		case v.Answer == Found:
			return v
		case v.Answer == Undecided && out.Answer == None:
			out = out.or(v)
		}
		out.Proofs = append(out.Proofs, v.Proofs...)
	}
	return out
}

// outside drops the statements of doc of which nothing can escape, by a look at them.
func (e escape) outside(looks *looks, doc *iam.Document, statements []*iam.Statement) []*iam.Statement {
	statements = slices.Clone(statements) // each escape drops others
	for _, d := range e.unallowed {
		statements = looks.outside(doc, statements, d, iam.Allow)
	}
	for _, d := range e.denied {
		statements = slices.DeleteFunc(statements, func(s *iam.Statement) bool {
			return !slices.ContainsFunc(d.statements, func(t *iam.Statement) bool { return !looks.apart(looks.of(s), looks.of(t)) })
		})
	}
	return statements
}

// docs returns what decides on the escape, for the universe.
func (e escape) docs() []extract { return append(wholes(e.unallowed), e.denied...) }

// boxes returns the parts of boxes that are inside a Deny of each document which has to deny.
func (e escape) boxes(u *universe, boxes []box) []box {
	for _, d := range e.denied {
		boxes = meets(boxes, u.boxesOf(d.Document, d.statements))
	}
	return boxes
}
