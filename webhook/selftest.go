package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Outcome is what came of an attempt.
type Outcome string

// The outcomes.
const (
	Refused Outcome = "refused" // by our webhook
	LetIn   Outcome = "let in"
	Untried Outcome = "untried" // something else was in the way
)

// Attempt is one attempt to create an object with a public policy.
type Attempt struct {
	Kind    schema.GroupVersionKind
	Outcome Outcome
	Answer  string // of the API server, on one line; "" when it let the object in
}

// SelfTest tries to create, by server-side dry runs, an object with a public policy of every kind of these providers that
// can carry one and that the API server serves. Objects of namespaced kinds are tried in namespace. Nothing is created.
func SelfTest(ctx context.Context, c client.Client, namespace string, providers []source.Provider) ([]Attempt, error) {
	var out []Attempt
	for _, s := range source.All() {
		if len(s.Policies) == 0 || !slices.Contains(providers, s.Provider) {
			continue
		}
		mapping, err := c.RESTMapper().RESTMapping(s.GroupKind())
		if meta.IsNoMatchError(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking for %s: %w", s.GroupKind(), err)
		}
		out = append(out, attempt(ctx, c, publicObject(s, mapping.GroupVersionKind, namespace)))
	}
	return out, nil
}

// reviewName is the name of the webhook that refuses.
const reviewName = "review.bucketwarden.dev"

// denied is how the API server begins a refusal of the reviewing webhook.
const denied = `admission webhook "` + reviewName + `" denied the request: `

func attempt(ctx context.Context, c client.Client, obj *unstructured.Unstructured) Attempt {
	out := Attempt{Kind: obj.GroupVersionKind()}
	err := c.Create(ctx, obj, client.DryRunAll)
	if err == nil {
		out.Outcome = LetIn
		return out
	}
	out.Outcome, out.Answer = Untried, strings.Join(strings.Fields(err.Error()), " ")
	var status apierrors.APIStatus
	if errors.As(err, &status) && slices.Contains([]int32{http.StatusForbidden, http.StatusUnprocessableEntity}, status.Status().Code) {
		if text, ok := strings.CutPrefix(out.Answer, denied); ok {
			out.Outcome, out.Answer = Refused, text
		}
	}
	return out
}

// What the objects of SelfTest say.
const (
	selfTestName     = "bucketwarden-selftest"
	selfTestRegion   = "us-east-1"
	selfTestAccount  = "111122223333"
	selfTestARN      = "arn:aws:s3:" + selfTestRegion + ":" + selfTestAccount + ":accesspoint/" + selfTestName
	selfTestDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"%s","Resource":"%s"}]}`
)

// publicObject makes an object that lets everybody read, with what the CRDs ask for: names, region and account.
func publicObject(s source.Source, kind schema.GroupVersionKind, namespace string) *unstructured.Unstructured {
	obj := &unstructured.Unstructured{Object: map[string]any{}}
	obj.SetGroupVersionKind(kind)
	obj.SetName(selfTestName)
	if s.Namespaced {
		obj.SetNamespace(namespace)
	}
	action, resource := "s3:GetObject", "arn:aws:s3:::"+selfTestName+"/*"
	if n, ok := catalog.LookupNeighbour(s.Service); ok {
		for action = range n.Actions(catalog.Read) {
			break
		}
		resource = "*"
	} else if s.OnAccessPoint() {
		resource = selfTestARN + "/object/*"
	}
	fill(obj, s.Policies[0].Pointer, publicPolicy(s.Policies[0].Encoding, action, resource))
	for value, fields := range map[string][]string{selfTestRegion: s.Region, selfTestAccount: s.Account} {
		if len(fields) > 0 {
			fill(obj, fields[0], value)
		}
	}
	for _, names := range [][]source.NameField{s.Bucket, s.AccessPoint} {
		if len(names) == 0 {
			continue
		}
		name := selfTestName
		if slices.Contains(s.ARN, names[0].Literal) {
			name = selfTestARN
		}
		fill(obj, names[0].Literal, name)
	}
	return obj
}

func publicPolicy(encoding source.Encoding, action, resource string) any {
	if encoding == source.JSON {
		return fmt.Sprintf(selfTestDocument, action, resource)
	}
	return map[string]any{"version": "2012-10-17", "statements": []any{map[string]any{
		"effect": "Allow", "principal": map[string]any{"allowAnon": true},
		"action": []any{action}, "resource": []any{resource},
	}}}
}

// fill sets a field of the spec; what stands elsewhere is for others to fill in.
func fill(obj *unstructured.Unstructured, pointer string, value any) {
	path := strings.Split(pointer, "/")[1:]
	if path[0] == "spec" {
		_ = unstructured.SetNestedField(obj.Object, value, path...) // fails on what is no object, and all are
	}
}
