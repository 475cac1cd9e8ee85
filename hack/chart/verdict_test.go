//go:build e2e

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Statements of a policy. The first is nothing to anybody, the second loses the action that sets ACLs, restricted alone
// refuses the third.
const (
	reads   = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/reader"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::judged/*"}`
	setsACL = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/writer"},"Action":["s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:aws:s3:::judged/*"}`
	anyVerb = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/owner"},"Action":"s3:*","Resource":["arn:aws:s3:::judged","arn:aws:s3:::judged/*"]}`
)

// asker sends policies in a dry-run, and writes down what it is warned of.
type asker struct {
	client.Client
	heard []string
}

func newAsker(t *testing.T) *asker {
	t.Helper()
	a := &asker{}
	config := rest.CopyConfig(suite.Config)
	config.WarningHandler = a
	c, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a.Client = c
	return a
}

// HandleWarningHeader implements rest.WarningHandler.
func (a *asker) HandleWarningHeader(_ int, _, text string) { a.heard = append(a.heard, text) }

// ask sends a policy of one statement, and returns the policy that would be stored.
func (a *asker) ask(t *testing.T, statement string) (string, error) {
	a.heard = nil
	obj := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{
		"name": "judged",
		"policy": `{"Version":"2012-10-17","Statement":[` + statement + `,{"Effect":"Deny","Principal":"*","Action":"s3:*",` +
			`"Resource":["arn:aws:s3:::judged","arn:aws:s3:::judged/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`,
		"ownershipControls": map[string]any{"rules": []any{map[string]any{"objectOwnership": "BucketOwnerEnforced"}}},
		"publicAccessBlock": map[string]any{
			"blockPublicACLs": true, "blockPublicPolicy": true, "ignorePublicACLs": true, "restrictPublicBuckets": true,
		},
	}}}
	obj.SetGroupVersionKind(public("default").GroupVersionKind())
	obj.SetName("judged")
	obj.SetNamespace("default")
	err := a.Create(t.Context(), obj, client.DryRunAll)
	policy, _, _ := unstructured.NestedString(obj.Object, "spec", "policy")
	return policy, err
}

// judges shows what the gate does by the settings that it was installed with: at restricted it answers 422.
func judges(t *testing.T, restricted bool) {
	t.Helper()
	a := newAsker(t)
	eventually(t, "what is too wide to be judged as the level has it", func() error {
		_, err := a.ask(t, anyVerb)
		warned := slices.ContainsFunc(a.heard, func(w string) bool { return strings.HasPrefix(w, "BW701 ") })
		if restricted && apierrors.IsInvalid(err) && strings.Contains(err.Error(), "BW701") || !restricted && err == nil && warned {
			return nil
		}
		return fmt.Errorf("answered %w, with warnings %q", err, a.heard)
	})
	if _, err := a.ask(t, reads); err != nil || len(a.heard) > 0 {
		t.Errorf("what is harmless is answered %v, with warnings %q", err, a.heard)
	}
	if stored, err := a.ask(t, setsACL); err != nil || strings.Contains(stored, "PutObjectAcl") || !strings.Contains(stored, "s3:PutObject") {
		t.Errorf("what sets ACLs is answered %v, and stored as %s", err, stored)
	}
}

// judgesRoles shows that the policies of roles are judged: one that may do everything, and one that may set ACLs where the bucket
// has none.
func judgesRoles(t *testing.T) {
	t.Helper()
	bucket := create(t, `{apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, metadata: {name: public, namespace: default}, spec: {
		name: public, ownershipControls: {rules: [{objectOwnership: BucketOwnerEnforced}]},
		publicAccessBlock: {blockPublicACLs: true, blockPublicPolicy: true, ignorePublicACLs: true, restrictPublicBuckets: true}}}`)
	send := func(statement string) (string, error) {
		role := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{
			"name": "app", "assumeRolePolicyDocument": "{}",
			"inlinePolicies": map[string]any{"s3": `{"Version":"2012-10-17","Statement":[` + statement + `]}`},
		}}}
		role.SetAPIVersion("iam.services.k8s.aws/v1alpha1")
		role.SetKind("Role")
		role.SetName("app")
		role.SetNamespace("default")
		err := suite.client.Create(t.Context(), role, client.DryRunAll)
		stored, _, _ := unstructured.NestedString(role.Object, "spec", "inlinePolicies", "s3")
		return stored, err
	}
	eventually(t, "a role that may do everything to be refused", func() error {
		if _, err := send(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`); err == nil || !strings.Contains(err.Error(), "BW701") {
			return fmt.Errorf("the answer is: %w", err)
		}
		return nil
	})
	eventually(t, "a role to lose what sets ACLs where there are none", func() error {
		stored, err := send(`{"Effect":"Allow","Action":["s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:aws:s3:::public/*"}`)
		if err != nil || strings.Contains(stored, "PutObjectAcl") || !strings.Contains(stored, "s3:PutObject") {
			return fmt.Errorf("answered %w, and stored as %s", err, stored)
		}
		return nil
	})
	toldOf(t, bucket, "Report", nil)
	if err := suite.client.Delete(t.Context(), bucket); err != nil {
		t.Fatal(err)
	}
	kubectl(t, "delete", "report", "--all") // nobody here collects garbage
}
