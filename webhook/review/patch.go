package review

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-openapi/jsonpointer"
	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// patchDocument returns the JSON Patch that turns one document into its fixed form: one field is replaced, and only
// while it holds what was judged. Nothing else in the object is touched.
func patchDocument(obj map[string]any, d source.Embedded, doc, fixed *iam.Document, fixes []policy.Fix) ([]jsonpatch.Operation, error) {
	if d.ByField() {
		return patchStructured(obj, d, doc, fixes)
	}
	if fixed.Text() == d.Raw {
		return nil, errors.New("the fix changes nothing")
	}
	return []jsonpatch.Operation{
		jsonpatch.NewOperation("test", d.Pointer, d.Text()),
		jsonpatch.NewOperation("replace", d.Pointer, d.Encode(fixed.Text())),
	}, nil
}

// patchStructured removes from the provider's own fields what the fixes remove from the document.
func patchStructured(obj map[string]any, d source.Embedded, doc *iam.Document, fixes []policy.Fix) ([]jsonpatch.Operation, error) {
	if d.Refs {
		return nil, errors.New("the statement list holds references, so the provider rewrites it; edit the source")
	}
	edits, _, err := fix.Plan(doc, fixes)
	if err != nil {
		return nil, err
	}
	var pointers []string
	for _, e := range edits {
		pointer, ok := d.PatchPointer(string(e.At))
		if !ok || e.New != nil {
			return nil, fmt.Errorf("%s is not a field that can be set", e.At)
		}
		pointers = append(pointers, pointer)
	}
	slices.SortFunc(pointers, comparePointers)
	pointers = slices.Compact(pointers)
	// From the end, as each removal moves what stands behind it; and never below what goes as a whole.
	var ops []jsonpatch.Operation
	for i := len(pointers) - 1; i >= 0; i-- {
		inside := slices.ContainsFunc(pointers[:i], func(p string) bool { return strings.HasPrefix(pointers[i], p+"/") })
		if inside {
			continue
		}
		value, err := valueAt(obj, pointers[i])
		if err != nil {
			return nil, err
		}
		ops = append(ops, jsonpatch.NewOperation("test", pointers[i], value), jsonpatch.NewOperation("remove", pointers[i], nil))
	}
	return ops, nil
}

func valueAt(obj map[string]any, pointer string) (any, error) {
	p, err := jsonpointer.New(pointer)
	if err != nil {
		return nil, err
	}
	value, _, err := p.Get(obj)
	return value, err
}

// comparePointers orders JSON pointers by position: list indexes as numbers.
func comparePointers(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	return slices.CompareFunc(as, bs, func(x, y string) int {
		i, errX := strconv.Atoi(x)
		j, errY := strconv.Atoi(y)
		if errX == nil && errY == nil {
			return cmp.Compare(i, j)
		}
		return cmp.Compare(x, y)
	})
}
