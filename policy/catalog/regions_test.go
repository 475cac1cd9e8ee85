package catalog_test

import (
	"slices"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
)

func TestRegions(t *testing.T) {
	all := catalog.Regions()
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Error("not in order, or one is there twice")
	}
	for _, r := range all {
		if !catalog.LooksLikeRegion(r) {
			t.Errorf("%s does not look like a region", r)
		}
	}
	for s, want := range map[string]bool{
		"eu-west-9": true, "us-gov-west-2": true, "eu-west-0": false, "eu-west-10": false, "eu-wset-1": false, "us-north-1": false,
		"eu-west": false, "west-1": false, "us-gov-1": false, "": false, "EU-WEST-1": false, "us-iso-east-1": false,
	} {
		if got := catalog.LooksLikeRegion(s); got != want {
			t.Errorf("%s: %t", s, got)
		}
	}
}
