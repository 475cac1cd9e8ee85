package files

import (
	"bytes"
	"testing"

	"github.com/bucketwarden/bucketwarden/cmd/program/programtest"
)

func TestProgress(t *testing.T) {
	if p := newProgress(&bytes.Buffer{}, 9, "files"); p.out != nil {
		t.Error("shows itself on what is no terminal")
	}
	if p := newProgress(programtest.Terminal(t), 9, "files"); p.out == nil {
		t.Error("does not show itself on a terminal")
	}
	var b bytes.Buffer
	early := newProgress(programtest.Terminal(t), 9, "files")
	early.out = &b
	early.show(1)
	early.end()
	if b.Len() > 0 {
		t.Errorf("short work shows %q", b.String())
	}
	late := &progress{out: &b, of: 9, what: "files"} // began long ago
	late.show(3)
	late.end()
	if got, want := b.String(), "\r3 of 9 files\r\x1b[K"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
