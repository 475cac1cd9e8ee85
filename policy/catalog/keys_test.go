package catalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// key prints what the table says of one key.
func key(name string) string {
	k, ok := LookupKey(name)
	if !ok {
		return "unknown"
	}
	s := fmt.Sprintf("%s %s", k.Name, k.Type)
	if k.Multivalued {
		s += " multivalued"
	}
	if k.Global {
		s += " " + k.Category.String()
	}
	return s
}

func TestLookupKey(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"s3:x-amz-acl", "s3:x-amz-acl String"},
		{"S3:X-Amz-ACL", "s3:x-amz-acl String"},
		{"s3:VersionId", "s3:versionid String"},
		{"s3:max-keys", "s3:max-keys Numeric"},
		{"s3:TlsVersion", "s3:TlsVersion Numeric"},
		{"s3:signatureAge", "s3:signatureAge Numeric"},
		{"s3:object-lock-remaining-retention-days", "s3:object-lock-remaining-retention-days Numeric"},
		{"s3:object-lock-retain-until-date", "s3:object-lock-retain-until-date Date"},
		{"s3:DataAccessPointArn", "s3:DataAccessPointArn ARN"},
		{"s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:x-amz-server-side-encryption-aws-kms-key-id ARN"},
		{"s3:ObjectCreationOperation", "s3:ObjectCreationOperation Bool"},
		{"s3:RequestObjectTagKeys", "s3:RequestObjectTagKeys String multivalued"},
		{"s3:InventoryAccessibleOptionalFields", "s3:InventoryAccessibleOptionalFields String multivalued"},
		{"s3:ExistingObjectTag/class", "s3:ExistingObjectTag/<key> String"},
		{"s3:ExistingObjectTag/a/b", "s3:ExistingObjectTag/<key> String"},
		{"s3:existingobjecttag/<key>", "s3:ExistingObjectTag/<key> String"},
		{"aws:PrincipalTag/team", "aws:PrincipalTag/${TagKey} String principal"},
		{"aws:RequestTag/${TagKey}", "aws:RequestTag/${TagKey} String request"},
		{"aws:sourceip", "aws:SourceIp IPAddress network"},
		{"aws:SourceVpcArn", "aws:SourceVpcArn ARN network"},
		{"aws:VpceOrgPaths", "aws:VpceOrgPaths String multivalued network"},
		{"aws:MultiFactorAuthAge", "aws:MultiFactorAuthAge Numeric session"},
		{"codebuild:ProjectArn", "codebuild:ProjectArn ARN session"},
		{"aws:ResourceOrgID", "aws:ResourceOrgID String resource"},
		{"s3express:SessionMode", "s3express:SessionMode String"},
		{"", "unknown"},
		{"/", "unknown"},
		{"s3:ExistingObjectTag", "unknown"},
		{"s3:ExistingObjectTag/", "unknown"},
		{"aws:SourceIp/x", "unknown"},
		{"aws:SourceIps", "unknown"},
		{"s3:nothing", "unknown"},
	} {
		if got := key(tt.in); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.in, got, tt.want)
		}
	}
}

// Which requests carry a key, and whether with several values, decides what a condition protects: every row is pinned.
func TestPresence(t *testing.T) {
	for _, tt := range []struct{ keys, want string }{
		{"aws:CurrentTime aws:EpochTime aws:RequestedRegion aws:SecureTransport aws:UserAgent aws:ViaAWSService",
			"in every request"},
		{"aws:PrincipalAccount aws:PrincipalType aws:userid aws:ResourceAccount", "in every request"},
		{"aws:PrincipalArn aws:PrincipalIsAWSService", "in signed requests"},
		{"aws:PrincipalOrgID aws:PrincipalOrgPaths[]", "for principals of an organization"},
		{"aws:ResourceOrgID aws:ResourceOrgPaths[]", "for buckets of an organization"},
		{"aws:PrincipalServiceName aws:PrincipalServiceNamesList[]", "in direct calls by a service principal"},
		{"aws:SourceArn aws:SourceAccount aws:SourceOrgID aws:SourceOrgPaths[]", "in direct calls by a service principal"},
		{"aws:CalledVia[] aws:CalledViaFirst aws:CalledViaLast aws:CalledViaAWSMCP aws:ViaAWSMCPService",
			"in calls that a service forwards"},
		{"aws:PrincipalTag/k", "for tagged principals"},
		{"aws:username", "for IAM users"},
		{"aws:SourceIp", "in requests that do not use a VPC endpoint"},
		{"aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:VpcSourceIp aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths[]",
			"in requests through a VPC endpoint"},
		{"aws:TokenIssueTime aws:MultiFactorAuthPresent aws:MultiFactorAuthAge aws:SourceIdentity ec2:SourceInstanceArn",
			"with temporary credentials"},
		{"aws:Referer", "when the caller sends it"},
		{"aws:TagKeys[] aws:RequestTag/k aws:ResourceTag/k aws:SourceOwner aws:IsMcpServiceAction", "in requests that AWS does not name"},
		{"s3:RequestObjectTagKeys[] s3:InventoryAccessibleOptionalFields[] s3:prefix s3:x-amz-acl", "in requests that AWS does not name"},
	} {
		for name := range strings.FieldsSeq(tt.keys) {
			name, many := strings.CutSuffix(name, "[]")
			k, ok := LookupKey(name)
			if !ok || k.Presence.String() != tt.want || k.Multivalued != many {
				t.Errorf("%s: %v, %s, multivalued %v; want %s, %v", name, ok, k.Presence, k.Multivalued, tt.want, many)
			}
		}
	}
}

func TestKeyTable(t *testing.T) {
	counts := map[string]int{}
	last := ""
	for k := range Keys() {
		if s := strings.ToLower(stem(k.Name)); s <= last {
			t.Errorf("%s is out of order", k.Name)
		} else {
			last = s
		}
		if got, ok := LookupKey(k.Name); !ok || got != k {
			t.Errorf("LookupKey(%s) = %v, %v", k.Name, got, ok)
		}
		if k.Global != (k.Category != CategoryNone) {
			t.Errorf("%s: global %v, category %q", k.Name, k.Global, k.Category)
		}
		prefix, _, _ := strings.Cut(k.Name, ":")
		if k.Global {
			prefix = "global"
		}
		counts[prefix]++
	}
	// 64 keys in the table of S3, three of them global.
	if diff := cmp.Diff(map[string]int{"global": 62, "s3": 61, "s3express": 18}, counts); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestKeysStops(t *testing.T) {
	n := 0
	for range Keys() {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d keys", n)
	}
}

// Every bit of a set has a key, and all but the empty set hold every global key that is not listed action by action.
func TestKeySets(t *testing.T) {
	perAction := map[string]bool{"aws:RequestTag/${TagKey}": true, "aws:ResourceTag/${TagKey}": true, "aws:TagKeys": true}
	for n, s := range keySets {
		for i := len(keyTable); i < 64*len(s); i++ {
			if s.has(i) {
				t.Errorf("set %d: bit %d has no key", n, i)
			}
		}
		for i, k := range keyTable {
			if k.Global && !perAction[k.Name] && s.has(i) != (n > 0) {
				t.Errorf("set %d, %s: %v", n, k.Name, s.has(i))
			}
		}
	}
}

// No key is there for nothing: each is supported by an action.
func TestEveryKeyIsSupported(t *testing.T) {
	for k := range Keys() {
		supported := false
		for a := range Actions() {
			supported = supported || a.Supports(k.Name)
		}
		if !supported {
			t.Errorf("%s: no action", k.Name)
		}
	}
}
