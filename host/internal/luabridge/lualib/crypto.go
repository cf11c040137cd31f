package lualib

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/asn1"
	"math/big"

	lua "github.com/yuin/gopher-lua"
)

// keyClass is that of util.crypto's keys.
const keyClass = "key"

// openCrypto makes util.crypto (Prosody 13): keys from PEM or new, signatures, and AES.
func (l *library) openCrypto(*lua.LState) lua.LValue {
	keys := l.class(keyClass, map[string]lua.LGFunction{
		"get_type":    func(L *lua.LState) int { return pushString(L, self[*signingKey](L, keyClass).kind()) },
		"private_pem": func(L *lua.LState) int { return pushPEM(L, self[*signingKey](L, keyClass).privatePEM) },
		"public_pem":  func(L *lua.LState) int { return pushPEM(L, self[*signingKey](L, keyClass).publicPEM) },
		"derive":      deriveSecret,
	})
	functions := map[string]lua.LGFunction{
		"import_private_pem":       l.importKey(keys, true),
		"import_public_pem":        l.importKey(keys, false),
		"generate_ed25519_keypair": l.newKey(keys, newEd25519Key),
		"generate_p256_keypair":    l.newKey(keys, func() (*signingKey, error) { return newECKey(elliptic.P256()) }),
		"ed25519_sign":             signWith(0, pkcs1),
		"ed25519_verify":           verifyWith(0, pkcs1),
		"ecdsa_sha256_sign":        signWith(crypto.SHA256, pkcs1),
		"ecdsa_sha256_verify":      verifyWith(crypto.SHA256, pkcs1),
		"parse_ecdsa_signature":    parseECDSASignature,
		"build_ecdsa_signature":    buildECDSASignature,
		"aes_128_gcm_encrypt":      sealGCM(16),
		"aes_128_gcm_decrypt":      openGCM(16),
		"aes_256_gcm_encrypt":      sealGCM(32),
		"aes_256_gcm_decrypt":      openGCM(32),
		"aes_256_ctr_encrypt":      cryptCTR(32),
		"aes_256_ctr_decrypt":      cryptCTR(32),
	}
	for bits, h := range map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512} {
		functions["rsassa_pkcs1_sha"+bits+"_sign"] = signWith(h, pkcs1)
		functions["rsassa_pkcs1_sha"+bits+"_verify"] = verifyWith(h, pkcs1)
		functions["rsassa_pss_sha"+bits+"_sign"] = signWith(h, pss)
		functions["rsassa_pss_sha"+bits+"_verify"] = verifyWith(h, pss)
	}
	return l.table(functions)
}

func pushPEM(L *lua.LState, encode func() (string, error)) int {
	text, err := encode()
	if err != nil {
		return pushFailure(L, err.Error())
	}
	return pushString(L, text)
}

func (l *library) importKey(class *lua.LTable, private bool) lua.LGFunction {
	return func(L *lua.LState) int {
		key, err := parseKey(L.CheckString(1))
		if err == nil && (key.private != nil) != private {
			err = errKey
		}
		if err != nil {
			return pushFailure(L, err.Error())
		}
		L.Push(l.object(class, key))
		return 1
	}
}

func (l *library) newKey(class *lua.LTable, generate func() (*signingKey, error)) lua.LGFunction {
	return func(L *lua.LState) int {
		key, err := generate()
		if err != nil {
			L.RaiseError("generating a key: %s", err.Error())
		}
		L.Push(l.object(class, key))
		return 1
	}
}

// signWith is a function(key, message); digests are taken here, but for Ed25519 (h is 0).
func signWith(h crypto.Hash, how scheme) lua.LGFunction {
	return func(L *lua.LState) int {
		signature, err := self[*signingKey](L, keyClass).sign(h, how, toSign(h, L.CheckString(2)))
		if err != nil {
			L.RaiseError("signing: %s", err.Error())
		}
		return pushString(L, string(signature))
	}
}

// verifyWith is a function(key, message, signature).
func verifyWith(h crypto.Hash, how scheme) lua.LGFunction {
	return func(L *lua.LState) int {
		key := self[*signingKey](L, keyClass)
		L.Push(lua.LBool(key.verify(h, how, toSign(h, L.CheckString(2)), []byte(L.CheckString(3)))))
		return 1
	}
}

