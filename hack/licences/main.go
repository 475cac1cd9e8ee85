// Command licences reads the licence of every module that the binary links, and of every one that the tests and tools
// under hack use, and fails when one is not on the list in check.go. With -notices it writes the licences that have to
// go with the binary.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	root := flag.String("root", "../..", "`directory` of the repository")
	notices := flag.String("notices", "", "write the licences of what the binary links to `file`, and check those alone")
	flag.Parse()
	if err := run(*root, *notices, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(root, notices string, stdout io.Writer) error {
	linked, err := shipped(root)
	if err != nil {
		return err
	}
	if err := verdict(linked, nil); err != nil {
		return err
	}
	if notices != "" {
		return writeNotices(notices, linked)
	}
	all, err := everything(root)
	if err != nil {
		return err
	}
	if err := verdict(all, exceptions); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "the binary links %d modules, each under %s\n", len(linked), strings.Join(allowed, ", "))
	fmt.Fprintf(stdout, "tests and tools need %d in all; %d of these are excepted in check.go\n", len(all), len(exceptions))
	return nil
}

// verdict is check's answer as an error.
func verdict(all modules, exceptions map[string]exception) error {
	wrong, err := check(all, exceptions)
	if err != nil || len(wrong) == 0 {
		return err
	}
	return errors.New(strings.Join(wrong, "\n"))
}
