package review_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
)

// Statements about the bucket "pics", of which the first lets anyone read what is public.
const (
	readable   = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/public/*"}`
	secret     = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/secret/*"}`
	all        = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/*"}`
	list       = `{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::pics"}`
	upload     = `{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::pics/public/*"}`
	noKeys     = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::pics/keys/*"}`
	others     = `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","NotResource":"arn:aws:s3:::pics/public/*"}`
	reader     = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/reader"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/*"}`
	partner    = `{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/out/*"}`
	partnerToo = `{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/in/*"}`
	managing   = `{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":["s3:PutBucketPolicy","s3:PutBucketAcl"],"Resource":"arn:aws:s3:::pics"}`
	anyRole    = `{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/intern"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/*"}`
	noOthers   = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::pics/*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}}`
	invalid    = `{"Effect":"Allow","Principal":{"AWS":"somebody"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/in/*"}`
	own        = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::pics/${*}"}`
)

func version(v string, statements ...string) string {
	return `{"Version":"` + v + `","Statement":[` + strings.Join(statements, ",") + `]}`
}

func doc(statements ...string) string { return version("2012-10-17", statements...) }

// spec is the spec of an ACK Bucket in JSON, around its policy.
func spec(policy string, more ...string) string {
	text, err := json.Marshal(policy)
	if err != nil {
		panic(err) // it is a string
	}
	return `{` + strings.Join(append([]string{`"name":"pics"`, `"policy":` + string(text)}, more...), ",") + `}`
}

func bucketOf(t *testing.T, spec string) map[string]any {
	t.Helper()
	out := map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket",
		"metadata": map[string]any{"namespace": "web", "name": "pics"}, "spec": map[string]any{},
	}
	if err := json.Unmarshal([]byte(spec), ptr(out["spec"])); err != nil {
		t.Fatal(err)
	}
	return out
}

func ptr(m any) *map[string]any {
	out, _ := m.(map[string]any)
	return &out
}

// Blocks, ownership and a grantee.
const (
	allUsers = `"uri=http://acs.amazonaws.com/groups/global/AllUsers"`
	closed   = `"publicAccessBlock":{"blockPublicACLs":true,"ignorePublicACLs":true,"blockPublicPolicy":true,"restrictPublicBuckets":true}`
	half     = `"publicAccessBlock":{"blockPublicACLs":true,"ignorePublicACLs":true}`
	off      = `"ownershipControls":{"rules":[{"objectOwnership":"BucketOwnerEnforced"}]}`
	on       = `"ownershipControls":{"rules":[{"objectOwnership":"ObjectWriter"}]}`
)

// logsTo is a logging configuration that lets everyone have the logs.
func logsTo(bucket, permission string) string {
	return `"logging":{"loggingEnabled":{"targetBucket":"` + bucket + `","targetGrants":[{"permission":"` + permission +
		`","grantee":{"uRI":"http://acs.amazonaws.com/groups/global/AllUsers"}}]}}`
}

// ratchetCases are updates, by what is refused of them: the rules in the order of the findings, "" for nothing.
var ratchetCases = []struct {
	name, old, new string
	level          policy.Level
	want           string
}{
	{"nothing changes but the order", spec(doc(readable, reader)), spec(doc(reader, readable)), policy.Restricted, ""},
	{"added behind", spec(doc(readable)), spec(doc(readable, secret)), policy.Baseline, "BW201[1]"},
	{"added before", spec(doc(readable)), spec(doc(secret, readable)), policy.Baseline, "BW201[0]"},
	{"two are added", spec(doc(readable)), spec(doc(readable, secret, list)), policy.Baseline, "BW201[1] BW201[2]"},
	{"less", spec(doc(all)), spec(doc(readable)), policy.Baseline, ""},
	{"less, in two statements", spec(doc(all)), spec(doc(readable, secret)), policy.Baseline, ""},
	{"a write beside a read", spec(doc(readable)), spec(doc(readable, upload)), policy.Baseline, "BW202[1]"},
	{"somebody named is added", spec(doc(readable)), spec(doc(readable, reader)), policy.Baseline, ""},
	{"a Deny goes", spec(doc(all, noKeys)), spec(doc(all)), policy.Baseline, "BW201[0]"},
	{"a Deny is narrowed", spec(doc(all, noKeys)), spec(doc(all, strings.Replace(noKeys, "keys/", "keys/new/", 1))), policy.Baseline, "BW201[0]"},
	{"a Deny comes", spec(doc(all)), spec(doc(all, noKeys)), policy.Baseline, ""},
	{"a Deny that is not needed goes", spec(doc(readable, noKeys)), spec(doc(readable)), policy.Baseline, ""},
	{"a variable begins to match", spec(version("2008-10-17", own)), spec(doc(own)), policy.Baseline, "BW201[0]"},
	{"a Deny goes under NotPrincipal", spec(doc(anyRole, noKeys)), spec(doc(anyRole)), policy.Baseline, "BW702[0]"},
	{"a Deny goes that NotPrincipal did not need", spec(doc(anyRole, noKeys)), spec(doc(anyRole, strings.Replace(noKeys, "keys/*", "*", 1))), policy.Baseline, ""},
	{"a Deny comes that names an organization", spec(doc(all)), spec(doc(all, noOthers)), policy.Restricted, ""},
	{"the public can do the same by another kind of statement", spec(doc(anyRole)), spec(doc(all)), policy.Baseline, ""},
	{"less is allowed by another kind of statement", spec(doc(all)), spec(doc(anyRole)), policy.Baseline, ""},
	{"what S3 refused is mended", spec(doc(all, invalid)), spec(doc(all)), policy.Baseline, "BW201[0]"},
	{"what S3 refuses stays", spec(doc(all, invalid)), spec(doc(all, invalid, reader)), policy.Baseline, ""},
	{"a partner gets more", spec(doc(partner)), spec(doc(partner, partnerToo)), policy.Restricted, "BW401[1]"},
	{"a partner gets less", spec(doc(partner, partnerToo)), spec(doc(partner)), policy.Restricted, ""},
	{"the block is opened", spec(doc(all), closed), spec(doc(all), half), policy.Baseline, "BW201[0]"},
	{"the block is gone", spec(doc(all), closed), spec(doc(all)), policy.Baseline, "BW201[0]"},
	{"the block was open", spec(doc(all), half), spec(doc(all)), policy.Baseline, ""},
	{"the block is closed", spec(doc(all), half), spec(doc(all), closed), policy.Baseline, ""},
	{"the block stays closed", spec(doc(all), closed), spec(doc(all, noKeys), closed), policy.Baseline, ""},
	{"the block held a partner back", spec(doc(all, partner), closed), spec(doc(partner), closed), policy.Restricted, "BW401[0]"},
	{"the block held nobody back", spec(doc(partner), closed), spec(doc(partner)), policy.Restricted, "BW204"},
	{"ACLs count again", spec(doc(managing), closed, off), spec(doc(managing), closed, on), policy.Baseline, "BW402[0]"},
	{"ACLs still count", spec(doc(managing), closed, on), spec(doc(managing, reader), closed, on), policy.Baseline, ""},
	{"a public ACL that a block hid", spec("", `"acl":"public-read"`, closed), spec("", `"acl":"public-read"`), policy.Baseline, "BW205"},
	{"a public ACL becomes another", spec("", `"acl":"public-read"`), spec("", `"acl":"public-read-write"`), policy.Baseline, "BW205"},
	{"a public ACL becomes less", spec("", `"acl":"public-read-write"`), spec("", `"acl":"authenticated-read"`), policy.Baseline, ""},
	{"ACLs count again under a public one", spec("", `"acl":"public-read"`, off), spec("", `"acl":"public-read"`, on), policy.Baseline, "BW205"},
	{"full control of everyone becomes less", spec("", `"grantFullControl":`+allUsers), spec("", `"grantRead":`+allUsers), policy.Baseline, ""},
	{"a grant to everyone becomes more", spec("", `"grantRead":`+allUsers), spec("", `"grantFullControl":`+allUsers), policy.Baseline, "BW205"},
	{"ACLs are on and a grant comes", spec("", on), spec("", on, `"acl":"aws-exec-read"`), policy.Restricted, "BW305"},
	{"everyone may read the logs", spec("", closed), spec("", closed, logsTo("audit", "READ")), policy.Baseline, "BW205"},
	{"everyone may read the logs still", spec("", closed, logsTo("audit", "READ")), spec("", half, logsTo("audit", "READ")), policy.Baseline, ""},
	{"everyone may do more to the logs", spec("", logsTo("audit", "READ")), spec("", logsTo("audit", "FULL_CONTROL")), policy.Baseline, "BW205"},
	{"everyone may read the logs elsewhere", spec("", logsTo("audit", "READ")), spec("", logsTo("other", "READ")), policy.Baseline, "BW205"},
	{"the logs' ACL is no bucket's", spec("", `"acl":"public-read"`), spec("", logsTo("audit", "READ")), policy.Baseline, "BW205"},
	{"switches are closed one by one", spec(doc(reader)), spec(doc(reader), half), policy.Restricted, ""},
	{"switches are opened one by one", spec(doc(reader), half), spec(doc(reader)), policy.Restricted, "BW204"},
}

func TestRatchet(t *testing.T) {
	for _, tt := range ratchetCases {
		t.Run(tt.name, func(t *testing.T) {
			r := review.Reviewer{Rules: rules.All, Level: tt.level, Trust: &public.Trust{Accounts: []string{"111122223333"}}}
			if got := refusals(t, r, bucketOf(t, tt.old), bucketOf(t, tt.new)); got != tt.want {
				t.Errorf("refused: %q, want %q", got, tt.want)
			}
		})
	}
}

// refusals returns what is refused of an update, each with its statement.
func refusals(t *testing.T, r review.Reviewer, before, obj map[string]any) string {
	t.Helper()
	index := &inventory.Index{}
	index.Set(before)
	v, ok, err := r.Update(t.Context(), obj, before, index)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	r.Rests(&v, index)
	var out []string
	for _, f := range v.Findings {
		if f.Action != policy.Deny {
			continue
		}
		text := f.Rule.ID
		if place, _, ok := strings.Cut(strings.TrimPrefix(string(f.At), "Statement"), "]"); ok {
			text += place + "]"
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// What an Exemption accepts is no access that was there before: neither at its edge, nor once it no longer accepts it.
func TestRatchetBesideExemptions(t *testing.T) {
	exempting := func(buckets, grants string) *settings.Set {
		store := settings.NewStore(rules.All)
		var e v1alpha1.Exemption
		text := `{"metadata":{"name":"site"},"spec":{"match":{"buckets":["` + buckets + `"]},"rules":["BW201"],` + grants + `"reason":"the site"}}`
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		if err := store.PutExemption(&e); err != nil {
			t.Fatal(err)
		}
		return store.Set()
	}
	grants := `"grants":[` + readable + `],`
	for _, tt := range []struct {
		name     string
		settings *settings.Set
		old, new string
		want     string
	}{
		{"a Deny goes that kept to what is accepted", exempting("pics", grants), doc(all, others), doc(all), "BW201[0]"},
		{"a statement is added", exempting("pics", grants), doc(readable), doc(readable, secret), "BW201[1]"},
		{"a statement was there", exempting("pics", grants), doc(readable, secret), doc(secret, readable), ""},
		{"nothing is beyond", exempting("pics", grants), doc(readable), doc(readable, reader), ""},
		{"everything is accepted", exempting("pics", ""), doc(readable), doc(readable, secret), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := review.Reviewer{Rules: rules.All, Level: policy.Baseline, Settings: tt.settings, Now: time.Now()}
			if got := refusals(t, r, bucketOf(t, spec(tt.old)), bucketOf(t, spec(tt.new))); got != tt.want {
				t.Errorf("refused: %q, want %q", got, tt.want)
			}
		})
	}
}

// The ACL of an object stands with the object: under another key it is another one.
func TestRatchetOfObjects(t *testing.T) {
	put := func(key, acl string) map[string]any {
		return map[string]any{
			"apiVersion": "s3.aws.upbound.io/v1beta1", "kind": "BucketObject", "metadata": map[string]any{"name": "terms"},
			"spec": map[string]any{"forProvider": map[string]any{"bucket": "pics", "key": key, "acl": acl, "content": "text"}},
		}
	}
	r := review.Reviewer{Rules: rules.All, Level: policy.Baseline}
	for _, tt := range []struct {
		name     string
		old, new map[string]any
		want     string
	}{
		{"becomes public", put("a", "private"), put("a", "public-read"), "BW205"},
		{"stays public", put("a", "public-read"), put("a", " public-read "), ""},
		{"becomes less public", put("a", "public-read"), put("a", "authenticated-read"), ""},
		{"becomes more public", put("a", "authenticated-read"), put("a", "public-read"), "BW205"},
		{"is another object", put("a", "public-read"), put("b", "public-read"), "BW205"},
	} {
		if got := refusals(t, r, tt.old, tt.new); got != tt.want {
			t.Errorf("%s: refused %q, want %q", tt.name, got, tt.want)
		}
	}
}

// An access point has a block of its own, and the bucket's is none of it.
func TestRatchetOfAccessPoints(t *testing.T) {
	accessPoint := func(restricts bool) map[string]any {
		return map[string]any{
			"apiVersion": "s3control.services.k8s.aws/v1alpha1", "kind": "AccessPoint",
			"metadata": map[string]any{"namespace": "web", "name": "site"},
			"spec": map[string]any{
				"name": "site", "bucket": "pics", "accountID": "111122223333",
				"policy":                         strings.ReplaceAll(doc(all), "arn:aws:s3:::pics/", "arn:aws:s3:eu-central-1:111122223333:accesspoint/site/object/"),
				"publicAccessBlockConfiguration": map[string]any{"restrictPublicBuckets": restricts, "blockPublicPolicy": false},
			},
		}
	}
	r := review.Reviewer{Rules: rules.All, Level: policy.Baseline}
	for _, tt := range []struct {
		before, now bool
		want        string
	}{{true, false, "BW201[0]"}, {false, true, ""}} {
		if got := refusals(t, r, accessPoint(tt.before), accessPoint(tt.now)); got != tt.want {
			t.Errorf("%v to %v: refused %q, want %q", tt.before, tt.now, got, tt.want)
		}
	}
}
