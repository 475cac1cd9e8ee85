package manifest

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// TestNeighbours holds that the policies of other services are known for what they are, as AWS's documentation writes them.
func TestNeighbours(t *testing.T) {
	const account = `{"AWS": "arn:aws:iam::111122223333:root"}`
	service := func(name string) string { return fmt.Sprintf(`{"Service": "%s.amazonaws.com"}`, name) }
	for _, c := range []struct{ kind, principal, action, resource string }{
		{"the trust policy of a role", service("ec2"), `"sts:AssumeRole"`, ""},
		{"the trust policy of a role", service("pods.eks"), `["sts:AssumeRole", "sts:TagSession"]`, ""},
		{"the trust policy of a role", `{"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.example"}`, `"sts:AssumeRoleWithWebIdentity"`, ""},
		{"the trust policy of a role", `{"Federated": "arn:aws:iam::111122223333:saml-provider/corp"}`, `"sts:AssumeRoleWithSAML"`, ""},
		{"a policy of SQS", service("sns"), `"SQS:SendMessage"`, "arn:aws:sqs:eu-west-1:111122223333:jobs"},
		{"a policy of SQS", `"*"`, `"sqs:*"`, "*"},
		{"a policy of SNS", service("s3"), `["SNS:Publish", "SNS:Subscribe"]`, "arn:aws:sns:eu-west-1:111122223333:news"},
		{"a policy of KMS", account, `"kms:*"`, "*"},
		{"a policy of KMS", service("logs.eu-west-1"), `["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]`, "*"},
		{"a policy of ECR", account, `["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]`, ""},
		{"a policy of ECR Public", account, `"ecr-public:PutImage"`, ""},
		{"a policy of Lambda", service("apigateway"), `"lambda:InvokeFunction"`, "arn:aws:lambda:eu-west-1:111122223333:function:f"},
		{"a policy of Secrets Manager", account, `"secretsmanager:GetSecretValue"`, "*"},
		{"a policy of OpenSearch", account, `"es:*"`, "arn:aws:es:eu-west-1:111122223333:domain/d/*"},
		{"a policy of EventBridge", account, `"events:PutEvents"`, "arn:aws:events:eu-west-1:111122223333:event-bus/b"},
		{"a policy of API Gateway", `"*"`, `"execute-api:Invoke"`, "execute-api:/*"},
		{"a policy of CloudWatch Logs", service("es"), `["logs:PutLogEvents", "logs:CreateLogStream"]`, "arn:aws:logs:eu-west-1:111122223333:log-group:g:*"},
		{"a policy of AWS Backup", account, `"backup:CopyIntoBackupVault"`, "*"},
		{"a policy of EFS", `{"AWS": "*"}`, `"elasticfilesystem:ClientMount"`, ""},
		{"a policy of DynamoDB", account, `"dynamodb:GetItem"`, "arn:aws:dynamodb:eu-west-1:111122223333:table/t"},
		{"a policy of Kinesis", account, `"kinesis:PutRecord"`, "arn:aws:kinesis:eu-west-1:111122223333:stream/s"},
		{"a policy of MSK", account, `["kafka:CreateVpcConnection", "kafka:GetBootstrapBrokers"]`, "*"},
		{"a policy of Glue", account, `"glue:GetTable"`, "arn:aws:glue:eu-west-1:111122223333:catalog"},
		{"a policy of CodeArtifact", account, `"codeartifact:ReadFromRepository"`, "*"},
		{"a policy of CodeBuild", account, `"codebuild:BatchGetProjects"`, "*"},
		{"a policy of S3 Glacier", account, `"glacier:UploadArchive"`, "arn:aws:glacier:eu-west-1:111122223333:vaults/v"},
		{"a policy of AWS IoT", "", `["iot:Connect", "iot:Publish"]`, "*"},
		{"a policy of EC2", "", `"ec2:Describe*"`, "*"},
		{"a policy of EC2, EKS, IAM, others", "", `["ec2:RunInstances", "eks:*", "iam:PassRole", "ssm:GetParameter"]`, "*"},
		{"a policy of SES", account, `"ses:SendEmail"`, "arn:aws:ses:eu-west-1:111122223333:identity/example.com"},
		{"a policy of MediaStore", `"*"`, `"mediastore:GetObject"`, "arn:aws:mediastore:eu-west-1:111122223333:container/c/*"},
		{"a policy of VPC Lattice", `"*"`, `"vpc-lattice-svcs:Invoke"`, "*"},
		{"a policy of S3 on Outposts", account, `"s3-outposts:GetObject"`, "arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-0/bucket/b/object/*"},
		{"a policy of S3 Tables", account, `"s3tables:GetTableData"`, "arn:aws:s3tables:eu-west-1:111122223333:bucket/b/table/*"},
		{"a policy of S3 Object Lambda", account, `"s3-object-lambda:GetObject"`, "arn:aws:s3-object-lambda:eu-west-1:111122223333:accesspoint/a"},
		{"a policy of S3 Vectors", account, `"s3vectors:QueryVectors"`, "*"},
		{"a policy of acm-pca", account, `["acm-pca:IssueCertificate", "acm-pca:ListPermissions"]`, "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/c"},
		{"a policy of SQS", `"*"`, `"*"`, "arn:aws:sqs:eu-west-1:111122223333:jobs"},
		{"a policy of STS", "", `"sts:AssumeRole"`, "arn:aws:iam::111122223333:role/r"},

		{"", account, `"s3:GetObject"`, "arn:aws:s3:::b/*"},
		{"", account, `["s3:GetObject", "kms:Decrypt"]`, "*"},
		{"", account, `"kms:Decrypt"`, "arn:aws:s3:::b/*"},
		{"", account, `"s4:GetObject"`, "*"},
		{"", account, `"s:GetObject"`, "*"},
		{"", account, `"s*:GetObject"`, "*"},
		{"", account, `"GetObject"`, "*"},
		{"", account, `"${service}:GetObject"`, "*"},
		{"", `"*"`, `"*"`, "*"},
		{"", `"*"`, `"*"`, "arn:aws:*:::b"},
		{"", `"*"`, `[]`, "*"},
		{"", account, `"s3express:CreateSession"`, "*"},
		{"", account, `"s3:GetObject"`, "arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/*"},
	} {
		text := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", `
		if c.principal != "" {
			text += `"Principal": ` + c.principal + ", "
		}
		if c.resource != "" {
			text += fmt.Sprintf(`"Resource": %q, `, c.resource)
		}
		text += `"Action": ` + c.action + "}]}"
		f, err := Parse("a.json", text)
		var got string
		for _, n := range f.Neighbours {
			got = n.Kind
		}
		if want := c.kind; err != nil || got != want || (len(f.Items) == 0) != (want != "") {
			t.Errorf("%s: %q, want %q (%v)", text, got, want, err)
		}
	}
}

