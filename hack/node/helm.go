//go:build linux

package main

// namespace is that of the release, as docs/install.md has it.
const namespace = "bucketwarden-system"

// helm is a version of Helm, by its program.
type helm struct{ path string }
