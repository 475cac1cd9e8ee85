package ownership

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cells is the test's own copy of the table: for each setting and ACL, what comes of it from the bucket's own account and
// from another one, and AWS's page. A cell is whether it is accepted, who owns the object, whether s3:PutObjectAcl is
// needed.
const cells = `
BucketOwnerEnforced  none                      yes bucket no       | yes bucket no        about-object-ownership
BucketOwnerEnforced  private                   ?   bucket ?        | no  -      no        API_PutObject
BucketOwnerEnforced  public-read               no  -      no       | no  -      no        object-ownership-error-responses
BucketOwnerEnforced  public-read-write         no  -      no       | no  -      no        object-ownership-error-responses
BucketOwnerEnforced  authenticated-read        no  -      no       | no  -      no        object-ownership-error-responses
BucketOwnerEnforced  aws-exec-read             no  -      no       | no  -      no        object-ownership-error-responses
BucketOwnerEnforced  bucket-owner-read         ?   bucket ?        | no  -      no        API_PutObject
BucketOwnerEnforced  bucket-owner-full-control yes bucket no       | yes bucket no        about-object-ownership
BucketOwnerEnforced  log-delivery-write        ?   bucket ?        | no  -      no        API_PutObject
BucketOwnerEnforced  grants                    no  -      no       | no  -      no        API_PutObject
BucketOwnerEnforced  owner-grant               yes bucket no       | yes bucket no        about-object-ownership
BucketOwnerPreferred none                      yes bucket no       | yes writer no        about-object-ownership
BucketOwnerPreferred private                   yes bucket ?        | yes writer ?         acl-overview
BucketOwnerPreferred public-read               yes bucket yes      | yes writer yes       API_PutObject
BucketOwnerPreferred public-read-write         yes bucket yes      | yes writer yes       API_PutObject
BucketOwnerPreferred authenticated-read        yes bucket yes      | yes writer yes       API_PutObject
BucketOwnerPreferred aws-exec-read             yes bucket yes      | yes writer yes       API_PutObject
BucketOwnerPreferred bucket-owner-read         yes bucket ?        | yes writer yes       API_PutObject
BucketOwnerPreferred bucket-owner-full-control yes bucket no       | yes bucket yes       about-object-ownership
BucketOwnerPreferred log-delivery-write        ?   bucket ?        | ?   writer ?         acl-overview
BucketOwnerPreferred grants                    yes bucket yes      | yes writer yes       API_PutObject
BucketOwnerPreferred owner-grant               yes bucket ?        | yes writer yes       API_PutObject
ObjectWriter         none                      yes bucket no       | yes writer no        about-object-ownership
ObjectWriter         private                   yes bucket ?        | yes writer ?         acl-overview
ObjectWriter         public-read               yes bucket yes      | yes writer yes       API_PutObject
ObjectWriter         public-read-write         yes bucket yes      | yes writer yes       API_PutObject
ObjectWriter         authenticated-read        yes bucket yes      | yes writer yes       API_PutObject
ObjectWriter         aws-exec-read             yes bucket yes      | yes writer yes       API_PutObject
ObjectWriter         bucket-owner-read         yes bucket ?        | yes writer yes       API_PutObject
ObjectWriter         bucket-owner-full-control yes bucket no       | yes writer yes       about-object-ownership
ObjectWriter         log-delivery-write        ?   bucket ?        | ?   writer ?         acl-overview
ObjectWriter         grants                    yes bucket yes      | yes writer yes       API_PutObject
ObjectWriter         owner-grant               yes bucket ?        | yes writer yes       API_PutObject
`

func TestUpload(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(cells), "\n")
	if want := len(Settings()) * len(ACLs()); len(lines) != want {
		t.Fatalf("%d rows, want %d", len(lines), want)
	}
	for _, line := range lines {
		f := strings.Fields(line)
		for i, relation := range []Relation{SameAccount, OtherAccount} {
			want := strings.Join(f[2+4*i:5+4*i], " ")
			out, ok := Upload(Setting(f[0]), ACL(f[1]), relation)
			if got := cell(out); !ok || got != want {
				t.Errorf("%s %s, %s: %s, want %s", f[0], f[1], relation, got, want)
			}
			wellSaid(t, fmt.Sprint(f[:2], relation), out)
		}
		same, _ := Upload(Setting(f[0]), ACL(f[1]), SameAccount)
		other, _ := Upload(Setting(f[0]), ACL(f[1]), OtherAccount)
		if !strings.Contains(strings.Join(append(same.Sources, other.Sources...), " "), f[9]) {
			t.Errorf("%s %s: %s is not among the pages", f[0], f[1], f[9])
		}
	}
}

