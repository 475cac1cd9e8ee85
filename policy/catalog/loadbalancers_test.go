package catalog

import "testing"

func TestLoadBalancerAccount(t *testing.T) {
	for region, want := range map[string]string{
		"eu-central-1": "054676820928", "us-gov-west-1": "048591011584", "cn-north-1": "638102146993", "il-central-1": "", "": "",
	} {
		got, ok := LoadBalancerAccount(region)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", region, got, want)
		}
		if ok != IsLoadBalancerAccount(got) {
			t.Errorf("%s: the account %q is not told apart", region, got)
		}
	}
	seen := map[string]string{}
	for region, account := range loadBalancerAccounts {
		if !isRegion(region) || len(account) != 12 || seen[account] != "" {
			t.Errorf("%s: %q is no account, or that of %q too", region, account, seen[account])
		}
		seen[account] = region
	}
}
