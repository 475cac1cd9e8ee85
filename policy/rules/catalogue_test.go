package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// catalogue is what was promised of every rule: id, name, severity, what baseline and restricted do, and the class of the fix that
// its cases show. BW106 is patched where white space makes it too large. BW305 and BW504 have no fix for the reasons in docs/rules.md.
const catalogue = `
BW101 unreadable-document error Deny Deny -
BW102 missing-element error Deny Deny -
BW103 invalid-principal error Deny Deny -
BW104 version low Warn Warn Equivalent
BW105 sid low Warn Warn Equivalent
BW106 too-large error Patch Patch Equivalent
BW107 unknown-action error Deny Deny -
BW108 action-resource-mismatch error Deny Deny Equivalent
BW109 foreign-resource error Deny Deny -
BW110 condition-not-applicable error Deny Deny -
BW111 deleted-principal medium Warn Deny Narrowing
BW112 policy-variable error Deny Deny -
BW201 public-access critical Deny Deny Narrowing
BW202 public-write critical Deny Deny Narrowing
BW203 s3-status-public high Warn Deny -
BW204 public-access-block-open high Warn Deny Narrowing
BW205 public-acl critical Deny Deny Narrowing
BW206 caller-controlled-condition high Warn Deny -
BW301 acl-action-with-acls-disabled medium Patch Patch Equivalent
BW302 acl-action-same-account low Warn Patch Narrowing
BW303 acl-condition-unsatisfiable high Warn Deny -
BW304 acl-with-ownership-enforced error Patch Patch Equivalent
BW305 acls-enabled medium Warn Deny -
BW306 ownership-control-delegated high Warn Deny Narrowing
BW307 acl-grants-limit error Deny Deny -
BW308 replication-owner-override low Audit Warn -
BW401 external-access high Warn Deny Narrowing
BW402 external-permission-management critical Deny Deny Narrowing
BW403 new-access high Warn Warn -
BW404 forbidden-access critical Deny Deny -
BW405 beyond-cap high Deny Deny Narrowing
BW406 whole-account-principal medium Audit Warn -
BW407 loose-organization high Warn Deny -
BW408 beyond-profile high Warn Deny Narrowing
BW501 confused-deputy high Warn Deny Narrowing
BW502 source-too-wide medium Warn Deny Narrowing
BW503 service-never-sends-key error Deny Deny -
BW504 perimeter-breaks-services high Warn Deny -
BW505 log-delivery-incomplete medium Warn Warn -
BW506 perimeter-misses-anonymous high Warn Deny Narrowing
BW507 service-names-list high Warn Deny -
BW601 transport-not-enforced medium Audit Warn Narrowing
BW602 transport-deny-ineffective high Warn Deny Narrowing
BW603 encryption-not-enforced low Off Audit Narrowing
BW604 versioning-off medium Off Off -
BW605 access-log-off low Off Off -
BW606 default-key-missing low Off Off -
BW607 object-lock-off low Off Off -
BW608 incomplete-uploads-kept low Off Off -
BW701 wildcard-action high Warn Deny -
BW702 allow-not-principal critical Deny Deny -
BW703 allow-not-action high Warn Deny Narrowing
BW704 deny-not-principal medium Warn Deny -
BW705 wildcard-resource medium Audit Warn Narrowing
BW801 set-operator-on-single-value critical Deny Deny Narrowing
BW802 multi-value-without-set-operator high Warn Deny -
BW803 if-exists-opens high Warn Deny Narrowing
BW804 operator-mismatch medium Warn Warn Equivalent
BW805 address-range low Warn Warn Equivalent
BW806 dead-statement info Audit Warn Equivalent
BW807 redundant info Audit Audit Equivalent
BW901 lock-out critical Deny Deny -
BW902 escalation high Warn Deny -
BW903 exfiltration high Warn Deny -
`

// TestCatalogue holds the rules to it, each to its file, and the pages to all of them. That each has a bad and an ok case is
// TestRules'.
func TestCatalogue(t *testing.T) {
	var got []string
	pages := map[string]string{"README.md": "## %s %s\n", "../../docs/rules.md": "%s  %s "}
	for page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rules.All {
			if row := fmt.Sprintf(pages[page], r.ID, r.Name); !strings.Contains(string(text), row) {
				t.Errorf("%s has no %q", page, row)
			}
		}
	}
	for _, r := range rules.All {
		got = append(got, fmt.Sprint(r.ID, " ", r.Name, " ", r.Severity, " ", r.Baseline, " ", r.Restricted, " ", fixOf(t, r)))
		if _, err := os.Stat(r.Name + ".go"); err != nil {
			t.Error(err)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(strings.Fields(catalogue), strings.Fields(strings.Join(got, "\n"))); diff != "" {
		t.Errorf("-promised +is\n%s", diff)
	}
}

// fixOf returns the class of the fixes that the cases of a rule show, - for none.
func fixOf(t *testing.T, r *policy.Rule) string {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join("testdata", r.Name, "bad-*.txtar"))
	for _, class := range []policy.Class{policy.Equivalent, policy.Narrowing} {
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), fmt.Sprintf("\tfix: %s: ", class)) {
				return string(class)
			}
		}
	}
	return "-"
}

// TestMap holds the page of the package to its files: each belongs to a rule, or stands in doc.go.
func TestMap(t *testing.T) {
	page, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		rule := slices.ContainsFunc(rules.All, func(r *policy.Rule) bool { return r.Name+".go" == name })
		listed := strings.Contains(string(page), "//\t"+name+" ")
		if !rule && !listed && name != "doc.go" && !strings.HasSuffix(name, "_test.go") || rule && listed {
			t.Errorf("%s: a rule's file has its name, and every other file stands in doc.go once", name)
		}
	}
	for line := range strings.Lines(string(page)) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "//\t"), " "); ok && strings.HasSuffix(name, ".go") && !slices.Contains(names, name) {
			t.Errorf("doc.go names %s, which is not there", name)
		}
	}
}
