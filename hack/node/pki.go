//go:build linux

package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// pki is a directory with ca.crt, the certificates that it signed, NAME.crt and NAME.key, and kubeconfigs NAME.conf.
type pki struct {
	dir string
	ca  *x509.Certificate
	key crypto.Signer
}

const serverURL = "https://" + nodeIP + ":6443"

// newPKI makes an authority, the certificates of the node's programs, and sa.key, by which tokens are signed.
func newPKI(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	p := &pki{dir: dir, key: key, ca: &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "node"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}}
	if err := p.write("ca", p.ca, key); err != nil {
		return err
	}
	tokens, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	if err := p.writeKey("sa", tokens); err != nil {
		return err
	}
	for _, user := range []struct {
		file, name string
		groups     []string
	}{
		{"apiserver", "kube-apiserver", nil},
		{"admin", "admin", []string{"system:masters"}},
		{"controllers", "system:kube-controller-manager", nil},
		{"scheduler", "system:kube-scheduler", nil},
		{"proxy", "system:kube-proxy", nil},
		{"kubelet", "system:node:" + nodeName, []string{"system:nodes"}},
	} {
		if err := p.user(user.file, pkix.Name{CommonName: user.name, Organization: user.groups}); err != nil {
			return err
		}
	}
	return nil
}

// user makes a certificate to call and to be called with, and a kubeconfig.
func (p *pki) user(file string, subject pkix.Name) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return err
	}
	err = p.write(file, &x509.Certificate{
		SerialNumber: serial, Subject: subject, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{nodeName, "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.ParseIP(nodeIP), net.IPv4(10, 96, 0, 1), net.IPv4(127, 0, 0, 1)},
	}, key)
	config := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: node, cluster: {server: %q, certificate-authority: %q}}]
users: [{name: user, user: {client-certificate: %q, client-key: %q}}]
contexts: [{name: node, context: {cluster: node, user: user}}]
current-context: node
`, serverURL, p.path("ca.crt"), p.path(file+".crt"), p.path(file+".key"))
	return errors.Join(err, os.WriteFile(p.path(file+".conf"), []byte(config), 0o600))
}

func (p *pki) path(file string) string { return filepath.Join(p.dir, file) }

// write signs a certificate for a key, by the authority, and writes both.
func (p *pki) write(name string, template *x509.Certificate, key *ecdsa.PrivateKey) error {
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Minute), time.Now().Add(24*time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, template, p.ca, key.Public(), p.key)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return errors.Join(os.WriteFile(p.path(name+".crt"), text, 0o600), p.writeKey(name, key))
}

func (p *pki) writeKey(name string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
	return os.WriteFile(p.path(name+".key"), text, 0o600)
}
