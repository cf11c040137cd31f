package lualib

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// openOpenSSLRand makes openssl.rand.
func (l *library) openOpenSSLRand(*lua.LState) lua.LValue {
	ready := func(L *lua.LState) int {
		L.Push(lua.LTrue)
		return 1
	}
	return l.table(map[string]lua.LGFunction{
		"ready": ready, "load": ready, "add": ready, "stir": ready,
		"bytes": func(L *lua.LState) int {
			out := make([]byte, max(L.CheckInt(1), 0))
			rand.Read(out)
			return pushString(L, string(out))
		},
		"uniform": randUniform,
	})
}

// randUniform is a whole number from 0 up to one less than the argument, at most 2^53.
func randUniform(L *lua.LState) int {
	limit := L.OptInt64(1, 1<<53)
	if limit < 1 || limit > 1<<53 {
		L.ArgError(1, "out of range")
	}
	n, err := rand.Int(rand.Reader, big.NewInt(limit))
	if err != nil {
		L.RaiseError("rand.uniform: %s", err.Error())
	}
	L.Push(lua.LNumber(n.Int64()))
	return 1
}

// openOpenSSLKDF makes openssl.kdf: derive { type = "PBKDF2" or "HKDF", outlen, md = "sha256", … }.
func (l *library) openOpenSSLKDF(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{"derive": deriveKey})
}

func deriveKey(L *lua.LState) int {
	t := L.CheckTable(1)
	text := func(name string) string { return lua.LVAsString(t.RawGetString(name)) }
	h, ok := digestNames[strings.ToLower(strings.TrimPrefix(text("md"), "RSA-"))]
	if text("md") == "" {
		h, ok = digestNames["sha256"], true
	}
	size := int(lua.LVAsNumber(t.RawGetString("outlen")))
	if !ok || size < 1 {
		L.ArgError(1, "want md and outlen")
	}
	var key []byte
	var err error
	switch strings.ToUpper(text("type")) {
	case "PBKDF2":
		rounds := max(int(lua.LVAsNumber(t.RawGetString("iter"))), 1)
		password, salt := text("pass"), []byte(text("salt"))
		compat.Of(L).Unlocked(L, func() { key, err = pbkdf2.Key(h.New, password, salt, rounds, size) })
	case "HKDF":
		key, err = hkdf.Key(h.New, []byte(text("key")), []byte(text("salt")), text("info"), size)
	default:
		L.ArgError(1, "no key derivation of type "+text("type"))
	}
	if err != nil {
		return pushFailure(L, err.Error())
	}
	return pushString(L, string(key))
}

const certificateClass = "x509"

// openOpenSSLX509 makes openssl.x509: new(PEM or DER), with getPublicKey, getLifetime, getSubject, getIssuer, getSerial, digest and toPEM.
func (l *library) openOpenSSLX509(*lua.LState) lua.LValue {
	keys := l.pkeyClass()
	cert := func(L *lua.LState) *x509.Certificate { return self[*x509.Certificate](L, certificateClass) }
	class := l.class(certificateClass, map[string]lua.LGFunction{
		"getPublicKey": func(L *lua.LState) int {
			L.Push(l.object(keys, &signingKey{public: cert(L).PublicKey}))
			return 1
		},
		"getLifetime": func(L *lua.LState) int {
			L.Push(lua.LNumber(cert(L).NotBefore.Unix()))
			L.Push(lua.LNumber(cert(L).NotAfter.Unix()))
			return 2
		},
		"getSubject": func(L *lua.LState) int { return pushString(L, cert(L).Subject.String()) },
		"getIssuer":  func(L *lua.LState) int { return pushString(L, cert(L).Issuer.String()) },
		"getSerial":  func(L *lua.LState) int { return pushString(L, cert(L).SerialNumber.String()) },
		"toPEM": func(L *lua.LState) int {
			return pushString(L, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert(L).Raw})))
		},
		"digest": func(L *lua.LState) int { return certificateDigest(L, cert(L)) },
	})
	return l.table(map[string]lua.LGFunction{"new": func(L *lua.LState) int {
		der := []byte(L.CheckString(1))
		if block, _ := pem.Decode(der); block != nil {
			der = block.Bytes
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			L.RaiseError("x509.new: %s", err.Error())
		}
		L.Push(l.object(class, c))
		return 1
	}})
}

// certificateDigest: type (default "sha1"), "s" for bytes instead of hexadecimal digits.
func certificateDigest(L *lua.LState, c *x509.Certificate) int {
	sum := digestOf(checkDigest(L, 2, "sha1"), string(c.Raw))
	if L.OptString(3, "x") == "s" {
		return pushString(L, string(sum))
	}
	return pushString(L, hex.EncodeToString(sum))
}
