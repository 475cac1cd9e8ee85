package main

import (
	"os"
	"testing"

	"github.com/bucketwarden/bucketwarden/cmd/program/programtest"
)

// chart.yaml stands for what another program prints.
func TestExamples(t *testing.T) {
	stdin, err := os.ReadFile("testdata/examples/chart.yaml")
	if err != nil {
		t.Fatal(err)
	}
	programtest.Examples(t, run, newRoot(), stdin)
}
