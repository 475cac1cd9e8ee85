package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

const (
	seedsPage = "../../docs/seeds.md"
	seedsDir  = "../../docs/examples/seeds"
)

// The row of a policy in the page: its file, what it is, and what is found.
var seedRow = regexp.MustCompile(`(?m)^\| \[([a-z-]+)\]\(examples/seeds/[a-z-]+\.json\) \| (.+) \| (.+) \|$`)

// Every policy of the page is there, and the page says what is found in it at level baseline. That plain HTTP is not denied
// goes for all bucket policies there, and is left out.
func TestSeedPolicies(t *testing.T) {
	page, err := os.ReadFile(seedsPage)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(seedsDir + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		found[strings.TrimSuffix(filepath.Base(file), ".json")] = findings(t, file)
	}
	says := map[string]string{}
	want := seedRow.ReplaceAllStringFunc(string(page), func(line string) string {
		row := seedRow.FindStringSubmatch(line)
		says[row[1]] = row[3]
		return strings.TrimSuffix(line, row[3]+" |") + found[row[1]] + " |"
	})
	if *update {
		if err := os.WriteFile(seedsPage, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(found, says); diff != "" {
		t.Errorf("%s (-found +says):\n%s", seedsPage, diff)
	}
}

// findings lists the rules that speak, and what each leads to.
func findings(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kind, plain := policy.IdentityPolicy, true
	if strings.Contains(string(text), `Principal": `) {
		kind, plain = policy.BucketPolicy, false
	}
	var out []string
	for _, f := range policy.Run(rules.All, policy.NewInput(kind, string(text), policy.Bucket{})).Findings {
		if f.Rule.ID == "BW601" {
			plain = true
			continue
		}
		if one := fmt.Sprintf("%s %s", f.Rule.ID, policy.Baseline.Action(f)); !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	if !plain {
		t.Errorf("%s denies plain HTTP, or is not judged", file)
	}
	if out == nil {
		return "nothing"
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// What the articles found out by trying, AWS's pages say, or counting shows.
func TestSeedFacts(t *testing.T) {
	const (
		host  = `"principal":"arn:aws:sts::444455556666:assumed-role/session-host/i","account":"111122223333"`
		trail = `"principal":"cloudtrail.amazonaws.com","account":"111122223333","action":"s3:PutObject","resource":"arn:aws:s3:::trail/logs/AWSLogs/111122223333/x"`
		away  = `"aws:SourceIp":"198.51.100.1"`
		ours  = `"aws:SourceIp":"203.0.113.7"`
		get   = `"action":"s3:GetObject","resource":"arn:aws:s3:::trail/x"`
	)
	for _, tt := range []struct{ file, request, decision string }{
		// An upload needs s3:PutObject; s3:PutObjectAcl is a permission of its own.
		{"session-logs-acl", host + `,"action":"s3:PutObjectAcl","resource":"arn:aws:s3:::session-logs/x"`, "Allowed"},
		{"session-logs-slip", host + `,"action":"s3:GetEncryptionConfiguration","resource":"arn:aws:s3:::session-logs"`, "Allowed"},
		{"session-host", `"principal":"arn:aws:iam::444455556666:role/r","account":"111122223333","action":"s3:PutObjectAcl","resource":"arn:aws:s3:::session-logs/x"`, "ImplicitDeny"},
		// Two organizations: who may look at the encryption may not upload.
		{"session-logs-organization", host + `,"action":"s3:GetEncryptionConfiguration","resource":"arn:aws:s3:::session-logs","context":{"aws:PrincipalOrgID":"o-a1b2c3d4e5f6g7"}`, "Allowed"},
		{"session-logs-organization", host + `,"action":"s3:PutObject","resource":"arn:aws:s3:::session-logs/x","context":{"aws:PrincipalOrgID":"o-a1b2c3d4e5f6g7"}`, "ImplicitDeny"},
		// The bucket's ARN is not its objects'.
		{"console-one-bucket", `"principal":"arn:aws:iam::111122223333:user/u","account":"111122223333","action":"s3:ListBucket","resource":"arn:aws:s3:::shop"`, "Allowed"},
		{"sync-source-list", `"principal":"arn:aws:iam::111122223333:user/u","account":"111122223333","action":"s3:GetObject","resource":"arn:aws:s3:::sync-source/x"`, "ImplicitDeny"},
		{"variables", `"principal":"arn:aws:iam::111122223333:user/alice","account":"111122223333","action":"s3:GetObject","resource":"arn:aws:s3:::shop/home/alice/x"`, "Allowed"},
		{"variables", `"principal":"arn:aws:iam::111122223333:user/alice","account":"111122223333","action":"s3:GetObject","resource":"arn:aws:s3:::shop/home/bob/x"`, "ImplicitDeny"},
		{"require-owner-acl", `"principal":"arn:aws:iam::444455556666:user/writer","account":"111122223333","action":"s3:PutObject","resource":"arn:aws:s3:::shop/x","context":{"s3:x-amz-acl":"bucket-owner-full-control"}`, "Allowed"},
		{"require-owner-acl", `"principal":"arn:aws:iam::444455556666:user/writer","account":"111122223333","action":"s3:PutObject","resource":"arn:aws:s3:::shop/x"`, "ImplicitDeny"},
		{"require-public-read", `"principal":"arn:aws:iam::444455556666:user/writer","account":"111122223333","action":"s3:PutObject","resource":"arn:aws:s3:::shop/x","context":{"s3:x-amz-acl":"bucket-owner-full-control"}`, "ImplicitDeny"},
		// The network, or an AWS service; anonymous callers have no aws:PrincipalIsAWSService, so that the Deny misses them.
		{"network-or-service", host + "," + get + `,"context":{` + away + `}`, "ExplicitDeny"},
		{"network-or-service", host + "," + get + `,"context":{` + ours + `}`, "ImplicitDeny"},
		{"network-or-service", trail, "ImplicitDeny"},
		{"network-or-service", `"principal":"anonymous","account":"111122223333",` + get + `,"context":{` + away + `}`, "ImplicitDeny"},
		{"not-principal-service", host + "," + get + `,"context":{` + away + `}`, "Undecided"},
		{"via-aws-service", trail + `,"context":{"aws:ViaAWSService":"false"}`, "ExplicitDeny"},
		{"vpc-or-trail", strings.Replace(trail, "logs/", "", 1), "ImplicitDeny"},
		{"vpc-or-trail", strings.NewReplacer("cloudtrail.", "delivery.logs.", "logs/", "").Replace(trail), "ExplicitDeny"},
		{"vpc-or-two-services", strings.NewReplacer("cloudtrail.", "delivery.logs.", "logs/", "").Replace(trail), "ImplicitDeny"},
		{"perimeter-with-logs", strings.Replace(trail, ":::trail/logs/", ":::flow/trail/", 1) + `,"context":{"s3:x-amz-acl":"bucket-owner-full-control"}`, "Allowed"},
	} {
		var out, errs strings.Builder
		args := []string{"simulate", "--policy", filepath.Join(seedsDir, tt.file+".json"), "--request", "-"}
		run(args, strings.NewReader(`{"id":1,`+tt.request+"}\n"), &out, &errs)
		if !strings.Contains(out.String(), `"decision":"`+tt.decision+`"`) {
			t.Errorf("%s: %s\n%s%s want %s", tt.file, tt.request, out.String(), errs.String(), tt.decision)
		}
	}
}
