package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"time"
)

// certificates writes into a directory what each host proves its name with: HOST.crt and HOST.key, an ECDSA key (P-256), signed by itself.
func certificates(dir string) error {
	for i, host := range []string{accountsHost, anonymousHost, roomsHost} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return err
		}
		about := &x509.Certificate{SerialNumber: big.NewInt(int64(i + 1)), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
		certificate, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
		if err != nil {
			return err
		}
		secret, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return err
		}
		if _, err := write(dir, host+".crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))); err != nil {
			return err
		}
		if _, err := write(dir, host+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))); err != nil {
			return err
		}
	}
	return nil
}

// certificatesIn is where the certificates of a server stand that has its data in dir.
func certificatesIn(dir string) string { return filepath.Join(dir, "certs") }
