package certs

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"time"

	"k8s.io/client-go/util/cert"
)

// maxAuthorities is how many certificates a caBundle holds at most. One that rotates as it should needs two.
const maxAuthorities = 8

// bundle returns the PEM that a caBundle is to hold: the authority that signs now, and those of existing that may still
// have signed a certificate in use, newest first. What else is in existing goes.
//
// An authority signs until the next newer one is there, and what it signed lasts for a while: it stays until lifetime
// after the next newer one was made. So all that is to be known stands in the certificates themselves, and every replica
// comes to the same answer.
func bundle(now time.Time, current *x509.Certificate, existing []byte, lifetime time.Duration) ([]byte, error) {
	known := slices.DeleteFunc(parse(existing), func(c *x509.Certificate) bool { return !c.IsCA })
	known = append(known, current)
	slices.SortFunc(known, newestFirst(current))
	known = slices.CompactFunc(known, (*x509.Certificate).Equal)
	var kept []*x509.Certificate
	others := 0
	for i, c := range known {
		if c.Equal(current) {
			kept = append(kept, c)
			continue
		}
		retired := i > 0 && now.After(known[i-1].NotBefore.Add(lifetime))
		if retired || now.After(c.NotAfter) || others == maxAuthorities-1 {
			continue
		}
		kept = append(kept, c)
		others++
	}
	return cert.EncodeCertificates(kept...)
}

// newestFirst orders certificates. Of those of the same second, current is the newest: the others sign no more, and are
// to be retired like those before them.
func newestFirst(current *x509.Certificate) func(a, b *x509.Certificate) int {
	return func(a, b *x509.Certificate) int {
		switch {
		case !a.NotBefore.Equal(b.NotBefore):
			return b.NotBefore.Compare(a.NotBefore)
		case a.Equal(b):
			return 0
		case a.Equal(current):
			return -1
		case b.Equal(current):
			return 1
		}
		return bytes.Compare(a.Raw, b.Raw)
	}
}

// parse returns the certificates in a PEM text and passes over everything else: people and tools write to a caBundle.
func parse(text []byte) []*x509.Certificate {
	var out []*x509.Certificate
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return out
		}
		if block.Type != cert.CertificateBlockType {
			continue
		}
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			out = append(out, c)
		}
	}
}
