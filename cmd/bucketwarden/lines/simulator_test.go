package lines

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

const (
	openToAll = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`
	getObject = `{"id":1,"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:s3:::b/k"}`
	allowed   = `{"id":1,"decision":"Allowed","statements":[0],"reason":"Statement[0] allows it"}`
)

func newSimulator(t *testing.T) Simulator {
	t.Helper()
	doc, err := iam.Parse(openToAll)
	if err != nil {
		t.Fatal(err)
	}
	return Simulator{Policies: []files.Policy{{Item: &manifest.Item{Document: doc.Text()}, Document: doc}}}
}

func TestSimulatorPassesOverLongLines(t *testing.T) {
	padded := getObject + strings.Repeat(" ", maxLine-len(getObject))
	tests := map[string]string{
		padded + "\n":                    allowed + "\n",
		padded:                           allowed + "\n",
		padded + " \n" + getObject:       `{"id":null,"error":"the line is longer than 1048576 bytes"}` + "\n" + allowed + "\n",
		getObject + "\n" + padded + "  ": allowed + "\n" + `{"id":null,"error":"the line is longer than 1048576 bytes"}` + "\n",
		"":                               "",
		"\n \r\n":                        "",
		getObject + "\r\n":               allowed + "\n",
	}
	for in, want := range tests {
		var got strings.Builder
		err := newSimulator(t).Run(strings.NewReader(in), &got)
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Errorf("%d bytes: %s", len(in), diff)
		}
		if failed := strings.Contains(want, "error"); failed != (err != nil) {
			t.Errorf("%d bytes: error %v", len(in), err)
		}
	}
}

// TestSimulatorAnswersAtOnce: a program that asks one question, waits and asks the next is not kept waiting.
func TestSimulatorAnswersAtOnce(t *testing.T) {
	in, ask := io.Pipe()
	hear, out := io.Pipe()
	s := newSimulator(t)
	done := make(chan error)
	go func() { done <- s.Run(in, out) }()
	answers := bufio.NewScanner(hear)
	for range 3 {
		if _, err := io.WriteString(ask, getObject+"\n"); err != nil {
			t.Fatal(err)
		}
		if !answers.Scan() || answers.Text() != allowed {
			t.Fatalf("got %q, %v", answers.Text(), answers.Err())
		}
	}
	if err := ask.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// brokenPipe fails every write, or every read.
type brokenPipe struct{}

var errBroken = errors.New("broken")

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }
func (brokenPipe) Read([]byte) (int, error)  { return 0, errBroken }

func TestSimulatorReportsBrokenPipes(t *testing.T) {
	s := newSimulator(t)
	if err := s.Run(strings.NewReader(getObject), brokenPipe{}); !errors.Is(err, errBroken) {
		t.Errorf("writing: %v", err)
	}
	if err := s.Run(strings.NewReader(getObject+"\n"+getObject), brokenPipe{}); !errors.Is(err, errBroken) {
		t.Errorf("writing a batch: %v", err)
	}
	if err := s.Run(brokenPipe{}, io.Discard); !errors.Is(err, errBroken) {
		t.Errorf("reading: %v", err)
	}
}
