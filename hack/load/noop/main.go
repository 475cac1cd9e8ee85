// Command noop is a webhook server that admits everything unread: what any webhook of controller-runtime costs. It takes
// those flags of `bucketwarden-webhook serve` that load gives.
package main

import (
	"context"
	"flag"
	"log"
	"os"

	"github.com/go-logr/logr"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("noop: ")
	if err := serve(os.Args[2:]); err != nil { // os.Args[1] is serve
		log.Fatal(err)
	}
}

func serve(args []string) error {
	set := flag.NewFlagSet("serve", flag.ExitOnError)
	kubeconfig := set.String("kubeconfig", "", "of the API server")
	port := set.Int("port", 9443, "of the webhooks")
	metrics := set.String("metrics-bind-address", "0", "address")
	health := set.String("health-probe-bind-address", "0", "address")
	_ = set.String("cert-mode", "files", "files alone")
	certDir := set.String("cert-dir", "", "directory of tls.crt and tls.key")
	if err := set.Parse(args); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	m, err := ctrl.NewManager(config, ctrl.Options{
		WebhookServer:          webhook.NewServer(webhook.Options{Port: *port, CertDir: *certDir}),
		Metrics:                metricsserver.Options{BindAddress: *metrics},
		HealthProbeBindAddress: *health,
		Logger:                 logr.Discard(),
	})
	if err != nil {
		return err
	}
	for _, path := range []string{"/mutate", "/validate"} {
		m.GetWebhookServer().Register(path, &webhook.Admission{Handler: admission.HandlerFunc(
			func(context.Context, admission.Request) admission.Response { return admission.Allowed("") },
		)})
	}
	if err := m.AddReadyzCheck("webhook", m.GetWebhookServer().StartedChecker()); err != nil {
		return err
	}
	return m.Start(ctrl.SetupSignalHandler())
}
