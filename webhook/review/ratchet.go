package review

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/policy/space"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// ratchet lets an update of an object that was in the wrong before go on: what stood before warns at most. A finding about
// access stands only where it is proved that the object, under its own settings, allows nothing of the kind that old did not
// allow under its own. It also has to concern the same bucket, and old has to have been sent to AWS.
func (v *Review) ratchet(r Reviewer, old Review) {
	if !v.follows(old) {
		return
	}
	for i := range v.inputs {
		v.ratchetDocument(r, old, i)
	}
	v.ratchetSettings(old)
	slices.SortStableFunc(v.Findings, func(f, g Finding) int {
		if f.document < 0 || g.document < 0 { // settings come last, in their order
			return cmp.Compare(min(0, g.document), min(0, f.document))
		}
		return cmp.Or(cmp.Compare(f.document, g.document), policy.Order(f.Finding, g.Finding))
	})
}

// tolerate holds what stands down to a warning.
func (v *Review) tolerate() {
	for i := range v.Findings {
		if f := &v.Findings[i]; f.Standing && f.Action == policy.Deny {
			f.Action = policy.Warn
		}
	}
}

// place returns the index of the document that stood where another one now does, -1 where there was none. One that is sent
// now follows the one that was sent, wherever that stood: what stood in the shadow of another field excuses nothing that
// now stands in the light.
func (v Review) place(now source.Embedded) int {
	same := func(d source.Embedded) bool { return d.Field == now.Field && (now.Shadowed || !d.Shadowed) }
	if i := slices.IndexFunc(v.Reading.Documents, same); i >= 0 || now.Shadowed || v.Reading.Source.OnIdentity() {
		return i
	}
	return slices.IndexFunc(v.Reading.Documents, func(d source.Embedded) bool { return !d.Shadowed })
}

// document returns a document, nil for none and for one that cannot be read.
func (v Review) document(i int) *iam.Document {
	if i < 0 {
		return nil
	}
	return v.inputs[i].Document
}

// past is what an older version of an object had where one of its documents now stands, or in its settings.
type past struct {
	Review
	document int             // -1 for none, and for settings
	rules    map[string]bool // that found something which no Exemption accepts
	texts    map[string]int  // what that was about, by Review.text
	opened   bool            // what held its document back is gone
	before   *iam.Document   // what counts as allowed before
	answers  map[int]bool    // whether a statement, or with -1 the document, is proved to allow no more
	refused  *iam.Document   // what S3 refused by other settings than now, as a document that allows it; nil for nothing
}

func (v Review) past(old Review, document int) past {
	p := past{Review: old, document: -1, rules: map[string]bool{}, texts: map[string]int{}, answers: map[int]bool{}}
	if document >= 0 {
		if p.document = old.place(v.Reading.Documents[document]); p.document < 0 {
			return p
		}
		p.opened = v.opens(old, document, p.document) || old.refusedByS3(p.document) && !v.refusedByS3(document)
		if disabled(old.bucket) && !disabled(v.bucket) {
			p.refused = fix.Refusals(fix.EffectEquivalent, old.bucket.Owner.Value)
		}
		p.before = p.allowed()
	}
	for _, f := range old.Findings {
		if f.document == p.document && f.Exempted == "" {
			p.rules[f.Rule.ID] = true
			p.texts[old.text(f)]++
		}
	}
	return p
}

// refusedByS3 reports whether S3 refuses a document for what it says, so that it never took effect. Of errors, S3 takes only a
// service that never comes.
func (v Review) refusedByS3(document int) bool {
	return slices.ContainsFunc(v.Findings, func(f Finding) bool {
		return f.document == document && f.Rule.Severity == policy.SeverityError && f.Rule.ID != rules.ServiceNeverSendsKey.ID &&
			f.Ceiling == policy.Off && f.Certainty == policy.Proved
	})
}

