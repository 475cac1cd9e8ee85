package rules_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// TestLeastPrivilege judges sound policies: a warning about one of them is a false alarm, but for what want names.
func TestLeastPrivilege(t *testing.T) {
	want := map[string]string{
		"athena-from-another-account": "BW406", // the whole account
		"allow-over-https":            "BW601", // no Deny beside it
	}
	enforced := map[string]string{"replication-owner-override": "BW308"} // advice, where the ownership is known
	unknown := map[string]string{"cloudfront-oai": "BW401"}              // with a trust, as its ARN does not say whose it is
	trust := public.Trust{
		Accounts:      []string{"111122223333", "444455556666"},
		Organizations: []string{"o-a1b2c3d4e5"},
		Networks:      []string{"203.0.113.0/24", "vpce-0123456789abcdef0"},
	}
	archive, err := txtar.ParseFile("least-privilege.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(archive.Files); n < 60 {
		t.Errorf("%d policies are too few to tell of false alarms", n)
	}
	for _, file := range archive.Files {
		t.Run(file.Name, func(t *testing.T) {
			alone := policy.NewInput(policy.BucketPolicy, string(file.Data), policy.Bucket{})
			trusting := policy.NewInput(policy.BucketPolicy, string(file.Data), known)
			trusting.Trust = &trust
			for i, in := range []policy.Input{alone, trusting} {
				var warned []string
				for _, f := range policy.Run(rules.All, in).Findings {
					if policy.Baseline.Action(f) > policy.Audit && unknown[file.Name] != f.Rule.ID {
						t.Errorf("at baseline: %s: %s", f.Rule.ID, f.Message)
					}
					if policy.Restricted.Action(f) > policy.Audit {
						warned = append(warned, f.Rule.ID)
					}
				}
				want := want[file.Name]
				if i == 1 {
					want += enforced[file.Name] + unknown[file.Name]
				}
				if got := strings.Join(slices.Compact(warned), " "); got != want {
					t.Errorf("at restricted, owner %q: got %q, want %q", in.Bucket.Owner.Value, got, want)
				}
			}
		})
	}
}
