package source

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestRoles(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/a"
	pods := func(version, kind, name string) string {
		return fmt.Sprintf(`{apiVersion: %s, kind: %s, metadata: {name: %s, annotations: {eks.amazonaws.com/role-arn: "%s"}}}`, version, kind, name, role)
	}
	for _, tt := range []struct{ text, want string }{
		{`{apiVersion: v1, kind: ConfigMap, metadata: {name: ack-role-account-map}, data: {"111122223333": "` + role + `", "1": x, "2": 7}}`,
			"account 111122223333 " + role},
		{`{apiVersion: v1, kind: ConfigMap, metadata: {name: ack-role-team-map}, data: {b: "` + role + `", a: "` + role + `"}}`,
			"team a " + role + ", team b " + role},
		{`{apiVersion: v1, kind: ConfigMap, metadata: {name: other}, data: {a: "` + role + `"}}`, ""},
		{`{apiVersion: v1, kind: ConfigMap, metadata: {name: ack-role-team-map}, data: []}`, ""},
		{pods("v1", "ServiceAccount", "ack-s3-controller"), "pod ack " + role},
		{pods("v1", "ServiceAccount", "ack-iam-controller"), ""},
		{pods("v1", "ServiceAccount", "provider-aws"), "pod crossplane " + role},
		{pods("v1", "ServiceAccount", "provider-aws-0a1b2c3d4e5f"), "pod crossplane " + role},
		{pods("v1", "ServiceAccount", "upbound-provider-aws-s3-0a1b2c3d4e5f"), "pod crossplane " + role},
		{pods("v1", "ServiceAccount", "upbound-provider-aws-iam-0a1b2c3d4e5f"), ""},
		{pods("v1", "ServiceAccount", "web"), ""},
		{pods("v1", "Pod", "ack-s3-controller"), ""},
		{pods("pkg.crossplane.io/v1alpha1", "ControllerConfig", "irsa"), "pod crossplane " + role},
		{pods("pkg.crossplane.io/v1alpha1", "ControllerConfig", "provider-aws-ec2"), ""},
		{`{apiVersion: pkg.crossplane.io/v1beta1, kind: DeploymentRuntimeConfig, metadata: {name: irsa}, spec: {serviceAccountTemplate: {metadata: {annotations: {eks.amazonaws.com/role-arn: "` + role + `"}}}}}`,
			"pod crossplane " + role},
		{strings.ReplaceAll(pods("v1", "ServiceAccount", "provider-aws"), "role/a", "user/a"), ""},
		{"{}", ""},
	} {
		var got []string
		for actor, arn := range Roles(decode(t, []byte("object: "+tt.text))["object"].(map[string]any)) {
			got = append(got, fmt.Sprint(actor.Kind, " ", actor.ID, " ", arn))
		}
		slices.Sort(got)
		if all := strings.Join(got, ", "); all != tt.want {
			t.Errorf("%s\n%q, want %q", tt.text, all, tt.want)
		}
	}
}

func TestConfigActor(t *testing.T) {
	for spec, want := range map[string]bool{
		`{credentials: {source: IRSA}}`:        true,
		`{credentials: {source: PodIdentity}}`: true,
		`{credentials: {source: IRSA}, assumeRoleChain: [{roleARN: "arn:aws:iam::111122223333:role/a"}]}`: false,
		`{credentials: {source: IRSA}, assumeRoleChain: [{}]}`:                                            false,
		`{credentials: {source: Secret}}`:                                                                 false,
		`7`:                                                                                               false,
	} {
		if _, got := ConfigActor(decode(t, []byte("spec: "+spec))); got != want {
			t.Errorf("%s: %v", spec, got)
		}
	}
}

// FuzzRoles reads any object for roles: what is found is the ARN of a role.
func FuzzRoles(f *testing.F) {
	f.Add(`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ack-role-account-map"}, "data": {"111122223333": "arn:aws:iam::111122223333:role/a"}}`)
	f.Add(`{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "provider-aws-s3-1", "annotations": {"eks.amazonaws.com/role-arn": 7}}}`)
	f.Add(`{"apiVersion": "services.k8s.aws/v1alpha1", "kind": "IAMRoleSelector", "spec": {"arn": "arn:aws:iam::111122223333:role/a", "namespaceSelector": [], "resourceTypeSelector": [7]}}`)
	f.Add(`{"spec": {"credentials": {"source": "IRSA"}, "assumeRoleChain": [{}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var obj map[string]any
		if json.Unmarshal([]byte(text), &obj) != nil {
			return
		}
		arns := []string{ConfigRole(obj)}
		for _, arn := range Roles(obj) {
			arns = append(arns, arn)
		}
		if s, ok := ReadRoleSelector(obj); ok {
			arns = append(arns, s.ARN)
		}
		for i, arn := range arns {
			if RoleAccount(arn) == "" && (i > 0 || arn != "") {
				t.Errorf("%q is no role", arn)
			}
		}
	})
}
