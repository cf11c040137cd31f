package sasl

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"

	"quatrain/xmpp/jid"
)

// Hash is a hash function by its IANA name.
type Hash string

// The hashes that SCRAM is registered with for XMPP.
const (
	SHA1   Hash = "SHA-1"
	SHA256 Hash = "SHA-256"
)

// ErrPassword tells that a password contains what SASLprep forbids, or is empty.
var ErrPassword = errors.New("password is not allowed")

// Keys are what a server needs to check a password by SCRAM, and from which it cannot be read (RFC 5802 §3).
type Keys struct {
	StoredKey, ServerKey []byte
	Salt                 []byte
	Iterations           int
}

// DeriveKeys makes the keys of a password. It takes the time that the iterations are meant to take: milliseconds.
func DeriveKeys(h Hash, password string, salt []byte, iterations int) (Keys, error) {
	prepared, ok := jid.Saslprep(password, true)
	if !ok || prepared == "" {
		return Keys{}, ErrPassword
	}
	newHash := h.new()
	if newHash == nil {
		return Keys{}, fmt.Errorf("deriving keys: unknown hash %q", h)
	}
	salted, err := pbkdf2.Key(newHash, prepared, salt, iterations, newHash().Size())
	if err != nil {
		return Keys{}, fmt.Errorf("deriving keys: %w", err)
	}
	stored := newHash()
	stored.Write(mac(newHash, salted, "Client Key"))
	return Keys{StoredKey: stored.Sum(nil), ServerKey: mac(newHash, salted, "Server Key"), Salt: salt, Iterations: iterations}, nil
}

// Equal compares the secret parts in constant time.
func (k Keys) Equal(other Keys) bool {
	stored, server := hmac.Equal(k.StoredKey, other.StoredKey), hmac.Equal(k.ServerKey, other.ServerKey)
	return stored && server
}

func mac(newHash func() hash.Hash, key []byte, text string) []byte {
	m := hmac.New(newHash, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func (h Hash) new() func() hash.Hash {
	switch h {
	case SHA1:
		return sha1.New
	case SHA256:
		return sha256.New
	}
	return nil
}
