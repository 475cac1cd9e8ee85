package main

import (
	"bytes"
	"errors"
	stdlog "log"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"go.uber.org/zap/zapcore"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/webhook"
)

// Every line is one object of JSON with one level and no member twice, whoever writes it.
func TestLog(t *testing.T) {
	flags, prefix, out := stdlog.Flags(), stdlog.Prefix(), stdlog.Writer()
	defer func() {
		stdlog.SetFlags(flags)
		stdlog.SetPrefix(prefix)
		stdlog.SetOutput(out)
		klog.ClearLogger()
	}()
	var buf bytes.Buffer
	log := newLog(&buf, zapcore.InfoLevel)
	announce(log, program.Build{Version: "v1"}, webhook.Options{})
	stdlog.Print("http: TLS handshake error from 10.0.0.1:1234: EOF")
	klog.InfoS("Attempting to acquire leader lease...", "lock", "bucketwarden.dev")
	klog.Error("lost")
	ctrl.Log.WithName("controller-runtime").WithName("healthz").Info("healthz check failed", "statuses", []struct{}{{}})
	ctrl.Log.Error(errors.New("two\nlines"), "ended")
	lines := strings.Split(strings.TrimSuffix(buf.String(), "\n"), "\n")
	want := []string{"starting", "http: TLS handshake error", "Attempting to acquire", "lost", "ended"}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), buf.String())
	}
	for i, line := range lines {
		var entry struct{ Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if entry.Level == "" || !strings.HasPrefix(entry.Msg, want[i]) {
			t.Errorf("%s: want a level and %q", line, want[i])
		}
	}
}
