//go:build !linux

// Command node starts a real node on this machine, which only Linux can.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "node: a node's namespaces and cgroups are Linux's: run it there, as root")
	os.Exit(2)
}
