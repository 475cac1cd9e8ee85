//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// file is an attempt by a file. Where the command line has nothing to say against it the object BUCKET is stored, and
// nowhere else.
type file struct {
	Text string `json:"text"`
	Exit int    `json:"exit"` // of bucketwarden review
	Says string `json:"says"` // a part of what it prints
}

// tryFile gives a file to the command line, and then to kubectl.
func (w wire) tryFile(t *testing.T, a attempt) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(a.fill(a.File.Text)), 0o600); err != nil {
		t.Fatal(err)
	}
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "bucketwarden"), "review", name)
	cmd.Stdout, cmd.Stderr = &out, &out
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != a.File.Exit || !strings.Contains(out.String(), a.File.Says) {
		t.Errorf("%s\nexit code %d, want %d and %q in\n%s", a.Does, code, a.File.Exit, a.File.Says, out.String())
	}

	const collection = "/apis/s3.aws.upbound.io/v1beta1/bucketpolicies"
	for _, name := range []string{a.bucket(), a.bucket() + "-before"} {
		t.Cleanup(func() { w.remove(t, target{collection, name}) })
	}
	t.Cleanup(func() { w.remove(t, target{"/api/v1/namespaces/default/configmaps", a.bucket() + "-before"}) })
	answer, err := suite.Kubectl(t.Context(), nil, "create", "--validate=false", "-f", name)
	if err != nil {
		t.Fatal(err)
	}
	stored := w.get(t, collection+"/"+a.bucket()).code != http.StatusNotFound
	if want := a.File.Exit == 0; stored != want {
		t.Errorf("%s\nstored: %t, want %t\n%s%s", a.Does, stored, want, answer.Stdout, answer.Stderr)
	}
	t.Logf("kubectl: %s%s", answer.Stdout, answer.Stderr)
}
