package review

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

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
		const why = "the fix would remove every statement; delete the policy instead"
		unfixable(mine, why, why)
		for _, f := range mine {
			f.Action = policy.Deny
		}
		return
	}
	var proof *fix.Proof
	step := ""
	if err == nil {
		if proof, err = prove(in, fixed, fixes); err != nil {
			step = "the proof failed: "
		}
	}
	var patch []jsonpatch.Operation
	if err == nil {
		patch, err = patchDocument(v.object, d, in.Document, fixed, fixes)
	}
	if err != nil {
		unfixable(mine, step+err.Error(), notPatched+err.Error())
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

const notPatched = "not patched: "

// unfixable gives findings whose fixes cannot be made the action for what cannot be fixed. said is why, as their messages have it.
func unfixable(findings []*Finding, why, said string) {
	for _, f := range findings {
		f.Fix, f.Unfixed = nil, why
		f.Action = f.Limit(policy.Patch)
		f.Message += "; " + said
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
			const why = "this field cannot be changed by itself"
			unfixable([]*Finding{f}, why, notPatched+why)
			continue
		}
		v.Patch = append(v.Patch, ops...)
	}
}
