package review

import (
	"encoding/json"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
)

// allowed returns what counts as allowed before: the document, without what S3 refused by settings that have changed. It is nil
// where nothing counts. What an Exemption accepts needs no mention: it is about the same bucket, and accepts it still.
func (p past) allowed() *iam.Document {
	doc := p.Review.document(p.document)
	if doc == nil || p.opened {
		return nil
	}
	return without(doc, p.refused)
}

// without returns a document that allows what doc does and except has no Allow for, nil where it would be too large. except is
// nil for nothing, and has no policy variables.
func without(doc, except *iam.Document) *iam.Document {
	if except == nil {
		return doc
	}
	var parts []string
	for _, s := range doc.Statements {
		parts = append(parts, s.Value.Compact())
	}
	for _, s := range except.Statements {
		parts = append(parts, denying(s.Value))
	}
	version := ""
	if doc.HasVariables() {
		version = `"Version":"` + iam.Version2012 + `",`
	}
	out, err := iam.Parse("{" + version + `"Statement":[` + strings.Join(parts, ",") + "]}")
	if err != nil {
		return nil
	}
	return out
}

// denying returns a statement that denies what another one allows, as JSON.
func denying(statement *iam.Value) string {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(statement.Compact()), &members); err != nil {
		panic(err) // it is an object
	}
	members["Effect"] = json.RawMessage(`"` + string(iam.Deny) + `"`)
	text, err := json.Marshal(members)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return string(text)
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
	if status, _, _ := public.S3Status(was); status == public.StatusNotPublic {
		return false
	}
	restricts, blocks := v.locks()
	restricted, blocked := old.locks()
	status, _, _ := public.S3Status(doc)
	if restricts == locked && status == public.StatusPublic {
		return false
	}
	return restricted == locked || restricts.opened(restricted) || blocks.opened(blocked)
}
