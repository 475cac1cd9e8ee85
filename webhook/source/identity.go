package source

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Identities returns every kind that holds policies of users, roles and groups, ordered by provider. Its elements are not to
// be changed. They name no bucket of their own: the documents do, any number of them. The trust policy of a role is about
// who may take it on, and is not read.
func Identities() []Source {
	return slices.Concat(ackIdentities(), twice(upboundIdentities()), classicIdentities())
}

// OnIdentity reports whether the kind's policies belong to users, roles or groups, not to a bucket or an access point.
func (s Source) OnIdentity() bool {
	return len(s.Policies) > 0 && len(s.Bucket)+len(s.AccessPoint) == 0
}

// ackIdentities: the controller decodes an inline policy before it sends it, and a managed one it does not.
//
// https://github.com/aws-controllers-k8s/iam-controller/blob/v1.8.1/pkg/resource/role/hooks.go
func ackIdentities() []Source {
	const status = "/status/ackResourceMetadata/"
	var out []Source
	for _, s := range []Source{
		{Kind: "Policy", Plural: "policies", Policies: []PolicyField{{Pointer: "/spec/policyDocument"}}},
		{Kind: "Role", Plural: "roles"}, {Kind: "User", Plural: "users"}, {Kind: "Group", Plural: "groups"},
	} {
		if s.Policies == nil {
			s.Policies = []PolicyField{{Pointer: "/spec/inlinePolicies", Encoding: URL, Named: true}}
		}
		s.Group, s.Namespaced, s.Provider = "iam.services.k8s.aws", true, ACK
		s.Account, s.Partition, s.ARN = []string{status + "ownerAccountID"}, []string{status + "partition"}, []string{status + "arn"}
		out = append(out, s)
	}
	return out
}

func upboundIdentities() []Source {
	policies := func(field string) []PolicyField {
		names := both(field)
		return []PolicyField{{Pointer: names[0]}, {Pointer: names[1]}}
	}
	arn := []string{"/status/atProvider/arn"}
	return []Source{
		{Group: "iam", Kind: "Policy", Plural: "policies", Policies: policies("policy"), ARN: arn},
		{Group: "iam", Kind: "Role", Plural: "roles", Policies: policies("inlinePolicy/policy"), ARN: arn},
		{Group: "iam", Kind: "RolePolicy", Plural: "rolepolicies", Policies: policies("policy")},
	}
}

// classicIdentities: a Role of this provider has no policy but the trust policy.
func classicIdentities() []Source {
	const document = "/spec/forProvider/document"
	return []Source{
		{
			Group: "iam.aws.crossplane.io", Kind: "Policy", Plural: "policies", Provider: Classic,
			Policies: []PolicyField{{Pointer: document}}, ARN: []string{"/status/atProvider/arn"},
		},
		{
			Group: "iam.aws.crossplane.io", Kind: "RolePolicy", Plural: "rolepolicies", Provider: Classic,
			Policies: []PolicyField{{Pointer: document, Encoding: Object}},
		},
	}
}

// object fills e from a document that is an object. The schema lets anything else stand there, which the provider refuses.
func (e *Embedded) object(n node) {
	object, ok := n.value.(map[string]any)
	if !ok {
		e.Err = &FieldError{n.pointer, describe(n.value) + " stands where an object belongs"}
		return
	}
	raw, _ := json.Marshal(object) // it was decoded from JSON
	e.Structured, e.Raw = object, string(raw)
}

// decode fills e from a text as the provider decodes it: a + becomes a space in any text, also in one that is plain JSON.
func (e *Embedded) decode(text string) {
	raw, err := url.QueryUnescape(text)
	if err != nil {
		e.Err = &FieldError{e.Pointer, "the provider decodes it as URL-encoded and fails, " + err.Error() + "; write % as %25"}
		return
	}
	e.Encoded, e.Raw = text, raw
}

// Text returns what the field of a JSON or URL document holds.
func (e Embedded) Text() string {
	if e.Encoding == URL {
		return e.Encoded
	}
	return e.Raw
}

// Encode returns what the field has to hold for the provider to send another document: a text that is encoded as a whole stays
// so, and of one that is not only what has to be is.
func (e Embedded) Encode(document string) string {
	switch {
	case e.Encoding != URL:
		return document
	case strings.HasPrefix(strings.TrimLeft(e.Encoded, " \t\r\n"), "{"):
		return strings.NewReplacer("%", "%25", "+", "%2B").Replace(document)
	}
	return url.QueryEscape(document)
}

// ByField reports whether each part of the document has a field of its own, where a person finds it and a patch removes it.
func (e Embedded) ByField() bool { return e.Encoding == Structured || e.Encoding == Object }

// member is PatchPointer for an Object document.
func (e Embedded) member(docPath string) (pointer string, ok bool) {
	n := node{e.Structured, e.Pointer}
	for docPath != "" {
		step, rest, ok := cutStep(docPath)
		if !ok {
			return "", false
		}
		n = n.step(step)
		if n.value == nil {
			return "", false
		}
		docPath = rest
	}
	return n.pointer, true
}

// step goes from n to one of its members (a string) or elements (an int). Index 0 of what is no list is n itself.
func (n node) step(to any) node {
	if name, ok := to.(string); ok {
		return n.key(name)
	}
	i := 0
	for item := range n.items() {
		if i == to {
			return item
		}
		i++
	}
	return node{}
}
