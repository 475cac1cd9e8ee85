//go:build e2e

package e2e

// file is a file for the command line, and for kubectl.
type file struct {
	Text string `json:"text"`
}
