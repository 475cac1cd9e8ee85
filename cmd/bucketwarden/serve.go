package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

const serveLong = `Answer the admission requests of an API server until a SIGTERM or SIGINT.

In a cluster the webhook configurations are installed beside it, and the certificate is in --cert-dir. For development,
--register-local makes a certificate, creates both webhook configurations for https://127.0.0.1:PORT, prints "ready" once
the API server reaches it, and removes them at the end. Logs are JSON on standard error.`

const serveExample = `  # against the cluster of a kubeconfig that reaches this machine under 127.0.0.1
  bucketwarden serve --register-local --kubeconfig kubeconfig.yaml

  # in a pod
  bucketwarden serve --cert-mode files --cert-dir /certs --leader-elect`

// The ways to come by a certificate.
const (
	certSelf  = "self"
	certFiles = "files"
)

// serveFlags are those that do not map onto webhook.Options as they are.
type serveFlags struct {
	level, trust, certMode, kubeconfig, denial string
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
			if err := flags.complete(&options); err != nil {
				return err
			}
			options.Log = zap.New(zap.WriteTo(cmd.ErrOrStderr()))
			ctrl.SetLogger(options.Log)
			options.Reached = func() { fmt.Fprintln(cmd.OutOrStdout(), "ready") }
			return webhook.Serve(logr.NewContext(ctrl.SetupSignalHandler(), options.Log), options)
		},
	}
	set := cmd.Flags()
	set.IntVar(&options.Port, "port", 9443, "port of the webhooks")
	set.StringVar(&options.MetricsAddr, "metrics-bind-address", ":8080", "`ADDRESS` of the metrics, 0 for none")
	set.StringVar(&options.HealthAddr, "health-probe-bind-address", ":8081", "`ADDRESS` of /healthz and /readyz, 0 for none")
	set.BoolVar(&options.LeaderElect, "leader-elect", false, "elect one of several replicas for what one has to do alone")
	set.StringVar(&options.CertDir, "cert-dir", "", "`DIR` with tls.crt and tls.key, for --cert-mode files")
	set.BoolVar(&options.RegisterLocal, "register-local", false, "own the webhook configurations, for development")
	set.StringVar(&flags.certMode, "cert-mode", certSelf, "where the certificate comes from: self or files")
	set.StringVar(&flags.kubeconfig, "kubeconfig", "", "`FILE` (default: the pod's own, else $KUBECONFIG, else ~/.kube/config)")
	set.StringVar(&flags.denial, "denial-reason", string(webhook.Forbidden), "what a refusal answers: forbidden (403) or invalid (422)")
	registerLevel(cmd, &flags.level)
	registerTrust(cmd, &flags.trust)
	complete(cmd, "cert-mode", certSelf, certFiles)
	complete(cmd, "denial-reason", string(webhook.Forbidden), string(webhook.Invalid))
	return cmd
}

// complete fills in what the flags stand for. The error names the flag.
func (f serveFlags) complete(o *webhook.Options) error {
	level, err := policy.ParseLevel(f.level)
	if err != nil {
		return fmt.Errorf("--level: %w", err)
	}
	o.Reviewer = review.Reviewer{Rules: rules.All, Level: level}
	if o.Reviewer.Trust, err = readTrust(f.trust); err != nil {
		return err
	}
	if o.Denial, err = webhook.ParseDenial(f.denial); err != nil {
		return fmt.Errorf("--denial-reason: %w", err)
	}
	if err := f.checkCertificate(*o); err != nil {
		return err
	}
	if o.Config, err = restConfig(f.kubeconfig); err != nil {
		return fmt.Errorf("--kubeconfig: %w", err)
	}
	return nil
}

func (f serveFlags) checkCertificate(o webhook.Options) error {
	switch {
	case f.certMode != certSelf && f.certMode != certFiles:
		return fmt.Errorf("--cert-mode %q is neither %s nor %s", f.certMode, certSelf, certFiles)
	case o.RegisterLocal && f.certMode == certFiles:
		return errors.New("--register-local makes its own certificate; leave --cert-mode files out")
	case o.RegisterLocal:
		return nil
	case f.certMode == certSelf:
		return errors.New("--cert-mode self works with --register-local alone so far: managed certificates come with the " +
			"Helm chart; give --cert-mode files and --cert-dir")
	case o.CertDir == "":
		return errors.New("--cert-mode files needs --cert-dir")
	}
	for _, name := range []string{"tls.crt", "tls.key"} {
		if _, err := os.Stat(filepath.Join(o.CertDir, name)); err != nil {
			return fmt.Errorf("--cert-dir: %w", err)
		}
	}
	return nil
}

func restConfig(kubeconfig string) (*rest.Config, error) {
	if kubeconfig != "" {
		return clientcmd.BuildConfigFromFlags("", kubeconfig)
	}
	return ctrl.GetConfig()
}
