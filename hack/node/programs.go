//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// A program is a daemon of the node. One that ends by itself is started again after a second, as an init system does.
type program struct {
	name, path string
	args       []string
	log        string

	mu      sync.Mutex
	process *os.Process
	ended   chan struct{} // closed when the process is gone and nothing starts it again
	down    bool          // it is to stay down
}

func (p *program) start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down, p.ended = false, make(chan struct{})
	cmd, err := p.launch()
	if err != nil {
		return err
	}
	go p.supervise(cmd)
	return nil
}

// launch needs the lock.
func (p *program) launch() (*exec.Cmd, error) {
	out, err := os.OpenFile(p.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }() // the program has its own
	cmd := exec.Command(p.path, p.args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	p.process = cmd.Process
	return cmd, nil
}

func (p *program) supervise(cmd *exec.Cmd) {
	defer close(p.ended)
	for {
		_ = cmd.Wait() // how it ended is in its log
		time.Sleep(time.Second)
		p.mu.Lock()
		if p.down {
			p.mu.Unlock()
			return
		}
		next, err := p.launch()
		p.mu.Unlock()
		if err != nil {
			fmt.Fprintln(os.Stderr, "node:", err)
			return
		}
		cmd = next
	}
}

// kill ends a program as a power cut does, and leaves it down.
func (p *program) kill() error {
	p.mu.Lock()
	p.down = true
	err := p.process.Kill()
	p.mu.Unlock()
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	<-p.ended
	return nil
}

func (p *program) signal(s syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.process.Signal(s)
}

// runtimeConfig is containerd's. restrict_oom_score_adj is for machines where even root may not lower the score.
func runtimeConfig(folder, cni string) string {
	return fmt.Sprintf(`version = 2
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/opt"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  sandbox_image = %q
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = %q
    conf_dir = %q
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`, pauseImage, cni, filepath.Join(folder, "cni"))
}

// kubeletConfig lets nothing of the machine's load matter: its disks and memory are those of other work, too.
func kubeletConfig(folder string) string {
	return fmt.Sprintf(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
resolvConf: ""
volumePluginDir: /var/lib/kubelet/plugins-exec
authentication: {x509: {clientCAFile: %q}, webhook: {enabled: true}, anonymous: {enabled: false}}
authorization: {mode: Webhook}
evictionHard: {memory.available: 100Mi, nodefs.available: 1%%, imagefs.available: 1%%, nodefs.inodesFree: 1%%}
imageGCHighThresholdPercent: 100
syncFrequency: 10s
`, filepath.Join(folder, "pki", "ca.crt"))
}

// proxyConfig leaves the machine's limits of connection tracking alone.
func proxyConfig(folder string) string {
	return fmt.Sprintf(`apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clusterCIDR: %s
hostnameOverride: %s
clientConnection: {kubeconfig: %q}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
`, podRange, nodeName, filepath.Join(folder, "pki", "proxy.conf"))
}

func (n *node) program(name, path string, args ...string) *program {
	p := &program{name: name, path: path, args: args, log: filepath.Join(n.logs, name+".log")}
	n.programs[name] = p
	return p
}

// control are the programs of the control plane, in the order of their starts.
func (n *node) control() []*program {
	k8s := func(name string, args ...string) *program {
		return n.program(name, filepath.Join(n.bin, name), args...)
	}
	pki := func(file string) string { return filepath.Join(n.folder, "pki", file) }
	return []*program{
		k8s("etcd", "--data-dir", filepath.Join(n.folder, "etcd"), "--listen-client-urls", "http://127.0.0.1:2379",
			"--advertise-client-urls", "http://127.0.0.1:2379", "--listen-peer-urls", "http://127.0.0.1:2380",
			"--unsafe-no-fsync", "--log-level", "warn"),
		k8s("kube-apiserver", "--etcd-servers", "http://127.0.0.1:2379", "--advertise-address", nodeIP, "--bind-address", nodeIP,
			"--secure-port", "6443", "--client-ca-file", pki("ca.crt"), "--tls-cert-file", pki("apiserver.crt"),
			"--tls-private-key-file", pki("apiserver.key"), "--kubelet-preferred-address-types", "InternalIP",
			"--kubelet-client-certificate", pki("admin.crt"), "--kubelet-client-key", pki("admin.key"),
			"--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", pki("sa.key"),
			"--service-account-signing-key-file", pki("sa.key"), "--service-cluster-ip-range", serviceIPs,
			"--authorization-mode", "Node,RBAC", "--enable-admission-plugins", "NodeRestriction"),
		k8s("kube-controller-manager", "--kubeconfig", pki("controllers.conf"), "--use-service-account-credentials",
			"--leader-elect=false", "--service-account-private-key-file", pki("sa.key"), "--root-ca-file", pki("ca.crt"),
			"--cluster-cidr", podRange, "--flex-volume-plugin-dir", "/var/lib/flexvolume"),
		k8s("kube-scheduler", "--kubeconfig", pki("scheduler.conf"), "--leader-elect=false"),
		n.program("containerd", "containerd", "--config", filepath.Join(n.folder, "containerd.toml")),
	}
}

// agents are those that need images, or containerd.
func (n *node) agents() []*program {
	return []*program{
		n.program("kubelet", filepath.Join(n.bin, "kubelet"), "--config", filepath.Join(n.folder, "kubelet.yaml"), "--kubeconfig",
			filepath.Join(n.folder, "pki", "kubelet.conf"), "--hostname-override", nodeName, "--node-ip", nodeIP),
		n.program("kube-proxy", filepath.Join(n.bin, "kube-proxy"), "--config", filepath.Join(n.folder, "proxy.yaml")),
	}
}

// up starts everything and returns once the node is ready.
func (n *node) up(ctx context.Context) error {
	repository, tag, err := imageName(n.image)
	if err != nil {
		return err
	}
	n.repository, n.tag = repository, tag
	pause := filepath.Join(n.folder, "pause.tar")
	cni := filepath.Join(n.folder, "cni")
	err = errors.Join(
		mountDisks(n.folder), mountGroups(), wire(), newPKI(filepath.Join(n.folder, "pki")), writePause(n.pause, pause),
		os.MkdirAll(cni, 0o750), os.WriteFile(filepath.Join(cni, "10-pods.conflist"), []byte(cniConfig), 0o644),
		os.WriteFile(filepath.Join(n.folder, "containerd.toml"), []byte(runtimeConfig(n.folder, n.cni)), 0o644),
		os.WriteFile(filepath.Join(n.folder, "kubelet.yaml"), []byte(kubeletConfig(n.folder)), 0o644),
		os.WriteFile(filepath.Join(n.folder, "proxy.yaml"), []byte(proxyConfig(n.folder)), 0o644),
	)
	if err != nil {
		return err
	}
	for _, p := range n.control() {
		if err := p.start(); err != nil {
			return err
		}
	}
	for _, tar := range []string{pause, n.image} {
		err := eventually(ctx, func(ctx context.Context) error {
			_, err := n.run(ctx, nil, "ctr", "--namespace", "k8s.io", "images", "import", "--platform", "linux/"+runtime.GOARCH, tar)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, p := range n.agents() {
		if err := p.start(); err != nil {
			return err
		}
	}
	return eventually(ctx, func(ctx context.Context) error {
		if _, err := n.kubectl(ctx, "get", "serviceaccount", "default"); err != nil {
			return err
		}
		_, err := n.kubectl(ctx, "wait", "--for=condition=Ready", "--timeout="+(10*time.Second).String(), "node/"+nodeName)
		return err
	})
}
