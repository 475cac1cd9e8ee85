package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// buckets is a cluster with these.
type buckets []map[string]any

func (b buckets) List(_ context.Context, kind schema.GroupKind, each func(object map[string]any)) error {
	for _, object := range b {
		if inventory.KeyOf(object).GroupKind == kind {
			each(object)
		}
	}
	return nil
}

// bucket is one whose policy allows an action to a role, as an ACK Bucket without ACLs.
func bucket(name, actions string) map[string]any {
	return map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": map[string]any{"name": name, "namespace": "team-a"},
		"spec": map[string]any{
			"name":              "logs",
			"ownershipControls": map[string]any{"rules": []any{map[string]any{"objectOwnership": "BucketOwnerEnforced"}}},
			"policy": `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, ` +
				`"Action": [` + actions + `], "Resource": "arn:aws:s3:::logs/*"}]}`,
		},
	}
}

func TestDriftOutput(t *testing.T) {
	const setsACL, setsNone = `"s3:PutObject", "s3:PutObjectAcl"`, `"s3:PutObject"`
	live, other := bucket("logs", setsACL), bucket("applied", setsNone)
	note, err := json.Marshal(bucket("applied", setsACL))
	if err != nil {
		t.Fatal(err)
	}
	other["metadata"].(map[string]any)["annotations"] = map[string]any{"kubectl.kubernetes.io/last-applied-configuration": string(note)}
	live["metadata"].(map[string]any)["labels"] = map[string]any{"argocd.argoproj.io/instance": "storage"}
	s, err := files.ReadStanding(t.Context(), io.Discard, buckets{live, other})
	if err != nil {
		t.Fatal(err)
	}
	d := s.Drifted(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Baseline}, "")

	var text, encoded bytes.Buffer
	if err := errors.Join(WriteDrift(&text, d), WriteDriftJSON(&encoded, d)); err != nil {
		t.Fatal(err)
	}
	want := `OBJECT                 SEEN IN       RULES  MANAGED BY
Bucket team-a/logs     live          BW301  Argo CD application storage
Bucket team-a/applied  last applied  BW301  -

2 objects: 1 to patch as they are, 1 as they were last applied
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
	var got struct {
		APIVersion, Kind string
		Items            []struct {
			Object    objectOutput
			ManagedBy []string
			Findings  []struct{ Rule, Action, Field string }
			Patch     []struct{ Op, Path string }
		}
		Summary driftSummaryOutput
	}
	if err := json.Unmarshal(encoded.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprint(got)
	const rest = "[{BW301 Patch spec.policy}] [{test /spec/policy} {replace /spec/policy}]}"
	if want := "{bucketwarden.dev/v1alpha1 Drift [" +
		"{{s3.services.k8s.aws/v1alpha1 Bucket team-a logs} [Argo CD application storage] " + rest +
		" {{s3.services.k8s.aws/v1alpha1 Bucket team-a applied} [] " + rest + "] {2 1 1}}"; shown != want {
		t.Errorf("got  %s\nwant %s", shown, want)
	}
}
