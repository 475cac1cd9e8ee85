package program

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestExitErrorKeepsItsCause(t *testing.T) {
	err := fmt.Errorf("while reviewing: %w", ExitError{ExitNo, io.ErrUnexpectedEOF})
	exit := ExitError{}
	if !errors.As(err, &exit) || exit.Code != 1 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %+v", exit)
	}
	if text := (ExitError{Code: ExitNo}).Error(); text != "" {
		t.Errorf("without a cause it says %q", text)
	}
}
