package main

import (
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/accesslog"
	"github.com/bucketwarden/bucketwarden/policy/usage"
)

// made returns a log of 8 MB.
func made(tb testing.TB, trail bool) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := write(&b, 8_000_000, trail); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func tally(tb testing.TB, log []byte) *usage.Tally {
	tb.Helper()
	t := usage.NewTally()
	err := accesslog.Read(bytes.NewReader(log), accesslog.Sink{
		Record:     t.Add,
		Malformed:  func(line int, err error) { tb.Errorf("line %d: %v", line, err) },
		PassedOver: func() { tb.Error("a record is passed over") },
	})
	if err != nil {
		tb.Error(err)
	}
	return t
}

// TestMadeLogsAreRead counts the requests of both kinds of log.
func TestMadeLogsAreRead(t *testing.T) {
	for _, trail := range []bool{false, true} {
		log := made(t, trail)
		want := bytes.Count(log, []byte("\n"))
		if trail {
			want = bytes.Count(log, []byte(`"eventVersion"`))
		}
		if got := tally(t, log); got.Requests != want || got.NeededACL == 0 || got.Beyond > 0 {
			t.Errorf("CloudTrail %t: %d requests of %d, %d needed an ACL, %d beyond", trail, got.Requests, want, got.NeededACL, got.Beyond)
		}
	}
}

func BenchmarkUsage(b *testing.B) {
	plain, trail := made(b, false), made(b, true)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(plain); err != nil {
		b.Fatal(err)
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	for _, bb := range []struct {
		name string
		log  []byte
		size int // uncompressed
	}{{"access", plain, len(plain)}, {"gzip", zipped.Bytes(), len(plain)}, {"cloudtrail", trail, len(trail)}} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(bb.size))
			b.ReportAllocs()
			for b.Loop() {
				tally(b, bb.log)
			}
		})
	}
	b.Run("count lines", func(b *testing.B) { // as grep -c does
		b.SetBytes(int64(len(plain)))
		for b.Loop() {
			bytes.Count(plain, []byte("\n"))
		}
	})
}
