package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.uber.org/zap/zapcore"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/bucketwarden/bucketwarden/cmd/kubeconfig"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

const serveLong = `Answer the admission requests of an API server until a SIGTERM or SIGINT.

In a cluster the webhook configurations are installed together with it. --cert-mode self makes a certificate, keeps its CA
in a Secret that all replicas share, and writes the CA bundle of both configurations. --cert-mode files reads a certificate from
--cert-dir.
For development, --register-local makes a certificate, creates both configurations for https://127.0.0.1:PORT, prints
"ready" once the API server reaches it, and removes them at the end. Logs are JSON on standard error.

The YAML file of --config can set every flag by its name; the command line overrides it.`

const serveExample = `  # against the cluster of a kubeconfig that reaches this machine under 127.0.0.1
  bucketwarden-webhook serve --register-local --kubeconfig kubeconfig.yaml

  # in a pod
  bucketwarden-webhook serve --namespace bucketwarden
  bucketwarden-webhook serve --cert-mode files --cert-dir /certs --config /config/serve.yaml`

// gcPercent is GOGC where nobody sets it. Most of what serve holds is the inventory, which stays: with Go's 100 there would
// be as much room for garbage again.
const gcPercent = 50

// The ways to come by a certificate.
const (
	certSelf  = "self"
	certFiles = "files"
)

// serveFlags are those that do not map onto webhook.Options as they are.
type serveFlags struct {
	level, trust, certMode, kubeconfig, denial, reports, endpoint, logLevel, config string
}

func newServe() *cobra.Command {
	var flags serveFlags
	var options webhook.Options
	cmd := &cobra.Command{
		Use:     "serve",
		Short:   "Answer the admission requests of an API server",
		Long:    serveLong,
		Example: serveExample,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if flags.config != "" {
				if err := readConfig(flags.config, cmd.Flags()); err != nil {
					return err
				}
			}
			if err := flags.complete(&options); err != nil {
				return err
			}
			return flags.serve(cmd, options)
		},
	}
	flags.register(cmd)
	registerServing(cmd.Flags(), &options)
	registerAdopting(cmd.Flags(), &options)
	registerManaged(cmd.Flags(), &options)
	registerAudit(cmd.Flags(), &options)
	return cmd
}

// register adds the flags that complete reads.
func (f *serveFlags) register(cmd *cobra.Command) {
	set := cmd.Flags()
	set.StringVar(&f.config, "config", "", "YAML `FILE` with the values of flags by their names")
	set.StringVar(&f.certMode, "cert-mode", certSelf, "where the certificate comes from: self or files")
	set.StringVar(&f.denial, "denial-reason", string(webhook.Forbidden), "status of a refusal: forbidden (403) or invalid (422)")
	set.StringVar(&f.reports, "report-group", string(audit.OpenReports), "API group of the audit's reports: openreports.io, or the older wgpolicyk8s.io")
	set.StringVar(&f.endpoint, "otlp-endpoint", "", "`URL` of an OpenTelemetry collector for traces (OTLP over HTTP)")
	set.StringVar(&f.logLevel, "log-level", "info", "debug (also logs what was admitted), info or error")
	program.LevelFlag(cmd, &f.level)
	program.TrustFlag(cmd, &f.trust)
	kubeconfig.Flag(cmd, &f.kubeconfig)
	program.Complete(cmd, "cert-mode", certSelf, certFiles)
	program.Complete(cmd, "denial-reason", string(webhook.Forbidden), string(webhook.Invalid))
	program.Complete(cmd, "report-group", string(audit.OpenReports), string(audit.PolicyReports))
	program.Complete(cmd, "log-level", "debug", "info", "error")
}

// registerServing adds the flags of how and how much is served.
func registerServing(set *pflag.FlagSet, o *webhook.Options) {
	set.IntVar(&o.Port, "port", 9443, "port of the webhooks")
	set.StringVar(&o.MetricsAddr, "metrics-bind-address", ":8080", "`ADDRESS` of /metrics, 0 for none")
	set.BoolVar(&o.MetricsSecure, "metrics-secure", true, "serve /metrics over TLS, to users whom the API server authorizes")
	set.StringVar(&o.HealthAddr, "health-probe-bind-address", ":8081", "`ADDRESS` of /healthz and /readyz, 0 for none")
	set.StringVar(&o.PprofAddr, "pprof-bind-address", "", "`ADDRESS` of Go's profiles (default none)")
	set.BoolVar(&o.LeaderElect, "leader-elect", false, "elect one replica for the work that only one may do")
	set.BoolVar(&o.RegisterLocal, "register-local", false, "create and remove the webhook configurations, for development")
	set.DurationVar(&o.ShutdownDelay, "shutdown-delay", webhook.DefaultShutdownDelay, "how long to go on serving, unready, after a SIGTERM")
	set.IntVar(&o.Limits.InFlight, "max-in-flight", 0, "reviews that run at the same time (default one per processor)")
	set.IntVar(&o.Limits.Waiting, "max-waiting", webhook.DefaultLimits.Waiting, "reviews that may wait for their turn; more are answered 429 at once")
	set.DurationVar(&o.Limits.Wait, "max-wait", webhook.DefaultLimits.Wait, "how long a review may wait before it is answered 429")
}

// registerAdopting adds the flag that says who adopts.
func registerAdopting(set *pflag.FlagSet, o *webhook.Options) {
	set.StringSliceVar(&o.Adopters, "ack-accounts", webhook.DefaultAdopters(),
		"`USERS` of ACK's controllers: what they copy from AWS when they adopt a bucket is not refused")
}

