package profiles_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

var update = flag.Bool("update", false, "write the documents of the cases in testdata")

// TestCases holds each profile to cases in testdata:
//
//	-- values --    the profile, and values of parameters: "cloudtrail bucket=logs trail=main"; ownership=... is the bucket's
//	-- requests --  one a line: allow or deny, perhaps identity, principal, action, resource, and key=value of the context
//	-- bucket.json --, -- identity.json --  the documents; written by -update
func TestCases(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			c := read(t, name)
			seen[c.profile.Name] = true
			c.documents(t, name)
			c.judge(t)
			c.decide(t)
		})
	}
	for _, p := range profiles.All() {
		if !seen[p.Name] {
			t.Errorf("%s has no case", p.Name)
		}
	}
}

type testCase struct {
	archive          *txtar.Archive
	profile          *profiles.Profile
	values           profiles.Values
	ownership        policy.Ownership
	bucket, identity *iam.Document
}

func (c *testCase) section(name string) string {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func read(t *testing.T, name string) *testCase {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := &testCase{archive: archive, values: profiles.Values{}, ownership: policy.BucketOwnerEnforced}
	words := strings.Fields(c.section("values"))
	if c.profile, err = profiles.Find(words[0]); err != nil {
		t.Fatal(err)
	}
	for _, w := range words[1:] {
		key, value, ok := strings.Cut(w, "=")
		switch {
		case key == "ownership":
			c.ownership = policy.Ownership(value)
		case ok:
			c.values[key] = value
		default:
			c.values[key] = "true"
		}
	}
	if c.bucket, err = c.profile.Bucket(c.values); err != nil {
		t.Fatal(err)
	}
	if c.identity, err = c.profile.Identity(c.values); (err == nil) != strings.Contains(c.section("requests"), " identity ") {
		t.Fatalf("requests of an identity policy, and %v", err)
	}
	return c
}

// documents compares what the profile makes with what the file says.
func (c *testCase) documents(t *testing.T, name string) {
	t.Helper()
	want := &txtar.Archive{Comment: c.archive.Comment}
	for _, f := range c.archive.Files {
		if !strings.HasSuffix(f.Name, ".json") {
			want.Files = append(want.Files, f)
		}
	}
	want.Files = append(want.Files, txtar.File{Name: "bucket.json", Data: []byte(c.bucket.Text())})
	if c.identity != nil {
		want.Files = append(want.Files, txtar.File{Name: "identity.json", Data: []byte(c.identity.Text())})
	}
	diff := cmp.Diff(string(txtar.Format(c.archive)), string(txtar.Format(want)))
	if diff == "" {
		return
	}
	if !*update {
		t.Errorf("-file +profile, -update writes it:\n%s", diff)
	} else if err := os.WriteFile(name, txtar.Format(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// judge runs all rules on the bucket policy, with everything known, and both accounts trusted: S3 takes it, and a strict
// reviewer has nothing to say.
func (c *testCase) judge(t *testing.T) {
	t.Helper()
	in := policy.NewInput(policy.BucketPolicy, c.bucket.Text(), policy.Bucket{
		Name:      policy.Fact[string]{Value: c.values["bucket"], Origin: policy.Declared},
		Ownership: policy.Fact[policy.Ownership]{Value: c.ownership, Origin: policy.Sibling},
		Owner:     policy.Fact[string]{Value: "111122223333", Origin: policy.Configured},
		Region:    policy.Fact[string]{Value: c.values["region"], Origin: policy.Declared},
	})
	in.Trust = &public.Trust{Accounts: []string{"111122223333", "444455556666"}}
	for _, f := range policy.Run(rules.All, in).Findings {
		if f.Rule.Severity == policy.SeverityError || policy.Restricted.Action(f) > policy.Audit {
			t.Errorf("%s: %s", f.Rule.ID, f.Message)
		}
	}
	if c.identity == nil {
		return
	}
	for _, f := range policy.Run(rules.All, policy.NewInput(policy.IdentityPolicy, c.identity.Text(), policy.Bucket{})).Findings {
		t.Errorf("identity: %s: %s", f.Rule.ID, f.Message)
	}
}

// decide asks the plain evaluator about requests that somebody wrote down.
func (c *testCase) decide(t *testing.T) {
	t.Helper()
	count := map[string]int{}
	for lines := bufio.NewScanner(strings.NewReader(c.section("requests"))); lines.Scan(); {
		want, r, doc, err := c.request(lines.Text())
		if err != nil {
			t.Error(err)
			continue
		}
		count[want]++
		got := authz.Decide(doc, r)
		if (got.Decision == authz.Allowed) != (want == "allow") || got.Decision == authz.Undecided {
			t.Errorf("%s\n%s: %s", lines.Text(), got.Decision, got.Reason)
		}
	}
	if (count["allow"] == 0 && c.profile.Name != "cloudfront-logs-legacy") || count["deny"] == 0 {
		t.Errorf("%d requests to allow, %d to deny: too few", count["allow"], count["deny"])
	}
}

func (c *testCase) request(line string) (want string, r authz.Request, doc *iam.Document, err error) {
	words := strings.Fields(line)
	want, words = words[0], words[1:]
	doc = c.bucket
	if words[0] == "identity" {
		doc, words = c.identity, words[1:]
	}
	if len(words) < 3 || want != "allow" && want != "deny" {
		return "", r, nil, fmt.Errorf("%q is no request", line)
	}
	r = authz.Request{Principal: words[0], Action: words[1], Resource: words[2], Context: authz.Context{"aws:SecureTransport": {"true"}}}
	for _, w := range words[3:] {
		key, value, _ := strings.Cut(w, "=")
		r.Context[key] = []string{value}
	}
	return want, r, doc, r.Validate()
}

// TestParameters shows what is refused, and that the error begins with the parameter.
func TestParameters(t *testing.T) {
	good := map[string]profiles.Values{
		"cloudtrail":           {"bucket": "logs", "account": "111122223333", "region": "eu-central-1", "trail": "main"},
		"session-manager-logs": {"bucket": "logs", "principal": "arn:aws:iam::111122223333:role/app"},
		"alb-access-logs":      {"bucket": "logs", "account": "111122223333", "region": "il-central-1"},
	}
	for _, tt := range []struct{ profile, parameter, value, want string }{
		{"cloudtrail", "bucket", "Logs", `bucket: "Logs" is not valid; write the bucket that the policy is for, such as logs`},
		{"cloudtrail", "bucket", "lo..gs", `bucket: "lo..gs" is not valid; write the bucket that the policy is for, such as logs`},
		{"cloudtrail", "account", "11112222333", `account: "11112222333" is not valid; write the account of the bucket, such as 111122223333`},
		{"cloudtrail", "trail", "*", `trail: "*" is not valid; write the name of the trail, such as main`},
		{"cloudtrail", "trail", "-", `trail: profile cloudtrail needs the name of the trail, such as main`},
		{"cloudtrail", "account", "-", `source-account: profile cloudtrail needs the account whose logs or requests these are, by default the bucket's, such as 444455556666`},
		{"cloudtrail", "prefix", "${aws:username}/", `prefix: "${aws:username}/" is not valid; write the prefix of the keys, if not the whole bucket, such as team-a/`},
		{"cloudtrail", "prefix", `a"b`, `prefix: "a\"b" is not valid; write the prefix of the keys, if not the whole bucket, such as team-a/`},
		{"cloudtrail", "delete", "true", `delete: profile cloudtrail does not have it; it has bucket, source-account, region, trail, prefix, organization, account`},
		{"cloudtrail", "trial", "main", `"trial": no profile has such a parameter; did you mean trail?`},
		{"cloudtrail", "x", "main", `"x": no profile has such a parameter`},
		{"cloudtrail", "region", "eu-centrall-1", `region: "eu-centrall-1" is not a region of AWS; did you mean eu-central-1?`},
		{"cloudtrail", "region", "moon-east-1", `region: "moon-east-1" is not a region of AWS`},
		{"session-manager-logs", "acls", "false", `acls: it takes no value, but got "false"; set it or leave it out`},
		{"session-manager-logs", "principal", "arn:aws:iam::111122223333:root",
			`principal: "arn:aws:iam::111122223333:root" is not valid; write the role or user that needs the access, such as arn:aws:iam::111122223333:role/app`},
		{"alb-access-logs", "regional-account", "true", `regional-account: the load balancers of il-central-1 have none; leave it out to allow their service`},
	} {
		p, err := profiles.Find(tt.profile)
		if err != nil {
			t.Fatal(err)
		}
		values := maps.Clone(good[tt.profile])
		if _, err := p.Bucket(values); err != nil {
			t.Errorf("%s: %v", tt.profile, err)
		}
		if values[tt.parameter] = tt.value; tt.value == "-" {
			delete(values, tt.parameter)
		}
		if _, err := p.Bucket(values); err == nil || err.Error() != tt.want {
			t.Errorf("%s %s=%s:\n got %v\nwant %s", tt.profile, tt.parameter, tt.value, err, tt.want)
		}
	}
}

// TestMissing names all that is missing, and all that is wrong, at once.
func TestMissing(t *testing.T) {
	p, err := profiles.Find("cloudtrail")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		values profiles.Values
		want   string
	}{
		{nil, "profile cloudtrail needs bucket, source-account (or account), region and trail"},
		{profiles.Values{"bucket": "logs", "trail": "main"}, "profile cloudtrail needs source-account (or account) and region"},
		{profiles.Values{"bucket": "L", "account": "1"}, `account: "1" is not valid; write the account of the bucket, such as 111122223333; ` +
			`bucket: "L" is not valid; write the bucket that the policy is for, such as logs; profile cloudtrail needs region and trail`},
	} {
		_, err := p.Bucket(tt.values)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%v:\n got %v\nwant %s", tt.values, err, tt.want)
		}
		var missing *profiles.MissingError
		if !errors.As(err, &missing) || len(missing.Parameters) != len(p.Lacks(tt.values)) {
			t.Errorf("%v: %v has no MissingError", tt.values, err)
		}
	}
}

// TestProfiles holds what every profile says of itself: sources of AWS, and parameters that there are and that it uses.
func TestProfiles(t *testing.T) {
	if _, err := profiles.Find("cloudtrial"); err == nil || !strings.HasPrefix(err.Error(), `no profile "cloudtrial"; did you mean cloudtrail? The profiles are cloudtrail, `) {
		t.Error(err)
	}
	if _, err := profiles.Find("photo-album"); err == nil || !strings.HasPrefix(err.Error(), `no profile "photo-album"; the profiles are `) {
		t.Error(err)
	}
	var known []string
	for _, q := range profiles.Parameters() {
		known = append(known, q.Name)
	}
	for _, p := range profiles.All() {
		if p.Summary == "" || strings.Contains(p.Summary, "\n") || len(p.Sources) == 0 {
			t.Errorf("%s: no summary of one line, or no source", p.Name)
		}
		for _, s := range p.Sources {
			if !strings.HasPrefix(s, "https://docs.aws.amazon.com/") && !strings.HasPrefix(s, "https://awscli.amazonaws.com/") {
				t.Errorf("%s: %s is no page of AWS", p.Name, s)
			}
		}
		for _, name := range slices.Concat(p.Requires, p.Takes) {
			if !slices.Contains(known, name) {
				t.Errorf("%s: no parameter %q", p.Name, name)
			}
		}
	}
}

// TestAskedPrincipal takes who calls from the policy, where that names one role or user.
func TestAskedPrincipal(t *testing.T) {
	const one, other = `{"AWS":"arn:aws:iam::444455556666:role/a"}`, `{"AWS":["arn:aws:iam::444455556666:user/b","444455556666"]}`
	bucket := policy.Bucket{Name: policy.Fact[string]{Value: "shop", Origin: policy.Declared}}
	allow := func(principals ...string) *iam.Document {
		var all []string
		for i, p := range principals {
			effect := "Allow"
			if rest, denied := strings.CutPrefix(p, "!"); denied {
				effect, p = "Deny", rest
			}
			all = append(all, fmt.Sprintf(`{"Sid":"S%d","Effect":%q,"Principal":%s,"Action":"s3:GetObject","Resource":"arn:aws:s3:::shop/*"}`, i, effect, p))
		}
		doc, err := iam.Parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(all, ",") + `]}`)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	const missing = "principal: profile s3-sync-source needs the role or user that needs the access, such as arn:aws:iam::111122223333:role/app"
	for _, tt := range []struct {
		name, parameters string
		doc              *iam.Document
		want, err        string // what the profile names, and why not
	}{
		{"one", "", allow(one, one), "444455556666:role/a", ""},
		{"a user beside an account", "", allow(other), "444455556666:user/b", ""},
		{"denied", "", allow("!"+one, other), "444455556666:user/b", ""},
		{"it is said", "principal=arn:aws:iam::777788889999:role/c", allow(one), "777788889999:role/c", ""},
		{"none", "", allow(`"*"`), "", missing},
		{"no policy", "", nil, "", missing},
		{"two", "", allow(one, other), "", "principal: the policy names 2 roles and users, such as arn:aws:iam::444455556666:role/a and " +
			"arn:aws:iam::444455556666:user/b; say which of them the profile is for"},
	} {
		p := profiles.Asked("s3-sync-source", tt.parameters, "annotation", bucket, tt.doc)
		if tt.err == "" && (p.Err != nil || !strings.Contains(p.Grants.Text(), tt.want)) || tt.err != "" && (p.Err == nil || p.Err.Error() != tt.err) {
			t.Errorf("%s: %v, %v\nwant %s %s", tt.name, p.Grants, p.Err, tt.want, tt.err)
		}
	}
}
