package rules

import "embed"

// Cases holds the cases of all rules, as policytest describes them: testdata/<rule>/{bad,ok}-*.txtar. They are the
// examples of a rule's page too.
//
//go:embed testdata/*/*.txtar
var Cases embed.FS
