// Package review judges one Kubernetes object: every document in it, its settings, and what is to be done about what
// was found. The webhook and the command line both stand on it, so that they cannot disagree.
package review

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"time"

	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/policy"
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
	// Profile says what a bucket is for by what is known of it and its policy, whatever the annotations of objects say; nil leaves it
	// to them.
	Profile func(policy.Bucket, *iam.Document) *policy.Profile
}

// Inventory tells what is known about the bucket of an object, and about namespaces.
type Inventory interface {
	Bucket(obj map[string]any, r source.Reading) policy.Bucket
	// BucketWith returns the same, were another object about the same bucket as it is given.
	BucketWith(obj map[string]any, r source.Reading, other map[string]any) policy.Bucket
	// LogBucket returns what is known about the bucket that server access logs are written to, where the object grants access to
	// them.
	LogBucket(obj map[string]any, r source.Reading) (policy.Bucket, bool)
	// Policies yields the objects about the same bucket that may hold a policy, without the object itself.
	Policies(obj map[string]any, r source.Reading) iter.Seq[map[string]any]
	// Namespace returns the labels of a namespace. It is false for one that is not known.
	Namespace(name string) (labels map[string]string, ok bool)
}

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
	emptied   string
	budget    space.Budget
	object    map[string]any
	settings  settings.Settings
	bucket    policy.Bucket
	logs      policy.Bucket               // that server access logs are written to, where the object grants access to them
	inputs    []policy.Input              // of Reading.Documents
	digests   map[place][sha256.Size]byte // see text
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
	var profile *policy.Profile
	text, read := 0, false
	for i, d := range reading.Documents {
		if text += len(d.Raw); text > mostText {
			d.Err = errTooMuch
		}
		budget.Take(2 * len(d.Raw)) // to read it, and for a look by each rule
		in := input(d, reading, policy.Input{
			Bucket: out.bucket, Trust: out.settings.Trusts[0], Forbidden: out.settings.Forbidden, Caps: out.settings.Caps,
			Keys: out.settings.Keys, Budget: budget,
		})
		if in.Profile = r.profileOf(reading, out.bucket, in.Document); !read {
			profile, read = in.Profile, in.Document != nil
		}
		in.Buckets = bucketsOf(in, obj, reading, inventory)
		if old != nil && out.follows(*old) {
			in.Old = old.document(old.place(d))
		}
		out.inputs = append(out.inputs, in)
		out.judge(r, in, i)
	}
	if len(reading.Documents) == 0 {
		profile = r.profileOf(reading, out.bucket, nil)
	}
	out.judge(r, policy.Input{Kind: policy.Settings, Bucket: out.bucket, Profile: profile}, -1)
	for _, in := range shadowedACLs(reading, out.bucket) {
		out.judge(r, in, -1)
	}
	if logs, granted := inventory.LogBucket(obj, reading); granted {
		out.logs = logs
		out.judge(r, policy.Input{Kind: policy.Settings, Bucket: logs}, -1)
	}
	if old != nil {
		out.emptied = out.empties(*old)
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

// Bucket returns what is known about the bucket that the object is about.
func (v Review) Bucket() policy.Bucket { return v.bucket }

// Rulesets returns the names of the Rulesets that match the object.
func (v Review) Rulesets() []string { return v.settings.Rulesets }
