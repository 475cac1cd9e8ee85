package inventory

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

func config(kind, name, account string) m {
	return object(kind, name, m{"assumeRoleChain": []any{m{"roleARN": "arn:aws:iam::" + account + ":role/crossplane"}}})
}

const (
	upboundConfig    = "aws.upbound.io/v1beta1 ProviderConfig"
	namespacedConfig = "aws.m.upbound.io/v1beta1 ProviderConfig"
	clusterConfig    = "aws.m.upbound.io/v1beta1 ClusterProviderConfig"
	classicConfig    = "aws.crossplane.io/v1beta1 ProviderConfig"
	roleSelector     = "services.k8s.aws/v1alpha1 IAMRoleSelector"
)

// TestOwner lists what is known of a bucket's owner.
func TestOwner(t *testing.T) {
	const one, two = "111111111111", "222222222222"
	plain := m{"forProvider": m{"bucket": "logs"}}
	by := func(ref m) m { return m{"forProvider": m{"bucket": "logs"}, "providerConfigRef": ref} }
	observed := m{"forProvider": m{"bucket": "logs"}, "managementPolicies": []any{"Observe"}}
	ack := object(ackBucket, "team/logs", m{"name": "logs"})
	owned := object(ackBucket, "team/logs", m{"name": "logs"})
	owned["status"] = m{"ackResourceMetadata": m{"ownerAccountID": one}}
	claimed := object(ackBucket, "team/logs", m{"name": "logs"})
	claimed["metadata"].(m)["annotations"] = m{source.OwnerAnnotation: one}
	tests := []struct {
		name   string
		object m
		beside []m // a Namespace is known by its annotation
		want   string
	}{
		{"default", object(upboundPolicy, "p", plain), []m{config(upboundConfig, "default", one)}, one + " (ProviderConfig default (role ARN))"},
		{"another", object(upboundPolicy, "p", by(m{"name": "b"})), []m{config(upboundConfig, "default", one)}, ""},
		{"by name", object(upboundPolicy, "p", by(m{"name": "b"})), []m{config(upboundConfig, "b", one)}, one + " (ProviderConfig b (role ARN))"},
		{"namespaced, by default", object(namespacedPolicy, "team/p", plain),
			[]m{config(clusterConfig, "default", one), config(namespacedConfig, "team/default", two)},
			one + " (ClusterProviderConfig default (role ARN))"},
		{"in the namespace", object(namespacedPolicy, "team/p", by(m{"kind": "ProviderConfig", "name": "default"})),
			[]m{config(clusterConfig, "default", one), config(namespacedConfig, "team/default", two), config(namespacedConfig, "other/default", one)},
			two + " (ProviderConfig team/default (role ARN))"},
		{"classic", object(classicPolicy, "p", m{"forProvider": m{"bucketName": "logs"}}),
			[]m{config(classicConfig, "default", one), config(upboundConfig, "default", two)}, one + " (ProviderConfig default (role ARN))"},
		{"of a sibling", object(upboundPolicy, "p", by(m{"name": "b"})), []m{config(upboundConfig, "default", one), object(upboundOwnership, "o", plain)},
			one + " (ProviderConfig default (role ARN))"},
		{"of a sibling that is only observed", object(upboundPolicy, "p", by(m{"name": "b"})),
			[]m{config(upboundConfig, "default", one), object(upboundOwnership, "o", observed)}, ""},
		{"contradicted", object(upboundPolicy, "p", by(m{"name": "b"})),
			[]m{config(upboundConfig, "b", two), config(upboundConfig, "default", one), object(upboundOwnership, "o", plain)},
			"? (ProviderConfig b (role ARN) contradicts ProviderConfig default (role ARN))"},
		{"not of an access point", object(upboundAccess, "p", plain), []m{config(upboundConfig, "default", one)}, ""},
		{"no account", object(upboundPolicy, "p", plain), []m{config(upboundConfig, "default", "11111111111")}, ""},
		{"namespace", ack, []m{object("v1 Namespace", "team", m{"owner": one})}, one + " (Namespace team (services.k8s.aws/owner-account-id))"},
		{"another namespace", ack, []m{object("v1 Namespace", "other", m{"owner": one})}, ""},
		{"no account on a namespace", ack, []m{object("v1 Namespace", "team", m{"owner": one + " "})}, ""},
		{"an object's claim", claimed, nil, ""},
		{"found out", owned, nil, one + " (status.ackResourceMetadata.ownerAccountID)"},
		{"found out to be another", owned, []m{object("v1 Namespace", "team", m{"owner": two})},
			"? (status.ackResourceMetadata.ownerAccountID contradicts Namespace team (services.k8s.aws/owner-account-id))"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			index := &Index{}
			for _, obj := range tt.beside {
				if key := KeyOf(obj); key.Kind == "Namespace" {
					index.SetNamespace(key.Name, nil, map[string]string{source.OwnerAnnotation: obj["spec"].(m)["owner"].(string)})
				} else {
					index.Set(obj)
				}
			}
			reading, _, err := source.Read(tt.object)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			add(&got, "", index.Bucket(tt.object, reading).Owner, func(s string) string { return s })
			if len(got) == 0 {
				got = []string{"="}
			}
			if got[0] != "="+tt.want {
				t.Errorf("%s\nwant =%s", got[0], tt.want)
			}
			for _, obj := range tt.beside {
				index.Delete(KeyOf(obj))
				index.DeleteKind(KeyOf(obj).GroupKind)
				index.DeleteNamespace(KeyOf(obj).Name)
			}
			if left := len(index.accounts) + len(index.namespaces) + len(index.objects); left > 0 {
				t.Errorf("%d entries stay behind", left)
			}
		})
	}
}

