package lualib

import (
	"crypto/hmac"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"math/big"

	lua "github.com/yuin/gopher-lua"
)

// jwtKey is a key for one algorithm of tokens: a secret, or a key of RSA or ECDSA.
type jwtKey struct {
	jwtAlgorithm
	name   string
	secret string
	key    *signingKey // nil with a secret
}

// jwtKeyOf reads a secret, or a key in PEM, and raises an error if it does not fit the algorithm.
func jwtKeyOf(L *lua.LState, algorithm, text string) jwtKey {
	a, ok := jwtAlgorithms[algorithm]
	if !ok {
		L.RaiseError("unsupported JWT algorithm %q", algorithm)
	}
	k := jwtKey{jwtAlgorithm: a, name: algorithm, secret: text}
	if a.kind == "" {
		return k
	}
	key, err := parseKey(text)
	if err == nil && key.kind() != a.kind {
		err = errors.New("incorrect key type")
	}
	if err != nil {
		L.RaiseError("%s: %s", algorithm, err.Error())
	}
	k.key = key
	return k
}

func (k jwtKey) sign(signed string) ([]byte, error) {
	if k.key == nil {
		return k.mac(signed), nil
	}
	signature, err := k.key.sign(k.hash, k.how, digestOf(k.hash, signed))
	if err != nil || k.size == 0 {
		return signature, err
	}
	return joinECDSA(signature, k.size)
}

// verify looks at a signature in base64url.
func (k jwtKey) verify(signed, encoded string) bool {
	signature, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return false
	}
	if k.key == nil {
		return hmac.Equal(k.mac(signed), signature)
	}
	if k.size > 0 {
		if signature, err = splitECDSA(signature, k.size); err != nil {
			return false
		}
	}
	return k.key.verify(k.hash, k.how, digestOf(k.hash, signed), signature)
}

func (k jwtKey) mac(signed string) []byte {
	mac := hmac.New(k.hash.New, []byte(k.secret))
	mac.Write([]byte(signed))
	return mac.Sum(nil)
}

// joinECDSA makes of a signature in DER the form of RFC 7518 §3.4: both numbers, each of a fixed size in bytes.
func joinECDSA(der []byte, size int) ([]byte, error) {
	var s ecdsaSignature
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return nil, err
	}
	out := make([]byte, 2*size)
	s.R.FillBytes(out[:size])
	s.S.FillBytes(out[size:])
	return out, nil
}

func splitECDSA(signature []byte, size int) ([]byte, error) {
	if len(signature) != 2*size {
		return nil, errors.New("the signature has the wrong size")
	}
	return asn1.Marshal(ecdsaSignature{new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:])})
}
