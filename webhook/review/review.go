// Package review judges one Kubernetes object: every document in it, its settings, and what is to be done about what
// was found. The webhook and the command line both stand on it, so that they cannot disagree.
package review

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Reviewer judges objects by a list of rules. It is safe for concurrent use.
type Reviewer struct {
	Rules []*policy.Rule
	Level policy.Level  // where neither a Ruleset nor a namespace says so
	Trust *public.Trust // where no Ruleset does, nil when nobody said
	// Settings are the Rulesets and Exemptions, and Now is when they are to hold: what has expired by then does not count.
	Settings *settings.Set
	Now      time.Time
	// Adopter is set for what an account writes by which a controller adopts what is live in AWS.
	Adopter bool
	// Narrowing has those fixes made too that take access away on purpose: only a person may ask for that.
	Narrowing bool
}

// Inventory tells what is known about the bucket of an object, and about namespaces.
type Inventory interface {
	Bucket(obj map[string]any, r source.Reading) policy.Bucket
	// BucketWith returns the same, were another object about the same bucket as it is given.
	BucketWith(obj map[string]any, r source.Reading, other map[string]any) policy.Bucket
	// Policies yields the objects about the same bucket that may hold a policy, without the object itself.
	Policies(obj map[string]any, r source.Reading) iter.Seq[map[string]any]
	// Namespace returns the labels of a namespace. It is false for one that is not known.
	Namespace(name string) (labels map[string]string, ok bool)
}

// Verdict is the answer to one object: the strongest action of its findings.
type Verdict string

// The verdicts.
const (
	Admit Verdict = "Admit"
	Warn  Verdict = "Warn"
	Patch Verdict = "Patch"
	Deny  Verdict = "Deny"
)

// Review is what was found in one object.
type Review struct {
	Reading  source.Reading
	Findings []Finding
	Patch    []jsonpatch.Operation // makes the fixes of all findings whose Action is Patch
	Fixed    []FixedDocument
	// Exemptions are the names of those without which there would be more to refuse, patch or warn of.
	Exemptions []string

	narrowing bool
	adopted   bool // by the write that is judged
	budget    space.Budget
	object    map[string]any
	settings  settings.Settings
	bucket    policy.Bucket
	inputs    []policy.Input              // of Reading.Documents
	digests   map[place][sha256.Size]byte // see text
}

// Finding is a policy.Finding, where it stands in the object, and what is done about it.
type Finding struct {
	policy.Finding
	Action policy.Action
	Field  string // as people write it: of the setting, the document, or the part of a structured document
	// Exempted names the Exemption that accepts it, "" when none does.
	Exempted string
	// Standing findings were in the object before this update too.
	Standing bool
	// Proof is why the fix of a finding whose Action is Patch is safe: the proof of all fixes of its document together.
	// nil for a field that is unset.
	Proof *fix.Proof

	document int  // index in Reading.Documents, -1 for a setting
	consent  bool // somebody asked for this rule's fixes by its id, also for those that take access away
}

// FixedDocument is a document before and after its fixes, and why the one may take the place of the other.
type FixedDocument struct {
	Field    string
	Old, New string
	Proof    *fix.Proof
}

// reviewBudget is what all questions of one review take together, in steps: as much as 30 of the hardest that a rule asks.
const reviewBudget = 30 * space.AdmissionBudget

// mostText is how many bytes of documents of one object are read. Nothing takes more than two of 20 KB, one of which stands in
// the shadow of the other, and IAM takes 10,240 characters in all policies of a role.
const mostText = 2 * iam.MaxSize

var errTooMuch = fmt.Errorf("the policies of the object are together larger than %d bytes", mostText)

// Object judges one object, and for no longer than ctx lasts: what has not been decided by then is undecided. ok is false for
// a kind that Bucketwarden does not know. The error names a field that the kind's schema would not have let in.
func (r Reviewer) Object(ctx context.Context, obj map[string]any, inventory Inventory) (out Review, ok bool, err error) {
	return r.object(obj, inventory, nil, space.NewBudget(ctx, reviewBudget))
}

