package review

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// before returns what counts as allowed before, to a rule: the document, without what an Exemption accepted that no longer
// does, and without what S3 refused by settings that have changed. It is nil where nothing counts.
func (v Review) before(p past, rule *policy.Rule) *iam.Document {
	doc := p.Review.document(p.document)
	if doc == nil || p.opened {
		return nil
	}
	except := p.refused
	now := v.settings.Excuses(rule, v.bucket.Name.Value)
	for _, e := range p.settings.Excuses(rule, p.bucket.Name.Value) {
		switch {
		case slices.Contains(now, e):
		case e.Accepted == nil:
			return nil
		default:
			except = append(slices.Clip(except), e.Accepted)
		}
	}
	return without(doc, except)
}

// without returns a document that allows what doc does and none of the others has an Allow for, nil where that cannot be said.
func without(doc *iam.Document, except []*iam.Document) *iam.Document {
	if len(except) == 0 {
		return doc
	}
	var parts []string
	for _, s := range doc.Statements {
		parts = append(parts, s.Value.Compact())
	}
	for _, e := range except {
		if e.HasVariables() != doc.HasVariables() && strings.Contains(e.Text()+doc.Text(), "${") {
			return nil
		}
		for _, s := range e.Statements {
			if s.Effect != iam.Allow {
				continue
			}
			text, err := denying(s.Value)
			if err != nil {
				return nil
			}
			parts = append(parts, text)
		}
	}
	version := `"Version":"` + iam.Version2012 + `",`
	if !doc.HasVariables() {
		version = ""
	}
	out, err := iam.Parse("{" + version + `"Statement":[` + strings.Join(parts, ",") + "]}")
	if err != nil {
		return nil
	}
	return out
}

// denying returns a statement that denies what another one allows, as JSON.
func denying(statement *iam.Value) (string, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(statement.Compact()), &members); err != nil {
		return "", err
	}
	delete(members, "Sid") // which may stand in the other document too
	members["Effect"] = json.RawMessage(`"` + string(iam.Deny) + `"`)
	text, err := json.Marshal(members)
	return string(text), err
}

// lock is what is known about one switch of a public access block.
type lock uint8

const (
	unknown lock = iota
	unlocked
	locked
)

// opened reports whether a switch that was on, or that nobody knew to be off, is off now, or not known to be on.
func (now lock) opened(before lock) bool {
	return before == locked && now != locked || before == unknown && now == unlocked
}

// locks returns what restricts public policies, and what blocks them.
func (v Review) locks() (restricts, blocks lock) {
	block, known := v.bucket.PublicAccessBlock.Value, v.bucket.PublicAccessBlock.Known()
	if v.Reading.Source.OnAccessPoint() { // which has a block of its own
		declared, ok := v.Reading.BlockPublicAccess()
		block, known = policy.PublicAccessBlock{
			RestrictPublicBuckets: declared.RestrictPublicBuckets, BlockPublicPolicy: declared.BlockPublicPolicy,
		}, ok
	}
	return lockOf(known, block.RestrictPublicBuckets), lockOf(known, block.BlockPublicPolicy)
}

func lockOf(known bool, on *bool) lock {
	switch {
	case !known:
		return unknown
	case on != nil && *on:
		return locked
	}
	return unlocked
}

// opens reports whether the public access block held a document of old back, and no longer holds back what stands in its place:
// RestrictPublicBuckets keeps everyone outside of the account from what a public policy allows, and under BlockPublicPolicy S3
// may have refused the policy.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (v Review) opens(old Review, document, before int) bool {
	doc, was := v.inputs[document].Document, old.inputs[before].Document
	if doc == nil || was == nil {
		return false
	}
	if status, _, _ := space.S3Status(was); status == space.StatusNotPublic {
		return false
	}
	restricts, blocks := v.locks()
	restricted, blocked := old.locks()
	status, _, _ := space.S3Status(doc)
	if restricts == locked && status == space.StatusPublic {
		return false
	}
	return restricted == locked || restricts.opened(restricted) || blocks.opened(blocked)
}
