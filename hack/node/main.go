//go:build linux

// Command node starts a real node on this machine, with containerd, a kubelet and pods, installs the image and the chart in
// it as docs/install.md says, and tries what a cluster does to them. Run it by `make cluster`, as root.
//
// The node is a process with mount, network, PID, UTS, IPC and cgroup namespaces of its own. Nothing of it is seen outside,
// nothing leads out of it, and when that process ends, everything in it does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// options are what the caller chose. Every path is absolute once they are complete.
type options struct {
	root   string // of the repository
	bin    string // programs of Kubernetes
	image  string // tar of `make image`
	logs   string // where each program's log goes
	cni    string // programs of the CNI
	only   *regexp.Regexp
	limit  time.Duration
	helms  []helm
	pause  string // the program that holds a pod's namespaces
	folder string // what the node writes, gone when it ends
}

// The stages of this program: it starts itself again, first as the init of the node and then as who sets the node up.
const (
	stageInit   = "node-init"
	stageInside = "node-inside"
)

func main() {
	log.SetLogger(logr.Discard())
	var err error
	code := 0
	switch os.Args[0] {
	case stageInit:
		code, err = initialize(os.Args[1:])
	case stageInside:
		code, err = main1(inside)
	default:
		code, err = main1(outside)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "node:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// main1 runs a stage until it ends, its time is over, or it is interrupted.
func main1(stage func(context.Context, options) (int, error)) (int, error) {
	o, err := parse()
	if err != nil {
		return 2, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, o.limit)
	defer cancel()
	return stage(ctx, o)
}

func parse() (options, error) {
	var o options
	flag.StringVar(&o.root, "root", ".", "`DIR` of the repository")
	flag.StringVar(&o.bin, "bin", "bin/k8s", "`DIR` of the programs of Kubernetes and etcd")
	flag.StringVar(&o.image, "image", "", "`TAR` of the image, as make image writes it")
	flag.StringVar(&o.logs, "logs", "bin/node-logs", "`DIR` that each program's log is written to")
	flag.StringVar(&o.cni, "cni", "/usr/lib/cni", "`DIR` of the CNI plugins bridge, host-local, loopback and portmap")
	flag.StringVar(&o.pause, "pause", "bin/pause", "`FILE` of the program that holds a pod's namespaces")
	flag.StringVar(&o.folder, "folder", "", "`DIR` of what the node writes; set by the program itself")
	flag.DurationVar(&o.limit, "limit", 45*time.Minute, "how long everything may take")
	flag.Func("helm", "`FILE` of a Helm; repeat it to install with several, the last one is used for the scenarios", func(file string) error {
		o.helms = append(o.helms, helm{path: file})
		return nil
	})
	scenario := flag.String("scenario", "all", "`REGEXP` of the scenarios to run, or all; some need what those before them leave")
	flag.Parse()
	if *scenario == "all" {
		*scenario = ""
	}
	var err error
	if o.only, err = regexp.Compile(*scenario); err != nil {
		return o, fmt.Errorf("-scenario: %w", err)
	}
	if o.image == "" || len(o.helms) == 0 {
		return o, errors.New("-image and -helm are required: go through make cluster")
	}
	paths := []*string{&o.root, &o.bin, &o.image, &o.logs, &o.cni, &o.pause}
	for i := range o.helms {
		paths = append(paths, &o.helms[i].path)
	}
	for _, path := range paths {
		if *path, err = filepath.Abs(*path); err != nil {
			return o, err
		}
	}
	return o, nil
}

// missing says what this machine lacks.
func missing(o options) error {
	var errs []error
	if os.Geteuid() != 0 {
		errs = append(errs, errors.New("a node mounts, routes and creates cgroups: run it as root (sudo -E make cluster)"))
	}
	for _, program := range []string{"containerd", "containerd-shim-runc-v2", "ctr", "runc", "ip", "iptables", "conntrack"} {
		if _, err := exec.LookPath(program); err != nil {
			errs = append(errs, fmt.Errorf("%s is missing: on Debian and Ubuntu, apt-get install "+
				"containerd runc containernetworking-plugins iproute2 iptables conntrack", program))
		}
	}
	for _, plugin := range []string{"bridge", "host-local", "loopback", "portmap"} {
		if _, err := os.Stat(filepath.Join(o.cni, plugin)); err != nil {
			errs = append(errs, fmt.Errorf("%w: set CNI_BIN to the directory of the CNI plugins", err))
		}
	}
	for _, program := range []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "kubectl"} {
		if _, err := os.Stat(filepath.Join(o.bin, program)); err != nil {
			errs = append(errs, fmt.Errorf("%w: hack/controlplane/build.sh builds it", err))
		}
	}
	return errors.Join(errs...)
}
