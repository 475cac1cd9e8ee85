package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The chart registers the kinds that are judged, and gives the right to watch them.
func TestKindsAreUpToDate(t *testing.T) {
	want, err := kindsText()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(kindsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s, which go generate writes (-want +got):\n%s", kindsFile, diff)
	}
}
