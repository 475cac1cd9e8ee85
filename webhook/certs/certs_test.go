package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"
	"time"

	"k8s.io/client-go/util/cert"
)

// start is when every story of the tests begins.
var start = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func at(d time.Duration) time.Time { return start.Add(d) }

// maker is an authority with its key.
type maker struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// newAuthority makes an authority. from and to count from the start.
func newAuthority(t *testing.T, name string, from, to time.Duration) maker {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: at(from), NotAfter: at(to),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	return maker{sign(t, template, template, key, key), key}
}

// leaf signs a certificate for a server.
func (m maker) leaf(t *testing.T, from, to time.Duration) *tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		DNSNames: []string{"gate.ns.svc"}, NotBefore: at(from), NotAfter: at(to),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	leaf := sign(t, template, m.Certificate, key, m.key)
	return &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t *testing.T, template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func encode(t *testing.T, list ...*x509.Certificate) string {
	t.Helper()
	out, err := cert.EncodeCertificates(list...)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestOptions(t *testing.T) {
	const second, hour = time.Second, time.Hour
	tests := []struct {
		ca, leaf, settle time.Duration
		want             string
	}{
		{8760 * hour, 168 * hour, 10 * second, ""},
		{60 * second, 6 * second, second, ""},
		{60 * second, 60 * second, 3 * second, ""},
		{59 * second, 6 * second, second, "a CA that is valid for 59s would expire before it is replaced; use at least a minute"},
		{hour, 5 * second, 5 * second / 6, "a certificate cannot be valid for 5s; use between 6s and its CA's 1h0m0s"},
		{hour, hour + 1, 10 * second, "a certificate cannot be valid for 1h0m0.000000001s; use between 6s and its CA's 1h0m0s"},
	}
	for _, tt := range tests {
		o := Options{CADuration: tt.ca, LeafDuration: tt.leaf}
		got := ""
		if err := o.check(); err != nil {
			got = err.Error()
		}
		if got != tt.want || o.settle() != tt.settle {
			t.Errorf("%s, %s: %q, settles in %s; want %q, %s", tt.ca, tt.leaf, got, o.settle(), tt.want, tt.settle)
		}
	}
}