// ratchetDocument marks what stands of the findings in a document. Of what does not, rules that have Accepts say what is new.
func (v *Review) ratchetDocument(r Reviewer, old Review, document int) {
	p := v.past(old, document)
	var out []Finding
	asked := map[*policy.Rule]map[int]bool{} // the statements of which a rule says that they allow more
	for _, f := range v.Findings {
		switch {
		case f.document != document || f.Action < policy.Warn:
		case f.Rule.ID == rules.NewAccess.ID: // it compares the two policies itself, and nothing that it finds stands
		case f.Rule.Accepts:
			more, done := asked[f.Rule]
			if !done {
				more = map[int]bool{}
				for _, g := range v.beyond(r, p, f, document) {
					more[g.At.Statement()] = true
					out = append(out, g)
				}
				asked[f.Rule] = more
			}
			if more[f.At.Statement()] {
				continue
			}
			f.Standing = true
		default:
			f.Standing = v.stands(&p, f)
		}
		out = append(out, f)
	}
	v.Findings = out
}

// beyond returns what a rule still finds in a document once what the policy before allowed is accepted.
func (v *Review) beyond(r Reviewer, p past, f Finding, document int) []Finding {
	if p.before == nil {
		return slices.DeleteFunc(slices.Clone(v.Findings), func(g Finding) bool {
			return g.document != document || g.Rule != f.Rule || g.Action < policy.Warn
		})
	}
	in := accepting(v.inputs[document], v.settings.Excuses(f.Rule, v.bucket.Name.Value))
	in.Accepted = append(in.Accepted, p.before)
	out := v.decide(r, in, v.findings([]*policy.Rule{f.Rule}, in), document)
	for i := range out {
		out[i] = v.locate(out[i])
	}
	return out
}

// stands reports whether a finding of a rule without Accepts was there before: about access where nothing is newly allowed by
// the statement, and else where the same text stood or the document is proved to allow no more.
func (v *Review) stands(p *past, f Finding) bool {
	doc := v.inputs[f.document].Document
	i := f.At.Statement()
	access := f.Rule.Access && doc != nil && i >= 0 && doc.Statements[i].Effect == iam.Allow
	if what := v.text(f); !access && p.texts[what] > 0 {
		p.texts[what]--
		return true
	}
	if p.before == nil || doc == nil || !access && !p.rules[f.Rule.ID] {
		return false
	}
	if !access || v.Reading.Source.OnIdentity() {
		i = -1
	}
	answer, known := p.answers[i]
	if !known {
		answer = v.allowsNoMore(p.before, doc, i)
		p.answers[i] = answer
	}
	return answer
}

// allowsNoMore reports whether a document, or with i one of its statements beside its Denies, is proved to allow nothing that one
// before did not.
func (v Review) allowsNoMore(before, doc *iam.Document, i int) bool {
	budget := v.budget.Share(space.AdmissionBudget)
	if i < 0 {
		return fix.Narrows(before, doc, budget) == nil
	}
	alone := doc.Only(func(s *iam.Statement) bool { return s == &doc.Statements[i] || s.Effect != iam.Allow })
	return space.NewAccess(before, alone, budget).Answer == space.None
}

// text names what a finding is about across two versions of an object: in a document the statement as it stands, wherever
// that has moved, or the whole document where no statement is to blame or nothing can be read. What a variable means depends
// on the document's Version.
func (v Review) text(f Finding) string {
	if f.document < 0 {
		return f.Rule.ID + "\x00" + f.Field + "\x00" + f.Message
	}
	in := v.inputs[f.document]
	i := f.At.Statement()
	if in.Document == nil || i >= len(in.Document.Statements) {
		i = -1
	}
	at := place{f.document, i}
	what, known := v.digests[at]
	if !known {
		text := in.Text
		if i >= 0 {
			text = canonical(in.Document.Statements[i].Value)
			if in.Document.HasVariables() && strings.Contains(text, "${") {
				text += "\x00" + iam.Version2012
			}
		}
		what = sha256.Sum256([]byte(text))
		v.digests[at] = what
	}
	return f.Rule.ID + "\x00" + string(what[:])
}

// place is a statement of one of the documents, or with -1 all of it.
type place struct{ document, statement int }

// canonical returns the JSON of a value with its keys in order: providers write back what AWS gives them.
func canonical(v *iam.Value) string {
	var any any
	if err := json.Unmarshal([]byte(v.Compact()), &any); err != nil {
		return v.Compact()
	}
	text, err := json.Marshal(any)
	if err != nil {
		return v.Compact()
	}
	return string(text)
}
