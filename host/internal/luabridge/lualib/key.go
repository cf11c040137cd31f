package lualib

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// signingKey is a key of RSA, ECDSA or Ed25519.
type signingKey struct {
	private crypto.Signer // nil if only the public one is known
	public  crypto.PublicKey
}

// scheme is how a key of RSA signs; others have one way.
type scheme int

const (
	pkcs1 scheme = iota // RFC 8017 §8.2
	pss                 // RFC 8017 §8.1, salt as long as the digest
)

var errKey = errors.New("neither a key nor a certificate")

// parseKey reads PEM or DER: PKCS #8, PKCS #1, SEC 1, PKIX, or a certificate, whose key it is then.
func parseKey(text string) (*signingKey, error) {
	der := []byte(text)
	if block, _ := pem.Decode(der); block != nil {
		der = block.Bytes
	}
	if k, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return privateKey(k)
	}
	if k, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return privateKey(k)
	}
	if k, err := x509.ParseECPrivateKey(der); err == nil {
		return privateKey(k)
	}
	if k, err := x509.ParsePKIXPublicKey(der); err == nil {
		return &signingKey{public: k}, nil
	}
	if k, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return &signingKey{public: k}, nil
	}
	if c, err := x509.ParseCertificate(der); err == nil {
		return &signingKey{public: c.PublicKey}, nil
	}
	return nil, errKey
}

func privateKey(k any) (*signingKey, error) {
	signer, ok := k.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("a key of type %T cannot sign", k)
	}
	return &signingKey{private: signer, public: signer.Public()}, nil
}

func newECKey(curve elliptic.Curve) (*signingKey, error) {
	k, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		return nil, err
	}
	return privateKey(k)
}

func newEd25519Key() (*signingKey, error) {
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return privateKey(k)
}

func newRSAKey(bits int) (*signingKey, error) {
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, err
	}
	return privateKey(k)
}

// kind is OpenSSL's name of the key's type.
func (k *signingKey) kind() string {
	switch k.public.(type) {
	case *rsa.PublicKey:
		return "rsaEncryption"
	case *ecdsa.PublicKey:
		return "id-ecPublicKey"
	case ed25519.PublicKey:
		return "ED25519"
	}
	return "unknown"
}

// sign signs a digest, or with Ed25519 (h is 0) the message itself. Signatures of ECDSA are in DER.
func (k *signingKey) sign(h crypto.Hash, how scheme, digest []byte) ([]byte, error) {
	if k.private == nil {
		return nil, errors.New("a public key cannot sign")
	}
	var options crypto.SignerOpts = h
	if how == pss {
		options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
	}
	return k.private.Sign(rand.Reader, digest, options)
}

// verify is sign's counterpart.
func (k *signingKey) verify(h crypto.Hash, how scheme, digest, signature []byte) bool {
	switch public := k.public.(type) {
	case *rsa.PublicKey:
		if how == pss {
			return rsa.VerifyPSS(public, h, digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto}) == nil
		}
		return rsa.VerifyPKCS1v15(public, h, digest, signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(public, digest, signature)
	case ed25519.PublicKey:
		return ed25519.Verify(public, digest, signature)
	}
	return false
}

func (k *signingKey) privatePEM() (string, error) {
	if k.private == nil {
		return "", errors.New("not a private key")
	}
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), err
}

func (k *signingKey) publicPEM() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.public)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), err
}
