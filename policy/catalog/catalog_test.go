package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// action prints what the table says of one action.
func action(name string) string {
	a, ok := LookupAction(name)
	if !ok {
		return "unknown"
	}
	return fmt.Sprintf("%s: %s on %s", a.Name(), a.Level(), a.Resources())
}

func TestLookupAction(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"s3:AbortMultipartUpload", "s3:AbortMultipartUpload: Write on accesspointobject, object"},
		{"s3:GetBucketAcl", "s3:GetBucketAcl: Read on accesspoint, bucket"},
		{"s3:ListAllMyBuckets", "s3:ListAllMyBuckets: List on *"},
		{"s3:ListBucket", "s3:ListBucket: List on accesspoint, bucket"},
		{"s3:PutBucketAcl", "s3:PutBucketAcl: Permissions management on bucket"},
		{"s3:PutObject", "s3:PutObject: Write on accesspointobject, object"},
		{"s3:PutObjectAcl", "s3:PutObjectAcl: Permissions management on accesspointobject, object"},
		{"s3:PutObjectTagging", "s3:PutObjectTagging: Tagging on accesspointobject, object"},
		{"s3:ReplicateObject", "s3:ReplicateObject: Write on object"},
		{"s3express:CreateSession", "s3express:CreateSession: Write on s3express:accesspoint, s3express:bucket"},
		{"S3:PUTOBJECT", "s3:PutObject: Write on accesspointobject, object"},
		{"s3:putobject", "s3:PutObject: Write on accesspointobject, object"},
		{"", "unknown"},
		{"PutObject", "unknown"},
		{"s3:PutObject*", "unknown"},
		{"s3:PutObjects", "unknown"},
		{"s3:PutObjec", "unknown"},
		{" s3:PutObject", "unknown"},
		{"sns:Publish", "unknown"},
		{"s3:ListBuc\u212Aet", "unknown"}, // the Kelvin sign
		{"\xff", "unknown"},
	} {
		if got := action(tt.in); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestZeroAction(t *testing.T) {
	var a Action
	if a.Name() != "" || a.Level().String() != "" || a.InBucketPolicy() || a.Supports("aws:SourceIp") {
		t.Errorf("zero action: %+v", a)
	}
}

func TestInBucketPolicy(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want bool
	}{
		{"s3:GetObject", true},
		{"s3:ListBucket", true},
		{"s3:DeleteBucketPolicy", true},
		{"s3express:CreateSession", true},
		{"s3:CreateBucket", false},
		{"s3express:CreateBucket", false},
		{"s3:ListAllMyBuckets", false},
		{"s3:PutAccountPublicAccessBlock", false},
		{"s3:CreateAccessPoint", false},
		{"s3:CreateJob", false},
	} {
		if a, ok := LookupAction(tt.in); !ok || a.InBucketPolicy() != tt.want {
			t.Errorf("%s: %v, want %v", tt.in, a.InBucketPolicy(), tt.want)
		}
	}
}

func TestSupports(t *testing.T) {
	for _, tt := range []struct {
		action, key string
		want        bool
	}{
		{"s3:ListBucket", "s3:prefix", true},
		{"s3:ListBucketVersions", "s3:max-keys", true},
		{"s3:GetObject", "s3:prefix", false},
		{"s3:GetObject", "s3:ExistingObjectTag/class", true},
		{"s3:GetObject", "S3:EXISTINGOBJECTTAG/class", true},
		{"s3:GetObject", "s3:ExistingObjectTag", false},
		{"s3:GetObject", "s3:ExistingObjectTag/", false},
		{"s3:PutObject", "s3:x-amz-acl", true},
		{"s3:PutObject", "s3:X-AMZ-ACL", true},
		{"s3:PutObjectAcl", "s3:x-amz-grant-read", true},
		{"s3:GetObjectAcl", "s3:x-amz-acl", false},
		{"s3:GetObject", "s3:BucketTag/team", true},            // of the resource type
		{"s3:PutObject", "s3:DataAccessPointArn", true},        // of a resource type
		{"s3:PutBucketPolicy", "s3:DataAccessPointArn", false}, // not for access points
		{"s3:PutBucketPolicy", "aws:PrincipalTag/team", true},
		{"s3:GetObject", "aws:SourceIp", true},
		{"s3:GetObject", "aws:ResourceTag/team", true},
		{"s3:GetObject", "aws:RequestTag/team", false},
		{"s3:TagResource", "aws:RequestTag/team", true},
		{"s3:TagResource", "aws:TagKeys", true},
		{"s3:GetObject", "s3express:SessionMode", false},
		{"s3express:CreateSession", "s3express:SessionMode", true},
		{"s3:GetObject", "s3:nothing", false},
	} {
		a, ok := LookupAction(tt.action)
		if !ok {
			t.Fatalf("%s: unknown", tt.action)
		}
		if got := a.Supports(tt.key); got != tt.want {
			t.Errorf("%s supports %s: %v, want %v", tt.action, tt.key, got, tt.want)
		}
	}
}

