package rules

import "embed"

// Examples holds two cases of each rule, which its pages show: testdata/<rule>/bad-example.txtar and ok-example.txtar, as
// policytest describes them. No rule has anything against the second, but BW601.
//
//go:embed testdata/*/*-example.txtar
var Examples embed.FS
