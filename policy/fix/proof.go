package fix

import (
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Grade says how little an edit can be noticed.
type Grade string

// The grades, the strongest first. What sets the first two apart is a request to set the ACL that the bucket owner has
// anyway, where ACLs are disabled. AWS's pages disagree on whether it succeeds: the API reference says that requests to set
// ACLs fail, the user guide excepts bucket-owner-full-control. So S3 may answer 200 and do nothing, and answers 403 once the
// action is no longer allowed.
const (
	// OutcomeEquivalent: every request gets the same success or failure as before.
	OutcomeEquivalent Grade = "outcome-equivalent"
	// EffectEquivalent: every request that is lost was refused by S3 or changed nothing.
	EffectEquivalent Grade = "effect-equivalent"
	// Narrower: nothing is newly allowed, and what is lost is lost on purpose.
	Narrower Grade = "narrower"
)

// What is proved, in words.
const (
	claimNarrower = "no request is newly allowed"
	claimNoneLost = claimNarrower + ", none is lost"
	claimRefused  = claimNarrower + ", and only requests that S3 refuses with ACLs disabled are lost"
	claimIgnored  = claimNarrower + ", and only requests that S3 refuses or ignores with ACLs disabled are lost"
)

// Proof is why a document may take the place of an older one, as review and the audit log show it.
type Proof struct {
	Grade Grade  `json:"grade"`
	Claim string `json:"claim"` // what is proved, in words
	// Statements are those of the old document that the new one does not have to the letter.
	Statements []iam.Path `json:"statements"`
	// Boxes counts what had to be searched for a proof, a statement as one caller meets it; Steps is the size of all the
	// proofs. Both are 0 where a look was enough.
	Boxes int `json:"boxes"`
	Steps int `json:"steps"`
	// Residual, under EffectEquivalent, is a request that only the old document allows and to which S3 may answer 200.
	Residual *authz.Request `json:"residual,omitempty"`
	// Lost, under Narrower, is a request that only the old document allows. Either may be unknown, and nil.
	Lost *authz.Request `json:"lost,omitempty"`

	certificates []space.Certificate
}

func provedBy(v space.Verdict, grade Grade, claim string) *Proof {
	p := &Proof{Grade: grade, Claim: claim}
	p.add(v.Proofs)
	return p
}

func (p *Proof) add(certificates []space.Certificate) {
	for _, c := range certificates {
		p.Steps += c.Proof.Nodes()
	}
	p.certificates = append(p.certificates, certificates...)
	p.Boxes = len(p.certificates)
}

// String returns the proof on one line, for an audit log. Of the documents it has paths alone.
func (p *Proof) String() string {
	var at strings.Builder
	for _, s := range p.Statements {
		at.WriteString(" " + string(s))
	}
	return fmt.Sprintf("%s%s: %s (boxes %d, steps %d)", p.Grade, at.String(), p.Claim, p.Boxes, p.Steps)
}

// edited returns the places of the statements of old that new does not have to the letter.
func edited(old, new *iam.Document) []iam.Path {
	kept := make(map[string]bool, len(new.Statements))
	for _, s := range new.Statements {
		kept[s.Value.Compact()] = true
	}
	out := []iam.Path{}
	for _, s := range old.Statements {
		if !kept[s.Value.Compact()] {
			out = append(out, s.Value.Path())
		}
	}
	return out
}
