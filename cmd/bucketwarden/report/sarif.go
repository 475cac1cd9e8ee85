package report

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// SARIFLog is a log of SARIF 2.1.0 with one run, as far as it is used here.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type SARIFLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []SARIFRun `json:"runs"`
}

// SARIFRun is what one run of the program found.
type SARIFRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	ColumnKind  string            `json:"columnKind"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Fixes        []sarifFix         `json:"fixes,omitempty"`
	Properties   sarifFound         `json:"properties"`
}

// sarifFound is what SARIF has no words for.
type sarifFound struct {
	Action    string           `json:"action"`
	Certainty policy.Certainty `json:"certainty"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification"`
}

type sarifLocation struct {
	Physical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	} `json:"physicalLocation"`
	Logical []sarifLogical `json:"logicalLocations"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// sarifRegion has lines and columns from 1, columns in characters; the end is behind the last.
type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine,omitzero"`
	EndColumn   int `json:"endColumn,omitzero"`
}

type sarifFix struct {
	Description sarifText     `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion `json:"deletedRegion"`
	Inserted sarifText   `json:"insertedContent"`
}

// newSARIF writes down a review for programs that show findings beside the lines that they are about.
func newSARIF(in *files.Inputs, all iter.Seq[files.Judged], version string) SARIFLog {
	var run SARIFRun
	run.ColumnKind = "unicodeCodePoints"
	run.Results = []sarifResult{}
	var of []sarifSubject
	var places manifest.Places
	changes := files.Changes{}
	for j := range all {
		changes.Add(j)
		for _, f := range j.Findings {
			run.Results = append(run.Results, newSARIFResult(j, f, &places))
			of = append(of, newSARIFSubject(j, f))
		}
	}
	run.Tool.Driver = newSARIFDriver(of, version)
	replacements := replacementsOf(changes)
	for i := range run.Results {
		run.Results[i].finish(of[i], run.Tool.Driver.Rules, replacements[of[i].item])
	}
	run.Invocations = []sarifInvocation{newSARIFInvocation(in)}
	return SARIFLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []SARIFRun{run},
	}
}

func newSARIFInvocation(in *files.Inputs) sarifInvocation {
	out := sarifInvocation{Successful: len(in.Errs) == 0, Notifications: []sarifNotification{}}
	for _, err := range in.Errs {
		out.note("error", err.Error())
	}
	for _, note := range in.Notes {
		out.note("note", note)
	}
	return out
}

func (i *sarifInvocation) note(level, text string) {
	i.Notifications = append(i.Notifications, sarifNotification{level, sarifText{Text: text}})
}

// sarifSubject is what a result is about: of a review, all that is kept until everything has been judged.
type sarifSubject struct {
	rule *policy.Rule
	item *manifest.Item
	fix  *policy.Fix // that is made, nil where none is
}

func newSARIFSubject(j files.Judged, f review.Finding) sarifSubject {
	out := sarifSubject{rule: f.Rule, item: j.Item}
	if f.Action == policy.Patch {
		out.fix = f.Fix
	}
	return out
}

func newSARIFResult(j files.Judged, f review.Finding, places *manifest.Places) sarifResult {
	out := sarifResult{
		RuleID: f.Rule.ID, Level: sarifLevel(f.Action), Message: sarifText{Text: f.Text()},
		Fingerprints: map[string]string{"bucketwarden/v1": fingerprint(j, f)},
		Properties:   sarifFound{f.Action.String(), f.Certainty},
	}
	if f.Witness != nil {
		out.Message.Text += "; for example " + f.Witness.String()
	}
	var at sarifLocation
	at.Physical.Artifact = artifactOf(j.Item.File.Name)
	at.Physical.Region.StartLine, at.Physical.Region.StartColumn = places.Of(j.Item, f.Field, f.Line, f.Column)
	at.Logical = []sarifLogical{{strings.Join(slices.DeleteFunc([]string{nameOf(objectOf(j.Item)), f.Field, string(f.At)},
		func(s string) bool { return s == "" }), " "), "member"}}
	out.Locations = []sarifLocation{at}
	if f.Exempted != "" {
		out.Suppressions = []sarifSuppression{{"external", "accepted by Exemption " + f.Exempted}}
	}
	return out
}

// finish adds what is known when all objects have been judged.
func (r *sarifResult) finish(of sarifSubject, rules []sarifRule, fixes []sarifReplacement) {
	r.RuleIndex = slices.IndexFunc(rules, func(rule sarifRule) bool { return rule.ID == of.rule.ID })
	if of.fix != nil && len(fixes) > 0 {
		r.Fixes = []sarifFix{{
			Description: sarifText{Text: of.fix.Description + ", and whatever else is patched in this object"},
			Changes:     []sarifChange{{r.Locations[0].Physical.Artifact, fixes}},
		}}
	}
}

func sarifLevel(a policy.Action) string {
	switch a {
	case policy.Deny:
		return "error"
	case policy.Patch, policy.Warn:
		return "warning"
	}
	return "note"
}

// fingerprint tells findings apart, and stays when the lines around them move.
func fingerprint(j files.Judged, f review.Finding) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule.ID, j.Item.File.Name, nameOf(objectOf(j.Item)), f.Field, string(f.At)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// artifactOf names a file by a URI, from the root of whatever the command runs in.
func artifactOf(name string) sarifArtifact {
	switch {
	case name == manifest.Stdin:
		return sarifArtifact{URI: "stdin"}
	case filepath.IsAbs(name):
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: filepath.ToSlash(name)}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: filepath.ToSlash(filepath.Clean(name))}).String(), Base: "%SRCROOT%"}
}

// replacementsOf returns what fix would replace in each item. A file that cannot be fixed in place has none.
func replacementsOf(changes files.Changes) map[*manifest.Item][]sarifReplacement {
	out := map[*manifest.Item][]sarifReplacement{}
	var places manifest.Places
	for file, cs := range changes {
		text, err := file.Apply(cs)
		if err != nil {
			continue
		}
		for _, e := range udiff.Strings(file.Text, text) {
			var r sarifRegion
			r.StartLine, r.StartColumn = places.At(file, e.Start)
			r.EndLine, r.EndColumn = places.At(file, e.End)
			after := slices.IndexFunc(file.Items, func(i *manifest.Item) bool { return i.Line > r.StartLine })
			if after < 0 {
				after = len(file.Items)
			}
			item := file.Items[max(after-1, 0)]
			out[item] = append(out[item], sarifReplacement{r, sarifText{Text: e.New}})
		}
	}
	return out
}
