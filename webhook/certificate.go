package webhook

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/bucketwarden/bucketwarden/webhook/certs"
)

// How long managed certificates last when nobody says otherwise.
const (
	DefaultCADuration   = 365 * 24 * time.Hour
	DefaultLeafDuration = 7 * 24 * time.Hour
)

// Certificate says where the serving certificate comes from. RegisterLocal needs none.
type Certificate struct {
	Dir     string        // holds tls.crt and tls.key, read again when they change; "" for a managed one
	Managed certs.Options // of a managed one; its namespace is the server's
}

// certificate is where the serving certificate comes from, whatever that is.
type certificate struct {
	get      func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	bundle   []byte // PEM that verifies it; with RegisterLocal
	ready    func(*http.Request) error
	expiries func() map[string]time.Time
	prepare  func(*cache.Options)        // before there is a manager
	addTo    func(manager.Manager) error // before all but prepare
}

// tls returns how a server uses the certificate.
func (c certificate) tls() []func(*tls.Config) {
	return []func(*tls.Config){func(config *tls.Config) {
		config.GetCertificate = c.get
		config.NextProtos = []string{"http/1.1"} // the API server speaks no other with webhooks, and HTTP/2 resets are cheap for attackers
	}}
}

func (s *server) newCertificate() (certificate, error) {
	if s.RegisterLocal {
		return localCertificate()
	}
	if s.Certificate.Dir != "" {
		return fileCertificate(s.Certificate.Dir)
	}
	s.Certificate.Managed.Namespace = s.Namespace
	return managedCertificate(s.Certificate.Managed), nil
}

// managedCertificate makes certificates and the authority that signs them, and has the API server know it.
func managedCertificate(o certs.Options) certificate {
	var source *certs.Source // made by addTo, which is called before all else
	return certificate{
		get:   func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return source.GetCertificate(hello) },
		ready: func(r *http.Request) error { return source.Ready(r) },
		expiries: func() map[string]time.Time {
			out := map[string]time.Time{}
			leaf, authority := source.Expiry()
			for name, t := range map[string]time.Time{"leaf": leaf, "ca": authority} {
				if !t.IsZero() {
					out[name] = t
				}
			}
			return out
		},
		prepare: func(c *cache.Options) { certs.CacheOptions(o, c) },
		addTo: func(m manager.Manager) (err error) {
			source, err = certs.Add(m, o)
			return err
		},
	}
}

const localHost = "127.0.0.1"

// localCertificate makes a certificate for this machine.
func localCertificate() (certificate, error) {
	text, key, err := cert.GenerateSelfSignedCertKey(localHost, []net.IP{net.ParseIP(localHost)}, nil)
	if err != nil {
		return certificate{}, fmt.Errorf("serving certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(text, key)
	if err != nil {
		return certificate{}, fmt.Errorf("serving certificate: %w", err)
	}
	get := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &pair, nil } //nolint:unparam // as crypto/tls asks
	return certificate{
		get: get, bundle: text, ready: func(*http.Request) error { return nil },
		expiries: func() map[string]time.Time { return leafExpiry(get) },
		prepare:  func(*cache.Options) {},
		addTo:    func(manager.Manager) error { return nil },
	}, nil
}

// fileCertificate reads the certificate from a directory, again whenever it changes.
func fileCertificate(dir string) (certificate, error) {
	watcher, err := certwatcher.New(filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"))
	if err != nil {
		return certificate{}, fmt.Errorf("serving certificate: %w", err)
	}
	return certificate{
		get: watcher.GetCertificate,
		ready: func(*http.Request) error {
			if t := leafExpiry(watcher.GetCertificate)["leaf"]; time.Now().After(t) {
				return fmt.Errorf("the certificate in %s expired at %s", dir, t.Format(time.RFC3339))
			}
			return nil
		},
		expiries: func() map[string]time.Time { return leafExpiry(watcher.GetCertificate) },
		prepare:  func(*cache.Options) {},
		addTo:    func(m manager.Manager) error { return m.Add(watcher) },
	}, nil
}

// leafExpiry returns when the certificate that is served now runs out, nothing while there is none.
func leafExpiry(get func(*tls.ClientHelloInfo) (*tls.Certificate, error)) map[string]time.Time {
	pair, err := get(nil)
	if err != nil || pair == nil {
		return nil
	}
	leaf, err := leafOf(pair)
	if err != nil {
		return nil
	}
	return map[string]time.Time{"leaf": leaf.NotAfter}
}

func leafOf(pair *tls.Certificate) (*x509.Certificate, error) {
	if pair.Leaf != nil {
		return pair.Leaf, nil
	}
	if len(pair.Certificate) == 0 {
		return nil, errors.New("the pair holds no certificate")
	}
	return x509.ParseCertificate(pair.Certificate[0])
}