// object judges an object, and what an update of the old one changes.
func (r Reviewer) object(obj map[string]any, inventory Inventory, old *Review, budget space.Budget) (out Review, ok bool, err error) {
	reading, ok, err := source.Read(obj)
	if !ok || err != nil {
		return Review{}, ok, err
	}
	out.Reading, out.object, out.narrowing, out.budget = reading, obj, r.Narrowing, budget
	out.digests = map[place][sha256.Size]byte{}
	out.settings = r.settings(subject(reading, inventory))
	out.bucket = inventory.Bucket(obj, reading)
	out.settings.Assume(&out.bucket)
	profile := profileOf(reading, out.bucket)
	text := 0
	for i, d := range reading.Documents {
		if text += len(d.Raw); text > mostText {
			d.Err = errTooMuch
		}
		budget.Take(2 * len(d.Raw)) // to read it, and for a look by each rule
		in := input(d, reading, policy.Input{
			Bucket: out.bucket, Trust: out.settings.Trusts[0], Forbidden: out.settings.Forbidden, Caps: out.settings.Caps,
			Keys: out.settings.Keys, Profile: profile, Budget: budget,
		})
		in.Buckets = bucketsOf(in, obj, reading, inventory)
		if old != nil && out.follows(*old) {
			in.Old = old.document(old.place(d))
		}
		out.inputs = append(out.inputs, in)
		out.judge(r, in, i)
	}
	out.judge(r, policy.Input{Kind: policy.Settings, Bucket: out.bucket, Profile: profile}, -1)
	for _, in := range shadowedACLs(reading, out.bucket) {
		out.judge(r, in, -1)
	}
	if old != nil {
		out.ratchet(r, *old)
		out.adopt(r, *old)
	}
	for i, d := range reading.Documents {
		out.fixDocument(i, d)
	}
	out.fixSettings()
	out.tolerate()
	return out, true, nil
}

func (r Reviewer) settings(o settings.Subject) settings.Settings {
	return r.Settings.For(o, settings.Defaults{Level: r.Level, Trust: r.Trust}, r.Now)
}

// shadowedACLs returns an input for each canned ACL behind the one that counts: initProvider's beside forProvider's. It
// counts once the other goes away.
func shadowedACLs(reading source.Reading, bucket policy.Bucket) []policy.Input {
	var out []policy.Input
	for i, s := range reading.ACL.Canned {
		if i > 0 {
			bucket.ACL = policy.Fact[policy.ACL]{
				Value: policy.ACL{Canned: s.Value}, Origin: policy.Declared, From: source.FieldPath(s.Pointer),
			}
			out = append(out, policy.Input{Kind: policy.Settings, Bucket: bucket})
		}
	}
	return out
}

// input reads one document of an object into what is known about it.
func input(d source.Embedded, reading source.Reading, in policy.Input) policy.Input {
	in.Kind = policy.BucketPolicy
	switch {
	case reading.Source.OnAccessPoint():
		in.Kind = policy.AccessPointPolicy
	case reading.Source.OnIdentity():
		in.Kind = policy.IdentityPolicy
	}
	unreadable := d.Err
	if len(d.Overwritten) > 0 {
		unreadable = fmt.Errorf("%s: a later condition with the same operator and key silently replaces it; merge them",
			strings.Join(d.Overwritten, ", "))
	}
	if unreadable != nil {
		in.Text, in.Unreadable = d.Raw, unreadable
		return in
	}
	return in.With(d.Raw)
}

// mostBuckets is how many buckets of one policy are looked up.
const mostBuckets = 50

// bucketsOf returns the buckets that the policy of a user, role or group names, with the Object Ownership and the owner that objects
// beside it declare: the object's own account is that of whoever calls.
func bucketsOf(in policy.Input, obj map[string]any, reading source.Reading, inventory Inventory) map[string]policy.Bucket {
	if in.Kind != policy.IdentityPolicy {
		return nil
	}
	out := map[string]policy.Bucket{}
	reading.Account = source.Text{}
	for _, s := range in.Statements() {
		names, _ := policy.BucketNames(s.Resource)
		for _, name := range names {
			if _, done := out[name]; done || len(out) == mostBuckets {
				continue
			}
			reading.Name = source.BucketName{Literal: name}
			if found := inventory.Bucket(obj, reading); found.Ownership.Known() {
				out[name] = policy.Bucket{Name: found.Name, Ownership: found.Ownership, Owner: found.Owner}
			}
		}
	}
	return out
}

