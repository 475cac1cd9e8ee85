//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// The addresses of the node, of its pods and of Services. Nothing outside of the node's network namespace has them.
const (
	nodeName   = "node"
	nodeIP     = "10.240.0.1"
	podRange   = "10.244.0.0/24"
	serviceIPs = "10.96.0.0/16"
)

// The bridge plugin makes a bridge of all pods; portmap is there because containerd's defaults have it.
const cniConfig = `{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "` + podRange + `"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
`

// wire gives the node an address and a route that leads nowhere, as the addresses of Services need one to be rewritten.
func wire() error {
	if err := os.WriteFile("/proc/sys/kernel/hostname", []byte(nodeName), 0o644); err != nil {
		return err
	}
	// A veth pair, as not every kernel has dummy devices.
	for _, command := range []string{
		"link set lo up",
		"link add node0 type veth peer name node1",
		"link set node1 up",
		"addr add " + nodeIP + "/24 dev node0",
		"link set node0 up",
		"route add default dev node0",
	} {
		if out, err := exec.Command("ip", strings.Fields(command)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", command, err, out)
		}
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644); err != nil {
		return err
	}
	// Without the module there is no such file, and traffic between pods by a Service of theirs goes without it.
	bridged := "/proc/sys/net/bridge/bridge-nf-call-iptables"
	if _, err := os.Stat(bridged); err == nil {
		if err := os.WriteFile(bridged, []byte("1"), 0o644); err != nil {
			return err
		}
	}
	return nil
}