func toSign(h crypto.Hash, message string) []byte {
	if h == 0 {
		return []byte(message)
	}
	return digestOf(h, message)
}

// deriveSecret is private:derive(public): what both sides of ECDH know.
func deriveSecret(L *lua.LState) int {
	mine, ok := self[*signingKey](L, keyClass).private.(*ecdsa.PrivateKey)
	other, found := valueOf[*signingKey](L.Get(2))
	if !ok || !found {
		return pushFailure(L, "want a private and a public key of elliptic curves")
	}
	public, ok := other.public.(*ecdsa.PublicKey)
	if !ok {
		return pushFailure(L, "not a key of an elliptic curve")
	}
	secret, err := agree(mine, public)
	if err != nil {
		return pushFailure(L, err.Error())
	}
	return pushString(L, string(secret))
}

func agree(mine *ecdsa.PrivateKey, other *ecdsa.PublicKey) ([]byte, error) {
	private, err := mine.ECDH()
	if err != nil {
		return nil, err
	}
	var public *ecdh.PublicKey
	if public, err = other.ECDH(); err != nil {
		return nil, err
	}
	return private.ECDH(public)
}

// ecdsaSignature is what DER has of it.
type ecdsaSignature struct{ R, S *big.Int }

// parseECDSASignature: DER, size of the numbers in bytes (default 32) → both numbers as strings of that size.
func parseECDSASignature(L *lua.LState) int {
	var s ecdsaSignature
	size := L.OptInt(2, 32)
	rest, err := asn1.Unmarshal([]byte(L.CheckString(1)), &s)
	if err != nil || len(rest) > 0 || s.R.Sign() < 0 || s.S.Sign() < 0 || s.R.BitLen() > 8*size || s.S.BitLen() > 8*size {
		return pushFailure(L, "not a signature")
	}
	L.Push(lua.LString(s.R.FillBytes(make([]byte, size))))
	L.Push(lua.LString(s.S.FillBytes(make([]byte, size))))
	return 2
}

// buildECDSASignature: both numbers → DER.
func buildECDSASignature(L *lua.LState) int {
	der, err := asn1.Marshal(ecdsaSignature{new(big.Int).SetBytes([]byte(L.CheckString(1))), new(big.Int).SetBytes([]byte(L.CheckString(2)))})
	if err != nil {
		return pushFailure(L, err.Error())
	}
	return pushString(L, string(der))
}

// aesBlock makes AES of the first argument, a key of a certain size; its second, which becomes iv, has a size as well.
func aesBlock(L *lua.LState, keySize, ivSize int) (block cipher.Block, iv []byte) {
	key, iv := L.CheckString(1), []byte(L.CheckString(2))
	if len(key) != keySize {
		L.ArgError(1, "the key has the wrong size")
	}
	if len(iv) != ivSize {
		L.ArgError(2, "the initialisation vector has the wrong size")
	}
	block, err := aes.NewCipher([]byte(key))
	if err != nil {
		L.RaiseError("AES: %s", err.Error())
	}
	return block, iv
}

func gcm(L *lua.LState, keySize int) (cipher.AEAD, []byte) {
	block, nonce := aesBlock(L, keySize, 12)
	aead, err := cipher.NewGCM(block)
	if err != nil {
		L.RaiseError("AES-GCM: %s", err.Error())
	}
	return aead, nonce
}

// sealGCM: key, nonce, text → encrypted text and tag in one string.
func sealGCM(keySize int) lua.LGFunction {
	return func(L *lua.LState) int {
		aead, nonce := gcm(L, keySize)
		return pushString(L, string(aead.Seal(nil, nonce, []byte(L.CheckString(3)), nil)))
	}
}

func openGCM(keySize int) lua.LGFunction {
	return func(L *lua.LState) int {
		aead, nonce := gcm(L, keySize)
		text, err := aead.Open(nil, nonce, []byte(L.CheckString(3)), nil)
		if err != nil {
			return pushFailure(L, "decryption failed")
		}
		return pushString(L, string(text))
	}
}

// cryptCTR works in both directions: key, initialisation vector, text.
func cryptCTR(keySize int) lua.LGFunction {
	return func(L *lua.LState) int {
		block, iv := aesBlock(L, keySize, aes.BlockSize)
		text := []byte(L.CheckString(3))
		cipher.NewCTR(block, iv).XORKeyStream(text, text)
		return pushString(L, string(text))
	}
}
