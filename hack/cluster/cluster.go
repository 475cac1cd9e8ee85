// Package cluster runs a real kube-apiserver, with its etcd, on this machine for the demo and the end-to-end tests.
package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// Cluster is a control plane that listens on loopback alone.
type Cluster struct {
	Config     *rest.Config
	Kubeconfig string // file for whoever is to be cluster-admin
	AuditLog   string // file that the API server appends one JSON event a line to; it may lag behind

	dir string // ours alone
	env *envtest.Environment
}

// audit has one event for each request that writes, and for each of a ServiceAccount or of a Logged user, with annotations
// and without bodies.
const audit = `{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"], "rules": [
	{"level": "Metadata", "userGroups": ["system:serviceaccounts", "` + logged + `"]},
	{"level": "None", "verbs": ["get", "list", "watch"]}, {"level": "Metadata"}]}`

// logged is the group of Logged users.
const logged = "logged"

// services is where the API server takes the addresses of Services from. On Linux all of it is this machine's, so that
// who listens on a Service's port of all addresses is who the API server reaches by that Service.
const services = "127.10.0.0/16"

// patience is how long a busy machine may take for each step.
const patience = 2 * time.Minute

// Start starts the control plane of KUBEBUILDER_ASSETS. All that it writes goes to a directory of its own, which Stop
// removes.
func Start() (*Cluster, error) {
	assets := os.Getenv("KUBEBUILDER_ASSETS")
	if assets == "" {
		return nil, errors.New("KUBEBUILDER_ASSETS does not name a directory with etcd, kube-apiserver and kubectl: go through make")
	}
	dir, err := os.MkdirTemp("", "bucketwarden-cluster-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{
		Kubeconfig: filepath.Join(dir, "kubeconfig"), AuditLog: filepath.Join(dir, "audit.log"),
		dir: dir, env: &envtest.Environment{
			BinaryAssetsDirectory: assets, ControlPlaneStartTimeout: patience, ControlPlaneStopTimeout: patience,
		},
	}
	if err := c.start(); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func (c *Cluster) start() error {
	policy := filepath.Join(c.dir, "audit-policy.json")
	certs, data := filepath.Join(c.dir, "certs"), filepath.Join(c.dir, "etcd")
	if err := errors.Join(
		os.WriteFile(policy, []byte(audit), 0o600), os.Mkdir(certs, 0o700), os.Mkdir(data, 0o700),
	); err != nil {
		return err
	}
	server := c.env.ControlPlane.GetAPIServer()
	server.CertDir = certs
	server.Configure().Set("audit-policy-file", policy).Set("audit-log-path", c.AuditLog).
		Set("audit-log-maxsize", "10000"). // megabytes: never another file
		Set("service-cluster-ip-range", services)
	c.env.ControlPlane.Etcd = &envtest.Etcd{DataDir: data}
	config, err := c.env.Start()
	if err != nil {
		return err
	}
	c.Config = config
	return os.WriteFile(c.Kubeconfig, c.env.KubeConfig, 0o600)
}

// Stop ends all that Start started and removes what it wrote.
func (c *Cluster) Stop() error {
	return errors.Join(c.env.Stop(), os.RemoveAll(c.dir))
}

// Admin returns a client that is as fast as the API server, and hears no warnings.
func (c *Cluster) Admin() (client.Client, error) {
	config := rest.CopyConfig(c.Config)
	config.QPS, config.WarningHandler = -1, rest.NoWarnings{}
	return client.New(config, client.Options{})
}

// Logged makes another cluster-admin, each of whose requests stands in the audit log, and returns their kubeconfig's file.
func (c *Cluster) Logged(name string) (string, error) {
	user, err := c.env.ControlPlane.AddUser(envtest.User{Name: name, Groups: []string{"system:masters", logged}}, nil)
	if err != nil {
		return "", err
	}
	text, err := user.KubeConfig()
	if err != nil {
		return "", err
	}
	file := filepath.Join(c.dir, name+".kubeconfig")
	return file, os.WriteFile(file, text, 0o600)
}

// RestartAPIServer ends the API server as a power cut does and starts it again, with the same address, certificates and
// data.
func (c *Cluster) RestartAPIServer(ctx context.Context) error {
	process, err := child("kube-apiserver")
	if err != nil {
		return err
	}
	if err := process.Kill(); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	server := c.env.ControlPlane.GetAPIServer()
	// Stop fails while the process is gone and not yet known to be.
	err = wait.PollUntilContextTimeout(ctx, 10*time.Millisecond, patience, true, func(context.Context) (bool, error) {
		return server.Stop() == nil, nil
	})
	if err != nil {
		return fmt.Errorf("kube-apiserver does not end: %w", err)
	}
	return server.Start()
}

// Etcd returns the process that holds all data.
func (c *Cluster) Etcd() (*os.Process, error) { return child("etcd") }

// child finds a process that we have started by its name, of at most 15 bytes.
func child(name string) (*os.Process, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, file := range stats {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		var pid, parent int
		var comm, state string
		if _, err := fmt.Sscan(string(stat), &pid, &comm, &state, &parent); err != nil {
			continue // a name with spaces in it
		}
		if comm == "("+name+")" && parent == os.Getpid() {
			return os.FindProcess(pid)
		}
	}
	return nil, fmt.Errorf("%s does not run", name)
}

// Answer is what kubectl printed.
type Answer struct {
	Stdout, Stderr string
	Code           int
}

// Kubectl runs kubectl as cluster-admin. An exit code other than 0 is an answer, not an error.
func (c *Cluster) Kubectl(ctx context.Context, stdin io.Reader, args ...string) (Answer, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(c.env.BinaryAssetsDirectory, "kubectl"), args...)
	// The person's own configuration, cache and proxies stay out of it.
	cmd.Env = []string{"KUBECONFIG=" + c.Kubeconfig, "HOME=" + c.dir, "PATH=" + os.Getenv("PATH")}
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &stdout, &stderr
	err := cmd.Run()
	answer := Answer{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		return answer, nil
	}
	if err != nil {
		return answer, fmt.Errorf("kubectl %q: %w", args, err)
	}
	return answer, nil
}
