package report

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
)

// home is where people read about the program and its rules.
const home = "https://github.com/bucketwarden/bucketwarden"

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	URI     string      `json:"informationUri"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Short   sarifText `json:"shortDescription"`
	Full    sarifText `json:"fullDescription"`
	Help    sarifText `json:"help"`
	HelpURI string    `json:"helpUri"`
	Default struct {
		Level string `json:"level"`
	} `json:"defaultConfiguration"`
	Properties sarifRuleProperties `json:"properties"`
}

// sarifRuleProperties are those that GitHub reads. A severity is a number as text; what S3 itself refuses has none.
//
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
type sarifRuleProperties struct {
	Precision string   `json:"precision"`
	Severity  string   `json:"security-severity,omitempty"`
	Tags      []string `json:"tags"`
}

// newSARIFDriver describes the program, and the rules that found something.
func newSARIFDriver(all []sarifSubject, version string) sarifDriver {
	out := sarifDriver{Name: "Bucketwarden", Version: version, URI: home, Rules: []sarifRule{}}
	var found []*policy.Rule
	for _, of := range all {
		if !slices.Contains(found, of.rule) {
			found = append(found, of.rule)
		}
	}
	slices.SortFunc(found, func(a, b *policy.Rule) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range found {
		out.Rules = append(out.Rules, newSARIFRule(r))
	}
	return out
}

func newSARIFRule(r *policy.Rule) sarifRule {
	var text, markdown strings.Builder
	text.WriteString(r.Why + "\n")
	markdown.WriteString(r.Why + "\n")
	for _, s := range r.Sources {
		text.WriteString("\n" + s)
		markdown.WriteString("\n- <" + s + ">")
	}
	out := sarifRule{
		ID: r.ID, Name: r.Name, Short: sarifText{Text: r.Summary}, Full: sarifText{Text: r.Why},
		Help:    sarifText{Text: text.String(), Markdown: markdown.String()},
		HelpURI: home + "/blob/main/policy/rules/README.md#" + strings.ToLower(r.ID) + "-" + r.Name,
		Properties: sarifRuleProperties{
			Precision: "very-high",
			Severity:  map[policy.Severity]string{policy.Low: "3.0", policy.Medium: "5.5", policy.High: "8.0", policy.Critical: "9.5"}[r.Severity],
			Tags:      []string{"aws", "s3"},
		},
	}
	if out.Properties.Severity != "" {
		out.Properties.Tags = append(out.Properties.Tags, "security")
	}
	out.Default.Level = sarifLevel(r.Baseline)
	return out
}
