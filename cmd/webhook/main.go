// Command webhook, bucketwarden-webhook in its image, judges S3 bucket policies as the API server of a cluster asks it to.
package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// version and revision are set by the linker: an image is built where no git is.
var version, revision string

// name is that of the binary.
const name = "bucketwarden-webhook"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the program: it returns its exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return program.Run(newRoot(), args, stdin, stdout, stderr)
}

func newRoot() *cobra.Command {
	cmd := &cobra.Command{Use: name, Short: "Review S3 bucket policies at admission"}
	cmd.AddCommand(newServe(), newSelftest(), newUnregister(), program.NewVersion(name, program.ThisBuild(version, revision)))
	return cmd
}