// The ACL headers are what Object Ownership turns on, so the exact list of actions that see them is pinned.
func TestActionsWithACLHeader(t *testing.T) {
	want := []string{"s3:BypassGovernanceRetention", "s3:CreateAccessPoint", "s3:CreateBucket",
		"s3:PutBucketAcl", "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl"}
	var got []string
	for a := range Actions() {
		if a.Supports("s3:x-amz-acl") {
			got = append(got, a.Name())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestACLWrites(t *testing.T) {
	var got []string
	for a := range ACLWrites() {
		if a.Level() != PermissionsManagement || !a.InBucketPolicy() {
			t.Errorf("%s: %s, in a bucket policy: %v", a.Name(), a.Level(), a.InBucketPolicy())
		}
		got = append(got, a.Name())
	}
	if diff := cmp.Diff([]string{"s3:PutBucketAcl", "s3:PutObjectAcl", "s3:PutObjectVersionAcl"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// How many actions of each kind the pinned version of the data has: a change here is a change of answers.
func TestActionCounts(t *testing.T) {
	counts := map[string]int{}
	for a := range Actions() {
		service, _, _ := strings.Cut(a.Name(), ":")
		counts[service]++
		for kind, is := range map[string]bool{
			"in bucket policy": a.InBucketPolicy(),
			"bucket":           a.Resources()&Bucket != 0,
			"object":           a.Resources()&Object != 0,
		} {
			if is && service == "s3" {
				counts[kind]++
			}
		}
	}
	want := map[string]int{"s3": 180, "s3express": 28, "bucket": 62, "object": 44, "in bucket policy": 105}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestActionTable(t *testing.T) {
	for i, a := range actionTable {
		if i > 0 && strings.ToLower(actionTable[i-1].name) >= strings.ToLower(a.name) {
			t.Errorf("%s is out of order", a.name)
		}
		if a.Level().String() == "" {
			t.Errorf("%s has no level", a.name)
		}
		if int(a.keys) >= len(keySets) || a.keys == 0 {
			t.Errorf("%s has no set of keys", a.name)
		}
	}
	if !strings.HasPrefix(actionTable[0].name, "s3:") {
		t.Errorf("the first action is %s", actionTable[0].name)
	}
}

// Stopping early must stop the iteration.
func TestActionsStops(t *testing.T) {
	for a := range Actions() {
		if a != actionTable[0] {
			t.Fatalf("second action %s", a.Name())
		}
		break
	}
}

// FuzzLookup compares the searches with a walk over the tables.
func FuzzLookup(f *testing.F) {
	for _, s := range []string{"s3:PutObject", "S3:getobject", "aws:PrincipalTag/a/b", "aws:TagKeys/", "s3:", "/", "\u212A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		fold := asciiLower(name)
		i := slices.IndexFunc(actionTable[:], func(a Action) bool { return asciiLower(a.name) == fold })
		if a, ok := LookupAction(name); ok != (i >= 0) || ok && a != actionTable[i] {
			t.Errorf("LookupAction(%q) = %v, %v; the table has row %d", name, a, ok, i)
		}
		j := slices.IndexFunc(keyTable[:], func(k Key) bool {
			stem, _, family := strings.Cut(asciiLower(k.Name), "/")
			rest, cut := strings.CutPrefix(fold, stem+"/")
			return !family && stem == fold || family && cut && rest != ""
		})
		if k, ok := LookupKey(name); ok != (j >= 0) || ok && k.Name != keyTable[j].Name {
			t.Errorf("LookupKey(%q) = %v, %v; the table has row %d", name, k, ok, j)
		}
	})
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

func BenchmarkLookupAction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		LookupAction("s3:PutObjectAcl")
	}
}

func BenchmarkLookupKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		LookupKey("aws:PrincipalTag/team")
	}
}

func BenchmarkSupports(b *testing.B) {
	a, _ := LookupAction("s3:PutObject")
	b.ReportAllocs()
	for b.Loop() {
		a.Supports("s3:x-amz-acl")
	}
}
