package source

import "testing"

func TestConfigRole(t *testing.T) {
	tests := []struct{ name, spec, want string }{
		{"a pod's own role", "{credentials: {source: IRSA}}", ""},
		{"the last of a chain", `{credentials: {source: WebIdentity, webIdentity: {roleARN: "arn:aws:iam::111111111111:role/a"}}, assumeRoleChain: [{roleARN: "arn:aws:iam::222222222222:role/b"}, {roleARN: "arn:aws-cn:iam::333333333333:role/path/c"}]}`, "333333333333"},
		{"a chain that ends nowhere", `{credentials: {source: WebIdentity, webIdentity: {roleARN: "arn:aws:iam::111111111111:role/a"}}, assumeRoleChain: [{roleARN: "arn:aws:iam::222222222222:role/b"}, {externalID: x}]}`, ""},
		{"an empty chain", `{credentials: {source: WebIdentity, webIdentity: {roleARN: "arn:aws:iam::111111111111:role/a"}}, assumeRoleChain: []}`, "111111111111"},
		{"a web identity of another source", `{credentials: {source: Secret, webIdentity: {roleARN: "arn:aws:iam::111111111111:role/a"}}}`, ""},
		{"Upbound's identity", `{credentials: {source: Upbound, upbound: {webIdentity: {roleARN: "arn:aws-us-gov:iam::111111111111:role/a"}}}}`,
			"111111111111"},
		{"classic", `{credentials: {source: Secret}, assumeRole: {roleARN: "arn:aws:iam::111111111111:role/a"}, assumeRoleARN: "arn:aws:iam::222222222222:role/b"}`, "111111111111"},
		{"classic, deprecated", `{credentials: {source: Secret}, assumeRole: {externalID: x}, assumeRoleARN: "arn:aws:iam::222222222222:role/b"}`,
			"222222222222"},
		{"classic, nowhere", `{credentials: {source: InjectedIdentity}, assumeRole: {externalID: x}, assumeRoleWithWebIdentity: {roleARN: "arn:aws:iam::111111111111:role/a"}}`, ""},
		{"classic, web identity", `{credentials: {source: InjectedIdentity}, assumeRoleWithWebIdentity: {roleARN: "arn:aws:iam::111111111111:role/a"}}`,
			"111111111111"},
		{"eleven digits", `{assumeRoleARN: "arn:aws:iam::11111111111:role/a"}`, ""},
		{"thirteen digits", `{assumeRoleARN: "arn:aws:iam::1111111111111:role/a"}`, ""},
		{"letters", `{assumeRoleARN: "arn:aws:iam::11111111111a:role/a"}`, ""},
		{"a user", `{assumeRoleARN: "arn:aws:iam::111111111111:user/a"}`, ""},
		{"a session", `{assumeRoleARN: "arn:aws:sts::111111111111:assumed-role/a/b"}`, ""},
		{"no name", `{assumeRoleARN: "arn:aws:iam::111111111111:role/"}`, ""},
		{"a line more", `{assumeRoleARN: "arn:aws:iam::111111111111:role/a\nx"}`, ""},
		{"no text", `{assumeRoleARN: 111111111111}`, ""},
		{"no spec", "7", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := RoleAccount(ConfigRole(decode(t, []byte("spec: "+tt.spec)))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := ConfigRole(nil); got != "" {
		t.Errorf("got %q of nothing", got)
	}
}
