package rules_test

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/policytest"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

func TestRules(t *testing.T) { policytest.Run(t, "testdata", rules.All) }
