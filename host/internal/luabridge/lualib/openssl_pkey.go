package lualib

import (
	"crypto/elliptic"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const pkeyClass = "pkey"

// openOpenSSLPkey makes openssl.pkey: new(PEM or DER) reads a key, new { type, bits, curve } makes one. A key signs what a digest object holds,
// RSA with PKCS #1 1.5.
func (l *library) openOpenSSLPkey(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{"new": l.newPkey()})
}

func (l *library) pkeyClass() *lua.LTable {
	class := l.class(pkeyClass, map[string]lua.LGFunction{
		"type":   func(L *lua.LState) int { return pushString(L, self[*signingKey](L, pkeyClass).kind()) },
		"sign":   pkeySign,
		"verify": pkeyVerify,
		"toPEM":  pkeyToPEM,
	})
	class.RawSetString("__tostring", l.in.State().NewFunction(func(L *lua.LState) int {
		return pushPEM(L, self[*signingKey](L, pkeyClass).publicPEM)
	}))
	return class
}

func (l *library) newPkey() lua.LGFunction {
	class := l.pkeyClass()
	return func(L *lua.LState) int {
		key, err := pkeyOf(L)
		if err != nil {
			L.RaiseError("pkey.new: %s", err.Error())
		}
		L.Push(l.object(class, key))
		return 1
	}
}

// curves are those that keys can be made on.
var curves = map[string]elliptic.Curve{
	"prime256v1": elliptic.P256(), "P-256": elliptic.P256(),
	"secp384r1": elliptic.P384(), "P-384": elliptic.P384(),
	"secp521r1": elliptic.P521(), "P-521": elliptic.P521(),
}

// pkeyOf reads a key in the first argument, or makes the one that it describes.
func pkeyOf(L *lua.LState) (*signingKey, error) {
	t, ok := L.Get(1).(*lua.LTable)
	if !ok {
		return parseKey(L.CheckString(1))
	}
	switch kind, _ := t.RawGetString("type").(lua.LString); strings.ToUpper(string(kind)) {
	case "EC":
		name := lua.LVAsString(t.RawGetString("curve"))
		if name == "" {
			name = "prime256v1"
		}
		if curves[name] == nil {
			L.RaiseError("pkey.new: no curve %q", name)
		}
		return newECKey(curves[name])
	case "ED25519":
		return newEd25519Key()
	case "", "RSA":
		bits, ok := t.RawGetString("bits").(lua.LNumber)
		if !ok {
			bits = 2048
		}
		return newRSAKey(int(bits))
	default:
		L.RaiseError("pkey.new: no keys of type %q", string(kind))
		return nil, nil
	}
}

// pkeySign: digest object → signature, in DER with ECDSA.
func pkeySign(L *lua.LState) int {
	key := self[*signingKey](L, pkeyClass)
	d := checkDigester(L, 2)
	signature, err := key.sign(d.kind, pkcs1, d.Sum(nil))
	if err != nil {
		L.RaiseError("pkey:sign: %s", err.Error())
	}
	return pushString(L, string(signature))
}

// pkeyVerify: signature, digest object.
func pkeyVerify(L *lua.LState) int {
	key, d := self[*signingKey](L, pkeyClass), checkDigester(L, 3)
	L.Push(lua.LBool(key.verify(d.kind, pkcs1, d.Sum(nil), []byte(L.CheckString(2)))))
	return 1
}

func checkDigester(L *lua.LState, n int) *digester {
	d, ok := valueOf[*digester](L.Get(n))
	if !ok {
		L.ArgError(n, "digest expected, got "+L.Get(n).Type().String())
	}
	return d
}

// pkeyToPEM: "public" (the default), "private", or several of them.
func pkeyToPEM(L *lua.LState) int {
	key := self[*signingKey](L, pkeyClass)
	last := max(L.GetTop(), 2)
	for n := 2; n <= last; n++ {
		encode := key.publicPEM
		if strings.HasPrefix(strings.ToLower(L.OptString(n, "public")), "private") {
			encode = key.privatePEM
		}
		pushPEM(L, encode)
	}
	return last - 1
}