// registerManaged adds the flags of the certificate, most of them of a managed one.
func registerManaged(set *pflag.FlagSet, o *webhook.Options) {
	m := &o.Certificate.Managed
	set.StringVar(&o.Certificate.Dir, "cert-dir", "", "`DIR` with tls.crt and tls.key, for --cert-mode files; read again when they change")
	set.StringVar(&o.Namespace, "namespace", "", "`NAMESPACE` of the server, for its Secret and its probe (default: the pod's own, else default)")
	set.StringVar(&m.Configuration, "webhook-configuration", "bucketwarden", "`NAME` of both webhook configurations, for --cert-mode self")
	set.StringSliceVar(&m.Services, "service-name", []string{"bucketwarden", "bucketwarden-probe"}, "`NAMES` of the Services that the API server calls, for --cert-mode self")
	set.StringVar(&m.Secret, "ca-secret", "bucketwarden-ca", "`NAME` of the Secret with the CA, for --cert-mode self")
	set.DurationVar(&m.CADuration, "ca-duration", webhook.DefaultCADuration, "how long the CA is valid, for --cert-mode self")
	set.DurationVar(&m.LeafDuration, "cert-duration", webhook.DefaultLeafDuration, "how long a certificate is valid, for --cert-mode self")
}

// registerAudit adds the flags of the audit.
func registerAudit(set *pflag.FlagSet, o *webhook.Options) {
	set.BoolVar(&o.Audit.Enabled, "audit", true, "review existing objects, and write reports, Events and metrics")
	set.DurationVar(&o.Audit.Interval, "audit-interval", audit.DefaultInterval, "how often to review everything even if nothing has changed")
}

// complete fills in what the flags stand for. The error names the flag.
func (f serveFlags) complete(o *webhook.Options) error {
	level, err := policy.ParseLevel(f.level)
	if err != nil {
		return fmt.Errorf("--level: %w", err)
	}
	o.Reviewer = review.Reviewer{Rules: rules.All, Level: level}
	if o.Reviewer.Trust, err = program.ReadTrust(f.trust); err != nil {
		return err
	}
	if o.Denial, err = webhook.ParseDenial(f.denial); err != nil {
		return fmt.Errorf("--denial-reason: %w", err)
	}
	if o.Audit.Reports, err = audit.ParseGroup(f.reports); err != nil {
		return fmt.Errorf("--report-group: %w", err)
	}
	if err := checkLimits(*o); err != nil {
		return err
	}
	if err := f.checkCertificate(*o); err != nil {
		return err
	}
	o.Namespace = cmp.Or(o.Namespace, podNamespace(), "default")
	o.Config, err = kubeconfig.Load(f.kubeconfig, "")
	return err
}

func checkLimits(o webhook.Options) error {
	switch {
	case o.Limits.InFlight < 0:
		return fmt.Errorf("--max-in-flight %d is negative", o.Limits.InFlight)
	case o.Limits.Waiting < 0:
		return fmt.Errorf("--max-waiting %d is negative", o.Limits.Waiting)
	case o.Limits.Wait < 0:
		return fmt.Errorf("--max-wait %s is negative", o.Limits.Wait)
	case o.Audit.Interval < time.Minute:
		return fmt.Errorf("--audit-interval %s is less than a minute", o.Audit.Interval)
	case o.ShutdownDelay < 0:
		return fmt.Errorf("--shutdown-delay %s is negative", o.ShutdownDelay)
	}
	return nil
}

func (f serveFlags) checkCertificate(o webhook.Options) error {
	switch {
	case f.certMode != certSelf && f.certMode != certFiles:
		return fmt.Errorf("--cert-mode %q must be %s or %s", f.certMode, certSelf, certFiles)
	case o.RegisterLocal && f.certMode == certFiles:
		return errors.New("--register-local makes its own certificate; leave --cert-mode files out")
	case f.certMode == certSelf && o.Certificate.Dir != "":
		return errors.New("--cert-dir requires --cert-mode files")
	case f.certMode == certSelf:
		return nil
	case o.Certificate.Dir == "":
		return errors.New("--cert-mode files requires --cert-dir")
	}
	for _, name := range []string{"tls.crt", "tls.key"} {
		if _, err := os.Stat(filepath.Join(o.Certificate.Dir, name)); err != nil {
			return fmt.Errorf("--cert-dir: %w", err)
		}
	}
	return nil
}

// podNamespace returns the namespace of the pod that this is, "" outside of one.
func podNamespace() string {
	text, err := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// serve runs the server until a signal.
func (f serveFlags) serve(cmd *cobra.Command, o webhook.Options) (err error) {
	level, err := zapcore.ParseLevel(f.logLevel)
	if err != nil {
		return fmt.Errorf("--log-level: %w", err)
	}
	o.Log = newLog(cmd.ErrOrStderr(), level)
	defer func() {
		if err != nil { // the log is lines of JSON to its last
			o.Log.Error(err, "ended")
			err = program.ExitError{Code: program.ExitUnable}
		}
	}()
	program.SetGCPercent(gcPercent)
	v := program.ThisBuild(version, revision)
	o.Build = webhook.Build{Version: v.Version, Revision: v.Revision, Go: v.Go}
	announce(o.Log, v, o)
	if o.RegisterLocal {
		o.Reached = func() { fmt.Fprintln(cmd.OutOrStdout(), "ready") }
	}
	ctx := ctrl.SetupSignalHandler()
	if f.endpoint != "" {
		tracer, err := webhook.NewTracer(ctx, f.endpoint, o.Build)
		if err != nil {
			return fmt.Errorf("--otlp-endpoint: %w", err)
		}
		o.Tracer = tracer
		defer func() { err = errors.Join(err, tracer.Shutdown(context.WithoutCancel(ctx))) }()
	}
	return webhook.Serve(ctx, o)
}
