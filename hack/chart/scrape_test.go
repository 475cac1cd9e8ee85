//go:build e2e

package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"testing"

	authentication "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func makeAccounts(t *testing.T, namespace string, names ...string) {
	t.Helper()
	for _, name := range names {
		account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}}
		if err := suite.client.Create(t.Context(), account); err != nil {
			t.Fatal(err)
		}
	}
}

// scraped checks that the metrics are for those who are named as readers, by what the ServiceMonitor says about TLS.
func scraped(t *testing.T, namespace string) {
	t.Helper()
	key := client.ObjectKey{Name: release, Namespace: namespace}
	monitor := &unstructured.Unstructured{}
	monitor.SetAPIVersion("monitoring.coreos.com/v1")
	monitor.SetKind("ServiceMonitor")
	var service corev1.Service
	if err := suite.client.Get(t.Context(), key, monitor); err != nil {
		t.Fatal(err)
	}
	key.Name += "-metrics"
	if err := suite.client.Get(t.Context(), key, &service); err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: tlsOf(t, monitor)}}
	url := fmt.Sprintf("https://127.0.0.1:%d/metrics", service.Spec.Ports[0].Port)
	for token, want := range map[string]int{
		"": http.StatusUnauthorized, tokenOf(t, namespace, "passer-by"): http.StatusForbidden,
		tokenOf(t, namespace, "prometheus"): http.StatusOK,
	} {
		if got := scrape(t, c, url, token); got != want {
			t.Errorf("a scrape is answered %d, want %d", got, want)
		}
	}
}

// tlsOf is how Prometheus verifies the only endpoint of a ServiceMonitor.
func tlsOf(t *testing.T, monitor *unstructured.Unstructured) *tls.Config {
	t.Helper()
	endpoints, _, err := unstructured.NestedSlice(monitor.Object, "spec", "endpoints")
	if err != nil || len(endpoints) != 1 {
		t.Fatal(endpoints, err)
	}
	field := func(path ...string) string {
		text, _, err := unstructured.NestedString(endpoints[0].(map[string]any), append([]string{"tlsConfig"}, path...)...)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	var secret corev1.Secret
	key := client.ObjectKey{Namespace: monitor.GetNamespace(), Name: field("ca", "secret", "name")}
	if err := suite.client.Get(t.Context(), key, &secret); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(secret.Data[field("ca", "secret", "key")])
	return &tls.Config{RootCAs: roots, ServerName: field("serverName"), MinVersion: tls.VersionTLS12}
}

func tokenOf(t *testing.T, namespace, account string) string {
	t.Helper()
	request := &authentication.TokenRequest{}
	owner := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: account, Namespace: namespace}}
	if err := suite.client.SubResource("token").Create(t.Context(), owner, request); err != nil {
		t.Fatal(err)
	}
	return request.Status.Token
}

func scrape(t *testing.T, c *http.Client, url, token string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}
