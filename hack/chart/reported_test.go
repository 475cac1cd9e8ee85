//go:build e2e

package main

import (
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// What stands in the cluster: both are warned of at first. An update makes them harmless.
const (
	standing = `{apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, metadata: {name: reported, namespace: default}, spec: {name: reported, policy: '%s'}}`
	global   = `{apiVersion: s3.aws.upbound.io/v1beta1, kind: BucketPolicy, metadata: {name: reported}, spec: {forProvider: {bucket: reported, region: eu-west-1, policy: '%s'}}}`
	wide     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":["arn:aws:s3:::reported","arn:aws:s3:::reported/*"]}]}`
	narrow   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::reported/*"}]}`
)

// reported shows that what is there is told of: in a report on each object, which follows it, and in the status of the
// Rulesets and Exemptions that decide.
func reported(t *testing.T) {
	t.Helper()
	written := []*unstructured.Unstructured{
		create(t, `{apiVersion: bucketwarden.dev/v1alpha1, kind: Ruleset, metadata: {name: reported}, spec: {level: baseline}}`),
		create(t, `{apiVersion: bucketwarden.dev/v1alpha1, kind: Exemption, metadata: {name: reported}, spec: {match: {names: [nothing]}, rules: [BW701], reason: to be told of}}`),
	}
	for _, obj := range written {
		eventually(t, "the status of the "+obj.GetKind(), func() error {
			err := suite.client.Get(t.Context(), client.ObjectKeyFromObject(obj), obj)
			if conditions, _, _ := unstructured.NestedSlice(obj.Object, "status", "conditions"); err != nil || len(conditions) == 0 {
				return fmt.Errorf("it is %v, %w", obj.Object["status"], err)
			}
			return nil
		})
	}
	for kind, text := range map[string]string{"Report": standing, "ClusterReport": global} {
		obj := create(t, fmt.Sprintf(text, wide))
		before := toldOf(t, obj, kind, nil)
		patch := parse(t, fmt.Sprintf(text, narrow))
		if err := suite.client.Patch(t.Context(), patch, client.Merge); err != nil {
			t.Fatal(err)
		}
		toldOf(t, obj, kind, before)
		if err := suite.client.Delete(t.Context(), obj); err != nil { // before the other one comes to the same bucket
			t.Fatal(err)
		}
		kubectl(t, "delete", kind, "--all") // nobody here collects garbage
	}
	for _, obj := range written {
		if err := suite.client.Delete(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
}

// toldOf waits for a report on an object that sums up something else than before.
func toldOf(t *testing.T, obj *unstructured.Unstructured, kind string, before map[string]any) map[string]any {
	t.Helper()
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(schema.GroupVersionKind{Group: "openreports.io", Version: "v1alpha1", Kind: kind})
	var now map[string]any
	eventually(t, "another "+kind, func() error {
		if err := suite.client.List(t.Context(), list); err != nil || len(list.Items) != 1 {
			return fmt.Errorf("there are %d, %w", len(list.Items), err)
		}
		now, _, _ = unstructured.NestedMap(list.Items[0].Object, "summary")
		if fmt.Sprint(now) == fmt.Sprint(before) {
			return fmt.Errorf("%s is told of as %v", obj.GetName(), now)
		}
		return nil
	})
	return now
}

func parse(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	obj := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), obj); err != nil {
		t.Fatal(err)
	}
	return obj
}

func create(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	obj := parse(t, text)
	if err := suite.client.Create(t.Context(), obj); err != nil {
		t.Fatal(err)
	}
	return obj
}