// wellSaid holds the parts of an outcome to each other.
func wellSaid(t *testing.T, name string, out Outcome) {
	t.Helper()
	undecided := out.Accepted == Undecided || out.NeedsACL == Undecided
	switch {
	case len(out.Sources) == 0:
		t.Errorf("%s: no page", name)
	case undecided != (out.Doubt != ""), undecided && len(out.Sources) < 2:
		t.Errorf("%s: undecided %t, doubt %q by %v", name, undecided, out.Doubt, out.Sources)
	case out.Accepted == No && out.Error != NotSupported, out.Accepted == Yes && out.Error != "":
		t.Errorf("%s: accepted %s, error %q", name, out.Accepted, out.Error)
	case out.Public && out.Accepted != Yes:
		t.Errorf("%s: refused twice", name)
	}
}

func cell(out Outcome) string {
	short := map[string]string{"": "-", string(Undecided): "?", string(BucketOwner): "bucket"}
	word := func(s string) string {
		if w, ok := short[s]; ok {
			return w
		}
		return s
	}
	return word(string(out.Accepted)) + " " + word(string(out.Owner)) + " " + word(string(out.NeedsACL))
}

// Only public ACLs are Block Public Access's, and only where S3 looks at ACLs at all.
func TestPublic(t *testing.T) {
	for _, s := range Settings() {
		var public []ACL
		for _, a := range ACLs() {
			if out, _ := Upload(s, a, OtherAccount); out.Public {
				public = append(public, a)
			}
		}
		want := []ACL{PublicRead, PublicReadWrite, AuthenticatedRead}
		if s == BucketOwnerEnforced {
			want = nil
		}
		if diff := cmp.Diff(want, public); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s, diff)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, tt := range []struct {
		s Setting
		a ACL
	}{{"", Private}, {"bucketownerenforced", Private}, {ObjectWriter, ""}, {ObjectWriter, "public"}} {
		if out, ok := Upload(tt.s, tt.a, SameAccount); ok {
			t.Errorf("%q %q: %+v", tt.s, tt.a, out)
		}
	}
}

func TestNeeded(t *testing.T) {
	for _, relation := range []Relation{SameAccount, OtherAccount} {
		for _, s := range Settings() {
			if got, want := Needed(s, relation), s != BucketOwnerEnforced; got != want {
				t.Errorf("%s, %s: %t", s, relation, got)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	public := []string{"public-read", "public-read-write", "authenticated-read", "aws-exec-read"}
	refused, others := Refused(SameAccount)
	if diff := cmp.Diff([][]string{public, {"private", "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write"}}, [][]string{refused, others}); diff != "" {
		t.Errorf("same account (-want +got):\n%s", diff)
	}
	if _, others := Refused(OtherAccount); !cmp.Equal(others, []string{"bucket-owner-full-control"}) {
		t.Errorf("other account: %v", others)
	}
}

func TestBucketGrants(t *testing.T) {
	for acl, want := range map[ACL][]Grant{
		Private: nil, BucketOwnerRead: nil, BucketOwnerFullControl: nil,
		PublicRead:        {{"global/AllUsers", "READ"}},
		PublicReadWrite:   {{"global/AllUsers", "READ"}, {"global/AllUsers", "WRITE"}},
		AuthenticatedRead: {{"global/AuthenticatedUsers", "READ"}},
		LogDeliveryWrite:  {{"s3/LogDelivery", "WRITE"}, {"s3/LogDelivery", "READ_ACP"}},
	} {
		got, ok := BucketGrants(acl)
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s (-want +got):\n%s", acl, diff)
		}
	}
	for _, acl := range []ACL{None, Grants, OwnerGrant, AWSExecRead, "public"} {
		if got, ok := BucketGrants(acl); ok {
			t.Errorf("%s: %v", acl, got)
		}
	}
}

func TestBucketPermission(t *testing.T) {
	list := []string{"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"}
	for name, want := range map[string]Permission{
		"READ":         {Bucket: list},
		"WRITE":        {Objects: []string{"s3:PutObject"}},
		"READ_ACP":     {Bucket: []string{"s3:GetBucketAcl"}},
		"WRITE_ACP":    {Bucket: []string{"s3:PutBucketAcl"}},
		"FULL_CONTROL": {Bucket: append(list, "s3:GetBucketAcl", "s3:PutBucketAcl"), Objects: []string{"s3:PutObject"}},
	} {
		got, ok := BucketPermission(name)
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, ok := BucketPermission("read"); ok {
		t.Error("read is a permission")
	}
}
