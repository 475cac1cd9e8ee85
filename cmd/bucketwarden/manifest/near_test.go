package manifest

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// TestVersions holds that every version in docs/kinds.md is known, which the CRDs of the samples make.
func TestVersions(t *testing.T) {
	page, err := os.ReadFile("../../../docs/kinds.md")
	if err != nil {
		t.Fatal(err)
	}
	groups := regexp.MustCompile("`([a-z0-9.]+)` ((?:v[0-9][a-z0-9]*(?:, )?)+)")
	found := map[string]int{}
	for _, m := range groups.FindAllStringSubmatch(string(page), -1) {
		i := slices.IndexFunc(slices.Concat(source.All(), source.Identities()), func(s source.Source) bool { return s.Group == m[1] })
		if i < 0 {
			t.Errorf("no kind is of %s", m[1])
			continue
		}
		provider := slices.Concat(source.All(), source.Identities())[i].Provider
		for v := range strings.SplitSeq(strings.Trim(m[2], ", "), ", ") {
			found[v]++
			if !slices.Contains(versions[provider], v) {
				t.Errorf("%s/%s is not known", m[1], v)
			}
		}
	}
	if found["v1beta2"] == 0 || found["v1alpha1"] == 0 {
		t.Errorf("found only %v", found)
	}
}
