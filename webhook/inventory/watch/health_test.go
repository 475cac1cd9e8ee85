package watch

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A kind is stale from its first failure until its reflector has moved on.
func TestHealth(t *testing.T) {
	var h Health
	version := "7"
	at := func(seconds int) time.Time { return time.Unix(int64(seconds), 0) }
	fail := func(seconds int) { h.fail("Bucket.s3", at(seconds), func() string { return version }) }
	check := func(seconds int, want map[string]time.Duration) {
		t.Helper()
		if diff := cmp.Diff(want, h.Stale(at(seconds))); diff != "" {
			t.Errorf("after %d s, -want +got:\n%s", seconds, diff)
		}
	}
	none := map[string]time.Duration{}
	check(0, none)
	fail(1)
	fail(4) // as it was
	check(5, map[string]time.Duration{"Bucket.s3": 4 * time.Second})
	version = "9"
	check(6, none)
	fail(7)
	version = "10"
	fail(8) // it had recovered in between, which nobody asked about
	check(9, map[string]time.Duration{"Bucket.s3": time.Second})
}

func TestKindOf(t *testing.T) {
	for description, want := range map[string]string{
		"s3.aws.upbound.io/v1beta1, Kind=BucketPolicy": "BucketPolicy.s3.aws.upbound.io",
		"*v1.Secret": "*v1.Secret",
	} {
		if got := kindOf(description); got != want {
			t.Errorf("%s: got %s, want %s", description, got, want)
		}
	}
}
