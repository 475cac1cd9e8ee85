package space

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
)

// TestAccountsAsNumbers holds the patterns for accounts that compare with a number to the plain evaluator.
func TestAccountsAsNumbers(t *testing.T) {
	accounts := []string{"000000000000", "000000000001", "100000000000", "111122223332", "111122223333", "111122223334", "111130000000", "999999999999"}
	for _, number := range []string{"-1", "0", "1", "0.5", "111122223333", "111122223333.5", "-0.5", "999999999999", "1e12", "99999999999.9"} {
		n, ok := new(big.Rat).SetString(number)
		if !ok {
			t.Fatal(number)
		}
		for _, name := range []string{"Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"} {
			doc := parse(t, version2012(fmt.Sprintf(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"Numeric%s":{"aws:PrincipalAccount":%q}}}`, name, number)))
			patterns := accountsBy(name, n)
			for _, account := range accounts {
				got := false
				for _, p := range patterns {
					got = got || glob.Match(p, account)
				}
				want := match(located{doc, &doc.Statements[0].Condition[0]}, account, true) == authz.Yes
				if got != want {
					t.Errorf("%s %s %s: %v, want %v by %q", account, name, number, got, want, patterns)
				}
			}
		}
	}
}
