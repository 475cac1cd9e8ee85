package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// Replica is a server whose webhook configurations are not its own, as in a cluster.
type Replica struct {
	*Server
	Port   int    // of the webhooks
	Readyz string // URL
}

// Launch starts the binary's `serve` on loopback ports that are free now, with more in its environment than there is here, and
// returns at once.
func (c *Cluster) Launch(binary string, env []string, flags ...string) (*Replica, error) {
	ports, err := FreePorts(2)
	if err != nil {
		return nil, err
	}
	port, healthAddr := ports[0], net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[1]))
	cmd := exec.Command(binary, append([]string{
		"serve", "--kubeconfig", c.Kubeconfig, "--port", strconv.Itoa(port),
		"--metrics-bind-address", "0", "--health-probe-bind-address", healthAddr,
	}, flags...)...)
	cmd.Env = append(os.Environ(), env...)
	s, err := launch(cmd)
	return &Replica{s, port, "http://" + healthAddr + "/readyz"}, err
}

// IsReady reports whether what answers a URL says so.
func IsReady(ctx context.Context, readyz string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, readyz, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close() // unread, it holds nothing that is wanted
	return resp.StatusCode == http.StatusOK
}

// WaitReady returns once ready holds, which is asked again and again.
func (r *Replica) WaitReady(ctx context.Context, ready func(context.Context) bool) error {
	err := wait.PollUntilContextTimeout(ctx, 10*time.Millisecond, patience, true, func(ctx context.Context) (bool, error) {
		select {
		case <-r.done:
			return false, errors.Join(errors.New("it has ended"), r.Stop())
		default:
			return ready(ctx), nil
		}
	})
	if err != nil {
		return fmt.Errorf("%s on port %d is not ready: %w", r.cmd.Path, r.Port, err)
	}
	return nil
}
