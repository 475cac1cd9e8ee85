package certs

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Source gives the server its certificate. A new one is held back until every API server can be expected to know its
// authority; until then the one before is given, whose authority is still known.
type Source struct {
	issuer issuer
	settle time.Duration
	now    func() time.Time

	mu      sync.Mutex
	serving *tls.Certificate
	early   bool                 // serving is the first, and not known to have settled
	current *x509.Certificate    // signs now; nil before it has been seen
	trusts  []trust              // nil before the configurations have been looked at
	since   map[string]time.Time // when an authority, by its DER, was first seen in all of trusts
}

// issuer gives the newest certificate there is.
type issuer interface {
	GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
}

// trust is what the API server verifies the server by when it calls one webhook.
type trust struct {
	where       string // for people
	authorities []*x509.Certificate
}

// GetCertificate returns the certificate to serve, or an error as long as there is none.
func (s *Source) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	issued, err := s.issuer.GetCertificate(hello)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.serving == nil {
		s.serving, s.early = issued, true
	}
	if s.serving != issued && (!s.usable(s.serving.Leaf) || s.settled(issued.Leaf)) {
		s.serving = issued
	}
	return s.serving, nil
}

// usable reports whether a certificate verifies for every webhook.
func (s *Source) usable(leaf *x509.Certificate) bool {
	_, ok := s.published(leaf)
	return ok
}

// settled reports whether a certificate has been usable for a while. An API server notices a changed caBundle a moment
// after it was written, and its clock may be behind ours: a certificate of this very second may not be valid there yet.
func (s *Source) settled(leaf *x509.Certificate) bool {
	since, ok := s.published(leaf)
	before := s.now().Add(-s.settle)
	return ok && !since.After(before) && !leaf.NotBefore.After(before)
}

// published returns since when the certificate's authority has been in every caBundle.
func (s *Source) published(leaf *x509.Certificate) (time.Time, bool) {
	if len(s.trusts) == 0 {
		return time.Time{}, false
	}
	for _, c := range s.trusts[0].authorities {
		if since, ok := s.since[string(c.Raw)]; ok && s.verifies(leaf, c) {
			return since, true
		}
	}
	return time.Time{}, false
}

func (s *Source) verifies(leaf *x509.Certificate, authorities ...*x509.Certificate) bool {
	roots := x509.NewCertPool()
	for _, c := range authorities {
		roots.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: s.now()}) // for a server, as is the default
	return err == nil
}

// observe takes note of what both configurations hold, and of the authority that signs now, nil for unknown.
func (s *Source) observe(current *x509.Certificate, trusts []trust) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if current != nil {
		s.current = current
	}
	s.trusts = trusts
	before := s.since
	s.since = map[string]time.Time{}
	if len(trusts) == 0 {
		return
	}
	for _, c := range trusts[0].authorities {
		missing := slices.ContainsFunc(trusts, func(t trust) bool { return !slices.ContainsFunc(t.authorities, c.Equal) })
		if missing {
			continue
		}
		key := string(c.Raw)
		if seen, ok := before[key]; ok {
			s.since[key] = seen
		} else {
			s.since[key] = s.now()
		}
	}
}

// Ready is a readiness check: nil while the certificate that is served verifies for every webhook of both
// configurations. The error names the first for which it does not.
//
// The first certificate has none before it to be served in its place, so that a replica that starts while the authority
// changes waits here. Later nobody does: replicas that all stopped being ready at once would serve nobody.
func (s *Source) Ready(*http.Request) error {
	serving, err := s.GetCertificate(nil)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.trusts) == 0 {
		return errors.New("the webhook configurations have not been read yet")
	}
	for _, t := range s.trusts {
		if !s.verifies(serving.Leaf, t.authorities...) {
			return fmt.Errorf("%s does not verify the serving certificate", t.where)
		}
	}
	if s.early && !s.settled(serving.Leaf) {
		return errors.New("some API servers may not know the serving certificate yet")
	}
	s.early = false
	return nil
}

// Expiry returns when the certificate that is served and the authority that signs end. The zero time stands for none.
func (s *Source) Expiry() (leaf, authority time.Time) {
	if serving, err := s.GetCertificate(nil); err == nil {
		leaf = serving.Leaf.NotAfter
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		authority = s.current.NotAfter
	}
	return leaf, authority
}
