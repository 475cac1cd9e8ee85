// Command bucketwarden judges S3 bucket policies, in a cluster and without one.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
