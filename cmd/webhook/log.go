package main

import (
	"io"

	"github.com/go-logr/logr"
	"github.com/go-logr/zapr"
	uberzap "go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook"
)

// newLog returns the process's log: one object of JSON a line, also of what libraries say. net/http tells of failed handshakes
// through Go's log, and Kubernetes' libraries speak through klog.
func newLog(w io.Writer, level zapcore.Level) logr.Logger {
	raw := zap.NewRaw(zap.WriteTo(plainJSON{w}), zap.Level(level), zap.RawZapOpts(uberzap.WrapCore(func(c zapcore.Core) zapcore.Core {
		return withoutHealth{c}
	})))
	log := zapr.NewLogger(raw)
	uberzap.RedirectStdLog(raw.Named("go"))
	klog.SetLogger(log.WithName("kubernetes"))
	ctrl.SetLogger(log)
	return log
}

// announce says what is about to run.
func announce(log logr.Logger, v program.Build, o webhook.Options) {
	log.Info("starting", "version", v.Version, "revision", v.Revision, "go", v.Go, "platform", v.Platform,
		"reviewLevel", o.Reviewer.Level, "namespace", o.Namespace) // "level" is the line's own
}

// plainJSON writes lines of JSON plainly: users, names and errors come from strangers.
type plainJSON struct{ io.Writer }

// Write implements io.Writer. The logger writes each line at once.
func (w plainJSON) Write(line []byte) (int, error) {
	if _, err := w.Writer.Write(plain.JSON(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// withoutHealth leaves out that a health check has failed, as controller-runtime says it without a reason, at each poll of a
// kubelet. The webhook's checks say why, once.
type withoutHealth struct{ zapcore.Core }

// With implements zapcore.Core.
func (c withoutHealth) With(fields []zapcore.Field) zapcore.Core {
	return withoutHealth{c.Core.With(fields)}
}

// Check implements zapcore.Core.
func (c withoutHealth) Check(e zapcore.Entry, to *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if e.LoggerName == "controller-runtime.healthz" {
		return to
	}
	return c.Core.Check(e, to)
}
