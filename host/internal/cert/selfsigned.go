package cert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// selfYears is how long a self-signed certificate is good for. Who trusts it has pinned it, so that a short life would only annoy.
const selfYears = 10

// openSelf reads the self-signed certificate, or makes one if there is none, it ends, or a host is missing in it.
func (s *Store) openSelf() error {
	if s.cfg.SelfDir == "" {
		if s.self != nil && s.covers(s.self) {
			return nil
		}
		c, _, _, err := s.makeSelf(s.self)
		s.self = c
		return err
	}
	certFile, keyFile := filepath.Join(s.cfg.SelfDir, "selfsigned.crt"), filepath.Join(s.cfg.SelfDir, "selfsigned.key")
	c, err := tls.LoadX509KeyPair(certFile, keyFile)
	var old *tls.Certificate
	switch {
	case err == nil && s.covers(&c):
		s.self = &c
		return nil
	case err == nil:
		old = &c
		s.cfg.Log.Warn("making a new self-signed certificate: the old one has run out or lacks a host", "file", certFile)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading the self-signed certificate (remove it and its key to have new ones made): %w", err)
	}
	return s.keepSelf(certFile, keyFile, old)
}

// keepSelf makes a certificate, with the key of the old one if there is one, and stores it.
func (s *Store) keepSelf(certFile, keyFile string, old *tls.Certificate) error {
	c, certPEM, keyPEM, err := s.makeSelf(old)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.cfg.SelfDir, 0o700); err != nil {
		return fmt.Errorf("keeping the self-signed certificate: %w", err)
	}
	if err := replace(keyFile, keyPEM, 0o600); err != nil {
		return err
	}
	if err := replace(certFile, certPEM, 0o644); err != nil {
		return err
	}
	s.self = c
	return nil
}

func (s *Store) covers(c *tls.Certificate) bool {
	if !s.cfg.Now().Before(c.Leaf.NotAfter) {
		return false
	}
	for _, host := range s.cfg.Hosts {
		if c.Leaf.VerifyHostname(ascii(host)) != nil {
			return false
		}
	}
	return true
}

// makeSelf makes a certificate for all hosts.
func (s *Store) makeSelf(old *tls.Certificate) (c *tls.Certificate, certPEM, keyPEM []byte, err error) {
	key, err := keyOf(old)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("making a self-signed certificate: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, s.template(), s.template(), key.Public(), key)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("making a self-signed certificate: %w", err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("making a self-signed certificate: %w", err)
	}
	certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	made, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("making a self-signed certificate: %w", err)
	}
	return &made, certPEM, keyPEM, nil
}

func (s *Store) template() *x509.Certificate {
	now := s.cfg.Now()
	t := &x509.Certificate{
		SerialNumber:          big.NewInt(now.UnixNano()),
		NotBefore:             now.Add(-time.Hour), // for peers whose clock is late
		NotAfter:              now.AddDate(selfYears, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
		Subject:               pkix.Name{CommonName: "XMPP server"},
	}
	for _, host := range s.cfg.Hosts {
		if ip := net.ParseIP(host); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, ascii(host))
		}
	}
	return t
}

// replace writes a file so that it is there completely or not at all.
func replace(path string, data []byte, mode os.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(mode)
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	return nil
}

// keyOf is the key of a certificate of ours, so that who has pinned the key need not trust anew; a fresh one if there is none.
func keyOf(old *tls.Certificate) (*ecdsa.PrivateKey, error) {
	if old != nil {
		if key, ok := old.PrivateKey.(*ecdsa.PrivateKey); ok {
			return key, nil
		}
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}
