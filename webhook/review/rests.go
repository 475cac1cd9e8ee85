package review

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/policy/space"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// mostBeside is how many objects about the same bucket are looked at when one of them changes.
const mostBeside = 50

// changed is a cluster in which one object is as it is going to be.
type changed struct {
	Inventory
	obj map[string]any
}

// Bucket implements Inventory.
func (c changed) Bucket(obj map[string]any, r source.Reading) policy.Bucket {
	return c.BucketWith(obj, r, c.obj)
}

// Rests adds to the review of an object what it does to the policies beside it, which were judged by what it said before: an
// ownership that a patch rests on, a public access block that contains what a policy opens. What was wrong with them
// already is not its doing.
func (r Reviewer) Rests(v *Review, inventory Inventory) {
	if now := v.Reading; !v.Sends() || len(now.Ownership)+len(now.PublicAccessBlock)+len(now.ACL.Canned)+len(now.ACL.Grants) == 0 {
		return
	}
	later, looked := changed{inventory, v.object}, 0
	for s := range inventory.Policies(v.object, v.Reading) {
		reading, ok, err := source.Read(s)
		if !ok || err != nil || len(reading.Documents) == 0 || reading.Deleting {
			continue
		}
		if looked++; looked > mostBeside || v.budget.Over() {
			v.unlooked(r, inventory, later, s, reading)
			return
		}
		if reflect.DeepEqual(inventory.Bucket(s, reading), later.Bucket(s, reading)) {
			continue
		}
		for _, d := range reading.Documents {
			v.budget.Take(4 * len(d.Raw)) // to compare the two
		}
		budget := v.budget.Part(mostBeside + 1 - looked)
		was, will := budget.Part(2), budget.Part(2) // as much for both, or what is new would be that it is undecided
		before, _, err := r.object(s, inventory, nil, was)
		if err != nil {
			continue
		}
		after, _, err := r.object(s, later, &before, will)
		if err == nil && after.Sends() {
			v.addBeside(r, reading, before, after)
		}
	}
	if v.adopted {
		v.Relax()
	}
}

// unlooked says that there are more policies about the bucket than are looked into, one of which is s, where the object lets
// the public at what they give it.
func (v *Review) unlooked(r Reviewer, inventory Inventory, later changed, s map[string]any, reading source.Reading) {
	i := slices.IndexFunc(r.Rules, func(rule *policy.Rule) bool { return rule.ID == rules.PublicAccess.ID })
	if i < 0 || !restricting(later.Bucket(s, reading)).opened(restricting(inventory.Bucket(s, reading))) {
		return
	}
	f := policy.Finding{Rule: r.Rules[i], Certainty: policy.Undecided, Message: fmt.Sprintf("with this change, it is undecided whether a policy about the same "+
		"bucket is public; there are more than %d policies, or they take too long to check", mostBeside)}
	if action, _ := v.settings.Action(f); action >= policy.Warn {
		v.Findings = append(v.Findings, Finding{Finding: f, Action: unpatched(action), Field: v.settingField(), document: -1})
	}
}

// restricting is whether a bucket's block keeps everyone outside of the account from what a public policy allows.
func restricting(b policy.Bucket) lock {
	return lockOf(b.PublicAccessBlock.Known(), b.PublicAccessBlock.Value.RestrictPublicBuckets)
}

func (v *Review) addBeside(r Reviewer, beside source.Reading, before, after Review) {
	name := beside.Source.Kind + " " + beside.Object
	if beside.Namespace != "" {
		name = beside.Source.Kind + " " + beside.Namespace + "/" + beside.Object
	}
	for _, f := range after.Findings {
		if f.Standing || f.Action < policy.Warn || f.Rule.ID == rules.DeclaredTwice.ID { // of which the object is told itself
			continue
		}
		f.Message = "with this change, " + name + " " + f.Message
		f.Action, f.Fix, f.document, f.Line, f.Column, f.At = unpatched(f.Action), nil, -1, 0, 0, ""
		f.Field = v.settingField()
		v.Findings = append(v.Findings, f)
	}
	if disabled(before.bucket) && !disabled(after.bucket) {
		v.uploads(r, name, after)
	}
}

// unpatched is what is done about what cannot be patched here, as it stands in another object.
func unpatched(a policy.Action) policy.Action {
	if a == policy.Patch {
		return policy.Warn
	}
	return a
}

// disabled reports whether ACLs are known to be off.
func disabled(b policy.Bucket) bool {
	return b.Ownership.Explicit() && b.Ownership.Value == policy.BucketOwnerEnforced
}

// settingField is where the object says what decides about the others, "spec" where it says so in no field of its own.
func (v *Review) settingField() string {
	r := v.Reading
	switch {
	case len(r.Ownership) > 0:
		return source.FieldPath(r.Ownership[0].Pointer)
	case len(r.PublicAccessBlock) > 0 && r.PublicAccessBlock[0].Pointer != "":
		return source.FieldPath(r.PublicAccessBlock[0].Pointer)
	case len(r.ACL.Canned) > 0:
		return source.FieldPath(r.ACL.Canned[0].Pointer)
	}
	return "spec"
}

var (
	putObject    = everybodyMay("s3:PutObject")
	putObjectACL = everybodyMay("s3:PutObjectAcl")
)

func everybodyMay(action string) *iam.Document {
	return iam.NewDocument(map[string]any{"Effect": iam.Allow, "Principal": "*", "Action": action, "Resource": "*"})
}

// uploads warns where ACLs count again of policies that let somebody upload but not set an ACL, which was right while they
// did not count.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func (v *Review) uploads(r Reviewer, name string, after Review) {
	i := slices.IndexFunc(r.Rules, func(rule *policy.Rule) bool { return rule.ID == rules.ACLActionWithACLsDisabled.ID })
	if i < 0 {
		return
	}
	for n, d := range after.Reading.Documents {
		doc := after.inputs[n].Document
		if doc == nil || d.Shadowed {
			continue
		}
		uploads := space.Granted(doc, putObject, after.budget.Share(space.AdmissionBudget))
		if uploads.Answer != space.Found || space.Granted(doc, putObjectACL, after.budget.Share(space.AdmissionBudget)).Answer != space.None {
			continue
		}
		f := policy.Finding{Rule: r.Rules[i], Certainty: policy.Proved, Witness: uploads.Witness, Message: fmt.Sprintf(
			"with this change, ACLs take effect again; %s allows others to upload without s3:PutObjectAcl, so S3 will refuse their uploads that set an ACL", name)}
		action, _ := after.settings.Action(f)
		if action = min(action, policy.Warn); action == policy.Warn {
			v.Findings = append(v.Findings, Finding{Finding: f, Action: action, Field: v.settingField(), document: -1})
		}
	}
}
