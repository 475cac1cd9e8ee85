package certs

import (
	"fmt"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// configuration is one of the two.
type configuration struct {
	kind string
	client.Object
}

// configurations returns both, still to be read.
func configurations(name string) []configuration {
	meta := metav1.ObjectMeta{Name: name}
	return []configuration{
		{"mutating", &admissionregistration.MutatingWebhookConfiguration{ObjectMeta: meta}},
		{"validating", &admissionregistration.ValidatingWebhookConfiguration{ObjectMeta: meta}},
	}
}

// caller is how the API server calls one webhook.
type caller struct {
	webhook string
	*admissionregistration.WebhookClientConfig
}

func (c configuration) callers() []caller {
	var out []caller
	switch o := c.Object.(type) {
	case *admissionregistration.MutatingWebhookConfiguration:
		for i := range o.Webhooks {
			out = append(out, caller{o.Webhooks[i].Name, &o.Webhooks[i].ClientConfig})
		}
	case *admissionregistration.ValidatingWebhookConfiguration:
		for i := range o.Webhooks {
			out = append(out, caller{o.Webhooks[i].Name, &o.Webhooks[i].ClientConfig})
		}
	}
	return out
}

// trusts returns what is in force. A configuration that does not exist verifies nothing.
func (c configuration) trusts(exists bool) []trust {
	if !exists {
		return []trust{{where: fmt.Sprintf("the missing %s webhook configuration %q", c.kind, c.GetName())}}
	}
	var out []trust
	for _, call := range c.callers() {
		where := fmt.Sprintf("the caBundle of %s in the %s webhook configuration %q", call.webhook, c.kind, c.GetName())
		out = append(out, trust{where, parse(call.CABundle)})
	}
	return out
}