// locate says where in the object a finding is. In a structured document that is a field of its own: nobody has seen
// the JSON that the provider makes of it, so line and column would say nothing.
func (v *Review) locate(f Finding) Finding {
	if f.document < 0 {
		return f
	}
	d := v.Reading.Documents[f.document]
	f.Field = d.Field
	if !d.ByField() {
		return f
	}
	f.Line, f.Column = 0, 0
	for at := string(f.At); at != ""; at = at[:max(0, strings.LastIndexAny(at, ".["))] {
		if pointer, ok := d.PatchPointer(at); ok {
			f.Field = source.FieldPath(pointer)
			break
		}
	}
	return f
}

// fixDocument makes the fixes of one document, if they are proved: nothing new is granted, and nothing is lost that S3
// would serve. What cannot be proved is not made.
func (v *Review) fixDocument(i int, d source.Embedded) {
	in, mine := v.inputs[i], v.patchable(i)
	if len(mine) == 0 {
		return
	}
	var fixes []policy.Fix
	for _, f := range mine {
		fixes = append(fixes, *f.Fix)
	}
	fixed, err := fix.Apply(in.Document, fixes)
	if errors.Is(err, fix.ErrNoStatement) {
		unfixable(mine, "the fix would remove every statement; delete the policy instead")
		for _, f := range mine {
			f.Action = policy.Deny
		}
		return
	}
	var proof *fix.Proof
	if err == nil {
		proof, err = prove(in, fixed, fixes)
	}
	var patch []jsonpatch.Operation
	if err == nil {
		patch, err = patchDocument(v.object, d, in.Document, fixed, fixes)
	}
	if err != nil {
		unfixable(mine, "not patched: "+err.Error())
		return
	}
	for _, f := range mine {
		f.Proof = proof
	}
	v.Patch = append(v.Patch, patch...)
	v.Fixed = append(v.Fixed, FixedDocument{d.Field, d.Raw, fixed.Text(), proof})
}

// prove returns why the fixed document may take the place of the old one: it grants nothing new and, unless that is what
// somebody asked for, nothing is lost.
func prove(in policy.Input, fixed *iam.Document, fixes []policy.Fix) (*fix.Proof, error) {
	class := policy.Equivalent
	if slices.ContainsFunc(fixes, func(f policy.Fix) bool { return f.Class == policy.Narrowing }) {
		class = policy.Narrowing
	}
	return fix.Prove(in, fixed, class)
}

// patchable returns the findings of one document (-1: of the settings) that are to be patched.
func (v *Review) patchable(document int) []*Finding {
	var out []*Finding
	for i := range v.Findings {
		f := &v.Findings[i]
		if f.document != document || f.Action != policy.Patch || f.Fix == nil {
			continue
		}
		if v.narrowing || f.consent || f.Fix.Class == policy.Equivalent {
			out = append(out, f)
		}
	}
	return out
}

// unfixable gives findings whose fixes cannot be made the action for what cannot be fixed, and says why.
func unfixable(findings []*Finding, why string) {
	for _, f := range findings {
		f.Fix = nil
		f.Action = f.Limit(policy.Patch)
		f.Message += "; " + why
	}
}

// fixSettings removes the fields, and sets those, that fixes of settings name.
func (v *Review) fixSettings() {
	fields := v.Reading.Fields()
	for _, f := range v.patchable(-1) {
		var ops []jsonpatch.Operation
		missing := false
		change := func(field, op string, value any) {
			s, ok := fields[strings.ToLower(field)]
			missing = missing || !ok
			ops = append(ops, jsonpatch.NewOperation("test", s.Pointer, s.Value), jsonpatch.NewOperation(op, s.Pointer, value))
		}
		for _, field := range f.Fix.Unset {
			change(field, "remove", nil)
		}
		for _, field := range slices.Sorted(maps.Keys(f.Fix.Set)) {
			change(field, "replace", f.Fix.Set[field])
		}
		if missing || len(ops) == 0 {
			unfixable([]*Finding{f}, "not patched: this field cannot be changed by itself")
			continue
		}
		v.Patch = append(v.Patch, ops...)
	}
}

// Rulesets returns the names of the Rulesets that match the object.
func (v Review) Rulesets() []string { return v.settings.Rulesets }

// Verdict returns the strongest action of the findings.
func (v Review) Verdict() Verdict {
	out := policy.Off
	for _, f := range v.Findings {
		out = max(out, f.Action)
	}
	switch out {
	case policy.Deny:
		return Deny
	case policy.Patch:
		return Patch
	case policy.Warn:
		return Warn
	}
	return Admit
}
