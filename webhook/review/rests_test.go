package review

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
)

// upbound is an object about the bucket "logs".
func upbound(kind, name string, fields m) m {
	fields["bucket"], fields["region"] = "logs", "eu-central-1"
	return m{
		"apiVersion": "s3.aws.upbound.io/v1beta1", "kind": kind, "metadata": m{"name": name}, "spec": m{"forProvider": fields},
	}
}

func block(restrict bool) m {
	return upbound("BucketPublicAccessBlock", "block", m{"restrictPublicBuckets": restrict})
}

// TestRestsOfMany opens a bucket about which there are many objects: the one public policy among them is found, and of more
// policies than are looked into it is said that nobody knows.
func TestRestsOfMany(t *testing.T) {
	public := policyOf(m{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"})
	private := policyOf(m{"Effect": "Allow", "Principal": m{"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"})
	for _, tt := range []struct {
		name     string
		acls     int
		policies int
		hidden   string // the last policy
		want     string
	}{
		{"a few", 0, 3, private, ""},
		{"a public one behind many objects", 200, 3, public, "with this change, BucketPolicy z Statement[0]: anyone on the internet can use"},
		{"more than are looked into", 0, 60, public, "there are more than 50 policies"},
	} {
		index := &inventory.Index{}
		index.Set(block(true))
		for i := range tt.acls {
			index.Set(upbound("BucketACL", fmt.Sprint("a", i), m{"acl": "private"}))
		}
		for i := range tt.policies {
			index.Set(upbound("BucketPolicy", fmt.Sprint("p", i), m{"policy": private}))
		}
		index.Set(upbound("BucketPolicy", "z", m{"policy": tt.hidden}))
		r := Reviewer{Rules: rules.All, Level: policy.Restricted}
		v, _, err := r.Object(t.Context(), block(false), index)
		if err != nil {
			t.Fatal(err)
		}
		r.Rests(&v, index)
		var said []string
		for _, f := range v.Findings {
			if f.Rule.ID == "BW201" && f.Action == policy.Deny {
				said = append(said, f.Message)
			}
		}
		if text := strings.Join(said, "\n"); (tt.want == "") != (text == "") || !strings.Contains(text, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, said, tt.want)
		}
	}
}
