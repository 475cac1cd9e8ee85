//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// bulk are bodies that are accepted and take as much memory as may be, by what fills them: each is about a Bucket, old and new.
func bulk() map[string][]byte {
	fill := func(item string, size int) string {
		return "[" + strings.Repeat(item+",", size/(len(item)+1)) + item + "]"
	}
	out := map[string][]byte{}
	for name, junk := range map[string]string{
		"empty lists":        fill("[[]]", 540_000),
		"lists of lists":     fill("[[[[[[[[0]]]]]]]]", 510_000),
		"small objects":      fill(`{"":0}`, 360_000),
		"objects in objects": fill(`{"a":{"b":{"c":{}}}}`, 380_000),
		"numbers":            fill("0", 600_000),
		"texts":              fill(`"a"`, 1_150_000),
		"one long text":      `"` + strings.Repeat("x", 3_400_000) + `"`,
		"escapes":            `"` + strings.Repeat(`\u0041`, 550_000) + `"`,
	} {
		out[name] = updateOf(junk)
	}
	return out
}

// updateOf is the review of an update of a Bucket that has junk in it before and after.
func updateOf(junk string) []byte {
	object := func(change int) runtime.RawExtension {
		return runtime.RawExtension{Raw: fmt.Appendf(nil, `{"apiVersion":"s3.services.k8s.aws/v1alpha1","kind":"Bucket",`+
			`"metadata":{"name":"b","namespace":"default"},"spec":{"name":"b","policy":"{\"Statement\":[]}","change":%d,"junk":%s}}`, change, junk)}
	}
	raw, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: admissionv1.SchemeGroupVersion.String(), Kind: "AdmissionReview"},
		Request: &admissionv1.AdmissionRequest{
			UID: "u", Operation: admissionv1.Update, Name: "b", Namespace: "default", Object: object(1), OldObject: object(2),
			Kind: metav1.GroupVersionKind{Group: "s3.services.k8s.aws", Version: "v1alpha1", Kind: "Bucket"},
		},
	})
	if err != nil {
		panic(err) // it is all JSON
	}
	return raw
}

// TestMemory sends the real binary, with what the chart gives it, the bodies that take most, many at once: it stays within the
// chart's limit, and answers some of each.
func TestMemory(t *testing.T) {
	binary, err := cluster.Build(root, suite.bin)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := cluster.Certificate(dir, cluster.Service{Namespace: "default", Name: "bucketwarden"}); err != nil {
		t.Fatal(err)
	}
	replica, err := suite.Launch(binary, cluster.ChartEnv(), "--cert-mode", "files", "--cert-dir", dir, "--namespace", "default", "--shutdown-delay", "0s")
	if err != nil {
		t.Fatal(err)
	}
	defer replica.Kill()
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // of our own process, on loopback
	}}
	send := func(ctx context.Context, path string, body []byte) (int, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("https://127.0.0.1:%d%s", replica.Port, path), bytes.NewReader(body))
		if err != nil {
			return 0, err
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close() //nolint:errcheck // it was read
		_, err = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode, err
	}
	if err := wait.PollUntilContextTimeout(t.Context(), 20*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		status, err := send(ctx, "/validate", updateOf("0"))
		return err == nil && status == http.StatusOK, nil
	}); err != nil {
		t.Fatal(err)
	}
	before, _, _ := cluster.Memory(replica.PID())
	const senders, rounds = 8, 4
	for name, body := range bulk() {
		var mu sync.Mutex
		answers := map[int]int{}
		var all sync.WaitGroup
		for range senders {
			all.Go(func() {
				for range rounds {
					status, err := send(t.Context(), "/validate", body)
					mu.Lock()
					answers[status]++
					mu.Unlock()
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		now, most, err := cluster.Memory(replica.PID())
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-18s %7d bytes: %v; memory %d MiB, at the most so far %d MiB", name, len(body), answers, now>>20, most>>20)
		if answers[http.StatusOK] == 0 {
			t.Errorf("%s: %v, none was reviewed", name, answers)
		}
	}
	_, most, err := cluster.Memory(replica.PID())
	if err != nil || most > cluster.ChartMemory {
		t.Errorf("%d MiB at the most and %d before, want %d; %v", most>>20, before>>20, cluster.ChartMemory>>20, err)
	}
}
