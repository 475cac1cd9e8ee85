package fix_test

import (
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// TestApplyKeepsWithinS3 adds to a document that is as large as S3 takes, or already larger and made smaller.
func TestApplyKeepsWithinS3(t *testing.T) {
	const head, tail = `{"Id": "`, `", "Statement": [{"Sid": "a"}, {"Sid": "b"}]}`
	document := func(size int) *iam.Document {
		doc, err := iam.Parse(head + strings.Repeat("x", size-len(head)-len(tail)) + tail)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	add := []policy.Fix{{Edits: []iam.Edit{{At: "Version", New: iam.NewString(iam.Version2012)}}}}
	remove := []policy.Fix{{Edits: []iam.Edit{{At: "Statement[1]"}}}}
	for _, c := range []struct {
		size  int
		fixes []policy.Fix
		want  string
	}{
		{iam.MostKept - 25, add, ""},
		{iam.MostKept - 20, add, "the fixed document would have 20485 bytes, and S3 accepts 20480"},
		{iam.MostKept + 1000, remove, ""},
	} {
		_, err := fix.Apply(document(c.size), c.fixes)
		if got := ""; err != nil {
			if got = err.Error(); got != c.want {
				t.Errorf("%d bytes: %s, want %q", c.size, got, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%d bytes: fixed, want %s", c.size, c.want)
		}
	}
}
