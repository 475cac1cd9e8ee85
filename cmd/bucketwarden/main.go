// Command bucketwarden judges S3 bucket policies as the webhook does, without a cluster.
package main

import (
	"io"
	"os"

	"github.com/bucketwarden/bucketwarden/cmd/program"
)

// version and revision are set by the linker; a build without them goes by what Go noted down.
var version, revision string

// gcPercent is GOGC where nobody sets it. Nearly all that a command holds is garbage by the next object, and it ends soon.
const gcPercent = 150

func main() {
	program.SetGCPercent(gcPercent)
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program: it returns its exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return program.Run(newRoot(), args, stdin, stdout, stderr)
}
