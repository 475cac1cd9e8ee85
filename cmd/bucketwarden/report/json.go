package report

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"gomodules.xyz/jsonpatch/v2"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// reviewOutput is the JSON that review prints. Its fields are a contract: none goes, none changes its type.
type reviewOutput struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Items      itemSequence   `json:"items"`
	Summary    *summaryOutput `json:"summary"` // complete once Items have been written
}

// itemSequence is a list of itemOutput that is written element by element.
type itemSequence iter.Seq[itemOutput]

// MarshalJSONTo writes each item when it is there.
func (s itemSequence) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for item := range s {
		if err := json.MarshalEncode(enc, item); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}

type itemOutput struct {
	File     string                 `json:"file"`
	Line     int                    `json:"line"`
	Object   *objectOutput          `json:"object"`
	Verdict  review.Verdict         `json:"verdict"`
	Findings []findingOutput        `json:"findings"`
	Patch    []*jsonpatch.Operation `json:"patch"`
}

type objectOutput struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

type findingOutput struct {
	Rule        string           `json:"rule"`
	Name        string           `json:"name"`
	Severity    string           `json:"severity"`
	Action      string           `json:"action"`
	Field       string           `json:"field"`
	At          string           `json:"at"`
	Sid         string           `json:"sid"`
	Line        int              `json:"line"` // in the document, as is Column
	Column      int              `json:"column"`
	FileLine    int              `json:"fileLine,omitempty"` // in the file, from 1; none of an object of a cluster
	FileColumn  int              `json:"fileColumn,omitempty"`
	Message     string           `json:"message"`
	Certainty   policy.Certainty `json:"certainty"`
	Assumptions []string         `json:"assumptions"`
	Witness     *authz.Request   `json:"witness"`
	Fix         *fixOutput       `json:"fix"`
	Exemption   string           `json:"exemption,omitempty"` // that accepts it
}

// fixOutput has the grade and the residual of the proof beside it, too: they were there before it was.
type fixOutput struct {
	Class       policy.Class   `json:"class"`
	Description string         `json:"description"`
	Grade       fix.Grade      `json:"grade,omitempty"`
	Residual    *authz.Request `json:"residual,omitempty"`
	Proof       *fix.Proof     `json:"proof,omitempty"`
}

type summaryOutput struct {
	Objects    int `json:"objects"`
	Policies   int `json:"policies"`
	Denied     int `json:"denied"`
	Patched    int `json:"patched"`
	Warned     int `json:"warned"`
	Admitted   int `json:"admitted"`
	PassedOver int `json:"passedOver"`
	// Skipped is PassedOver by what the documents are, in alphabetical order.
	Skipped []skippedOutput `json:"skipped"`
}

type skippedOutput struct {
	Kind  string `json:"kind"` // "apps/v1 Deployment", "a policy of SQS"
	Count int    `json:"count"`
}

// writeJSON writes nothing where a name cannot be written: half an answer would be taken for one that was cut off.
func writeJSON(w io.Writer, in *files.Inputs, all iter.Seq[files.Judged]) error {
	for _, f := range in.Files {
		if len(f.Items) > 0 && !utf8.ValidString(f.Name) {
			return fmt.Errorf("%s: the file's name is not UTF-8, and JSON cannot hold it; rename the file", f.Name)
		}
	}
	return program.StreamJSON(w, newReviewOutput(in, all))
}

func newReviewOutput(in *files.Inputs, all iter.Seq[files.Judged]) reviewOutput {
	summary := newSummary(in)
	var places manifest.Places
	items := func(yield func(itemOutput) bool) {
		for j := range all {
			summary.add(j)
			if !yield(newItemOutput(j, &places)) {
				return
			}
		}
	}
	return reviewOutput{APIVersion: "bucketwarden.dev/v1alpha1", Kind: "Review", Items: items, Summary: &summary}
}

func newItemOutput(j files.Judged, places *manifest.Places) itemOutput {
	findings := findingsOf(j)
	for i, f := range j.Findings {
		findings[i].FileLine, findings[i].FileColumn = places.Of(j.Item, f.Field, f.Line, f.Column)
	}
	return itemOutput{
		File: j.Item.File.Name, Line: j.Item.Line, Object: objectOf(j.Item), Verdict: j.Verdict(), Findings: findings, Patch: patchOf(j),
	}
}

func findingsOf(j files.Judged) []findingOutput {
	var out []findingOutput
	for _, f := range j.Findings {
		out = append(out, findingOutput{
			Rule: f.Rule.ID, Name: f.Rule.Name, Severity: f.Rule.Severity.String(), Action: f.Action.String(),
			Field: f.Field, At: string(f.At), Sid: j.Sid(f), Line: f.Line, Column: f.Column, Message: f.Message,
			Certainty: f.Certainty, Assumptions: f.Assumptions, Witness: f.Witness, Fix: fixOf(f), Exemption: f.Exempted,
		})
	}
	return out
}

func patchOf(j files.Judged) []*jsonpatch.Operation {
	var out []*jsonpatch.Operation
	for i := range j.Patch {
		out = append(out, &j.Patch[i])
	}
	return out
}

// objectOf names the object of an item, nil for a bare document.
func objectOf(item *manifest.Item) *objectOutput {
	if item.Object == nil {
		return nil
	}
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	meta, _ := item.Object["metadata"].(map[string]any)
	return &objectOutput{
		text(item.Object, "apiVersion"), text(item.Object, "kind"), text(meta, "namespace"), cmp.Or(text(meta, "name"), item.Filled.Name),
	}
}

func fixOf(f review.Finding) *fixOutput {
	if f.Fix == nil {
		return nil
	}
	out := &fixOutput{Class: f.Fix.Class, Description: f.Fix.Description, Proof: f.Proof}
	if f.Proof != nil {
		out.Grade, out.Residual = f.Proof.Grade, f.Proof.Residual
	}
	return out
}

// newSummary counts what is not judged; add counts the rest.
func newSummary(in *files.Inputs) summaryOutput {
	var out summaryOutput
	skipped := in.Skipped()
	for _, kind := range slices.Sorted(maps.Keys(skipped)) {
		out.PassedOver += skipped[kind]
		out.Skipped = append(out.Skipped, skippedOutput{kind, skipped[kind]})
	}
	return out
}

func (s *summaryOutput) add(j files.Judged) {
	if j.Item.Object != nil {
		s.Objects++
	}
	s.Policies += len(j.Reading.Documents)
	switch j.Verdict() {
	case review.Deny:
		s.Denied++
	case review.Patch:
		s.Patched++
	case review.Warn:
		s.Warned++
	default:
		s.Admitted++
	}
}