// TestNeighboursByTheHundred does so with documents of 39 kinds, each made by the page of AWS's documentation beside it.
func TestNeighboursByTheHundred(t *testing.T) {
	text, err := os.ReadFile("testdata/neighbours.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	count, kinds := 0, map[string]bool{}
	for line := range strings.Lines(string(text)) {
		var c struct {
			Kind, Source string
			Policy       json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		count++
		kinds[c.Kind] = true
		f, err := Parse("a.json", string(c.Policy))
		if err != nil || len(f.Neighbours) != 1 || f.Neighbours[0].Kind != c.Kind {
			t.Errorf("%s (%s): %+v, want %s (%v)", c.Policy, c.Source, f.Neighbours, c.Kind, err)
		}
	}
	if count < 100 || len(kinds) < 20 {
		t.Errorf("%d documents of %d kinds", count, len(kinds))
	}
}

// TestNeighboursByShape holds what whole statements say.
func TestNeighboursByShape(t *testing.T) {
	const of, deny = `"Principal": {"AWS": "arn:aws:iam::111122223333:root"}`, `"Effect": "Deny", "Principal": "*", "Resource": "*"`
	for statement, want := range map[string]string{
		`{` + deny + `, "Action": ["s3:*", "sqs:*", "sts:AssumeRole"], "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}`:           "a resource control policy",
		`{"Effect": "Deny", "Principal": {"AWS": "*"}, "Resource": ["*"], "Action": "s3:*"}`:                                                                "a resource control policy",
		`{` + deny + `, "Action": "s3:*"}, {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}`:                                        "",
		`{"Effect": "Deny", "Principal": "*", "Resource": ["*", "arn:aws:s3:::b"], "Action": "s3:*"}`:                                                       "",
		`{"Effect": "Deny", "Principal": "*", "Resource": "arn:aws:s3:::b", "Action": "s3:*"}`:                                                              "",
		`{"Effect": "Deny", ` + of + `, "Resource": "*", "Action": "s3:*"}`:                                                                                 "",
		`{"Effect": "Deny", "Resource": "*", "Action": "s3:*"}`:                                                                                             "",
		`{"Effect": "Deny", ` + of + `, "NotAction": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`:                             "a policy of SQS",
		`{"Effect": "Allow", ` + of + `, "NotAction": "kms:Decrypt", "Resource": "*"}, {"Effect": "Allow", ` + of + `, "Action": "kms:*", "Resource": "*"}`: "a policy of KMS",
		`{"Effect": "Allow", ` + of + `, "NotAction": "kms:Decrypt", "Resource": "arn:aws:s3:::b/*"}`:                                                       "",
		`{"Effect": "Allow", ` + of + `, "NotAction": "s3:GetObject", "Resource": "*"}`:                                                                     "",
		`{"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}`:                                                                             "",
		`{"Effect": "Allow", ` + of + `, "Action": "s3:GetDataAccess", "Resource": "arn:aws:s3:eu-west-1:111122223333:access-grants/default"}`:              "a policy of S3 Access Grants",
		`{"Effect": "Allow", ` + of + `, "Action": "s3:*", "Resource": ["arn:aws:s3:eu-west-1:111122223333:access-grants/default", "arn:aws:s3:::b"]}`:      "",
	} {
		f, err := Parse("a.json", `{"Version": "2012-10-17", "Statement": [`+statement+`]}`)
		got := ""
		for _, n := range f.Neighbours {
			got = n.Kind
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", statement, got, want, err)
		}
	}
}

// FuzzNeighbour holds that a document is either judged or said to be skipped, and that one about a bucket is judged.
func FuzzNeighbour(f *testing.F) {
	f.Add("sqs:SendMessage", "*")
	f.Add("s3:GetObject", "arn:aws:s3:::b/*")
	f.Add("*", "arn:aws:sns:::t")
	f.Fuzz(func(t *testing.T, action, resource string) {
		text := fmt.Sprintf(`{"Statement": {"Action": %q, "Resource": %q}}`, action, resource)
		file, err := Parse("a.json", text)
		if err != nil {
			return
		}
		if len(file.Items)+len(file.Neighbours) != 1 {
			t.Errorf("%s: %d items, %d neighbours", text, len(file.Items), len(file.Neighbours))
		}
		if strings.HasPrefix(action, "s3:") && len(file.Neighbours) > 0 {
			t.Errorf("%s is skipped", text)
		}
	})
}

// TestVersions holds that every version in docs/kinds.md is known, which the CRDs of the samples make.
func TestVersions(t *testing.T) {
	page, err := os.ReadFile("../../../docs/kinds.md")
	if err != nil {
		t.Fatal(err)
	}
	groups := regexp.MustCompile("`([a-z0-9.]+)` ((?:v[0-9][a-z0-9]*(?:, )?)+)")
	found := map[string]int{}
	for _, m := range groups.FindAllStringSubmatch(string(page), -1) {
		i := slices.IndexFunc(slices.Concat(source.All(), source.Identities()), func(s source.Source) bool { return s.Group == m[1] })
		if i < 0 {
			t.Errorf("no kind is of %s", m[1])
			continue
		}
		provider := slices.Concat(source.All(), source.Identities())[i].Provider
		for v := range strings.SplitSeq(strings.Trim(m[2], ", "), ", ") {
			found[v]++
			if !slices.Contains(versions[provider], v) {
				t.Errorf("%s/%s is not known", m[1], v)
			}
		}
	}
	if found["v1beta2"] == 0 || found["v1alpha1"] == 0 {
		t.Errorf("found only %v", found)
	}
}
