//go:build linux

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// baseline installs to refuse, in a namespace that enforces the Pod Security Standard restricted from the start.
func (n *node) baseline(ctx context.Context) (string, error) {
	if _, err := n.kubectl(ctx, "create", "namespace", namespace); err != nil && !strings.Contains(err.Error(), "AlreadyExists") {
		return "", err
	}
	if _, err := n.kubectl(ctx, "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"); err != nil {
		return "", err
	}
	took, err := n.install(ctx, n.helms[len(n.helms)-1])
	if err != nil {
		return "", err
	}
	_, err = n.twoReady(ctx)
	return fmt.Sprintf("installed and ready after %s", took), err
}

// selftest is helm test.
func (n *node) selftest(ctx context.Context) (string, error) {
	out, err := n.helm(ctx, n.helms[len(n.helms)-1], "test", release, "--logs", "--timeout", patience.String())
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(out) {
		if strings.Contains(line, "public policies were refused") {
			return strings.TrimSpace(line), nil
		}
	}
	return "", fmt.Errorf("helm test does not say what was refused:\n%s", out)
}

// samples applies each sample and compares what happens with what its first line says.
func (n *node) samples(ctx context.Context) (string, error) {
	files, err := filepath.Glob(filepath.Join(n.root, "config/samples/*.yaml"))
	if err != nil || len(files) == 0 {
		return "", fmt.Errorf("config/samples holds %d samples: %w", len(files), err)
	}
	var errs []error
	for _, file := range files {
		if err := n.sample(ctx, file); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", filepath.Base(file), err))
		}
	}
	for _, file := range files {
		_, err := n.kubectl(ctx, "delete", "--ignore-not-found", "-f", file)
		errs = append(errs, err)
	}
	return fmt.Sprintf("%d samples, each as its first line says", len(files)), errors.Join(errs...)
}

func (n *node) sample(ctx context.Context, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	word, rest, _ := strings.Cut(strings.TrimPrefix(first, "# "), " ")
	rule, _, _ := strings.Cut(strings.TrimPrefix(rest, "by "), ":")
	_, err = n.kubectl(ctx, "apply", "-f", file)
	switch strings.TrimSuffix(word, ":") {
	case "Refused":
		if err == nil || !strings.Contains(err.Error(), rule) {
			return fmt.Errorf("want a refusal by %s: %w", rule, err)
		}
		return nil
	case "Patched":
		if err != nil {
			return err
		}
		stored, err := n.kubectl(ctx, "get", "-f", file, "-o", "jsonpath={.spec}")
		if err == nil && strings.Contains(stored, "PutObjectAcl") {
			err = errors.New("not patched")
		}
		return err
	case "Admitted":
		return err
	}
	return fmt.Errorf("the first line says neither Refused nor Patched nor Admitted: %s", first)
}

// metrics scrapes a pod as Prometheus does: with the token of a ServiceAccount that may, of one that may not, and of nobody.
func (n *node) metrics(ctx context.Context) (string, error) {
	pods, err := n.twoReady(ctx)
	if err != nil {
		return "", err
	}
	bundle, err := n.caBundle(ctx)
	if err != nil {
		return "", err
	}
	for _, name := range []string{"prometheus", "other"} {
		account := &corev1.ServiceAccount{}
		account.Namespace, account.Name = "default", name
		if err := n.admin.Create(ctx, account); client.IgnoreAlreadyExists(err) != nil {
			return "", err
		}
	}
	var saw []string
	for _, c := range []struct {
		account string
		want    int
	}{{"prometheus", http.StatusOK}, {"other", http.StatusForbidden}, {"", http.StatusUnauthorized}} {
		token := ""
		if c.account != "" {
			if token, err = n.kubectl(ctx, "create", "token", c.account); err != nil {
				return "", err
			}
		}
		got, text, err := scrape(ctx, pods[0].Status.PodIP, bundle, strings.TrimSpace(token))
		if err != nil {
			return "", err
		}
		if got != c.want || got == http.StatusOK && !strings.Contains(text, "\nbucketwarden_") {
			return "", fmt.Errorf("account %q: status %d, want %d, with metrics of ours: %.200s", c.account, got, c.want, text)
		}
		saw = append(saw, fmt.Sprint(got))
	}
	return "with a right, without, anonymous: " + strings.Join(saw, ", "), nil
}

func scrape(ctx context.Context, ip, bundle, token string) (int, string, error) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(bundle))
	transport := &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs: roots, ServerName: release + "." + namespace + ".svc", MinVersion: tls.VersionTLS12,
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("https://%s:%d/metrics", ip, metricsPort), nil)
	if err != nil {
		return 0, "", err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := (&http.Client{Transport: transport, Timeout: time.Minute}).Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(io.LimitReader(resp.Body, 10<<20))
	return resp.StatusCode, string(text), err
}

// uninstall takes the release away while a client writes: no write waits for a webhook that is gone.
func (n *node) uninstall(ctx context.Context) (string, error) {
	t, err := n.under(ctx, func(ctx context.Context) error {
		_, err := n.helm(ctx, n.helms[len(n.helms)-1], "uninstall", release, "--wait", "--timeout", patience.String())
		return err
	})
	return fmt.Sprintf("%d requests, %d failed because a webhook was not there", t.requests, len(t.closed)), errors.Join(append(t.closed, err)...)
}