// TestControllers lists in which roles somebody manages what an object stands for: its own ProviderConfig decides, no sibling's.
func TestControllers(t *testing.T) {
	const one, two = "111111111111", "222222222222"
	plain := m{"forProvider": m{"bucket": "logs"}}
	by := m{"forProvider": m{"bucket": "logs"}, "providerConfigRef": m{"name": "b"}}
	for _, tt := range []struct {
		name   string
		object m
		beside []m
		want   string
	}{
		{"default", object(upboundPolicy, "p", plain), []m{config(upboundConfig, "default", one)}, "arn:aws:iam::" + one + ":role/crossplane by ProviderConfig default"},
		{"by name", object(upboundPolicy, "p", by), []m{config(upboundConfig, "default", one), config(upboundConfig, "b", two)},
			"arn:aws:iam::" + two + ":role/crossplane by ProviderConfig b"},
		{"not a sibling's", object(upboundPolicy, "p", by), []m{config(upboundConfig, "default", one), object(upboundOwnership, "o", plain)}, ""},
		{"selected", object(ackBucket, "team/logs", m{"name": "logs"}),
			[]m{object(roleSelector, "s", m{"arn": "arn:aws:iam::" + one + ":role/ack", "namespaceSelector": m{"names": []any{"team"}}})},
			"arn:aws:iam::" + one + ":role/ack by IAMRoleSelector s"},
		{"selected elsewhere", object(ackBucket, "team/logs", m{"name": "logs"}),
			[]m{object(roleSelector, "s", m{"arn": "arn:aws:iam::" + one + ":role/ack", "namespaceSelector": m{"names": []any{"other"}}})}, ""},
		{"selected twice", object(ackBucket, "team/logs", m{"name": "logs"}), []m{
			object(roleSelector, "s", m{"arn": "arn:aws:iam::" + one + ":role/ack"}), object(roleSelector, "t", m{"arn": "arn:aws:iam::" + two + ":role/ack"}),
		}, ""},
		{"a selector of ACK's alone", object(upboundPolicy, "p", plain), []m{object(roleSelector, "s", m{"arn": "arn:aws:iam::" + one + ":role/ack"})}, ""},
		{"of a pod", object(upboundPolicy, "p", plain), []m{object(upboundConfig, "default", m{"credentials": m{"source": "IRSA"}})}, ""},
	} {
		index := &Index{}
		for _, obj := range tt.beside {
			index.Set(obj)
		}
		reading, _, err := source.Read(tt.object)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, c := range index.Bucket(tt.object, reading).Controllers {
			got += c.Value + " by " + c.From
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
