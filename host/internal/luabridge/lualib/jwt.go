package lualib

import (
	"crypto"
	"encoding/base64"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// jwtAlgorithm is one of RFC 7518 §3.1. kind is that of its keys, "" for a shared secret; size is that of each number of an ECDSA signature.
type jwtAlgorithm struct {
	hash crypto.Hash
	kind string
	how  scheme
	size int
}

var jwtAlgorithms = map[string]jwtAlgorithm{
	"HS256": {hash: crypto.SHA256}, "HS384": {hash: crypto.SHA384}, "HS512": {hash: crypto.SHA512},
	"RS256": {hash: crypto.SHA256, kind: "rsaEncryption"}, "RS384": {hash: crypto.SHA384, kind: "rsaEncryption"},
	"RS512": {hash: crypto.SHA512, kind: "rsaEncryption"},
	"PS256": {hash: crypto.SHA256, kind: "rsaEncryption", how: pss}, "PS384": {hash: crypto.SHA384, kind: "rsaEncryption", how: pss},
	"PS512": {hash: crypto.SHA512, kind: "rsaEncryption", how: pss},
	"ES256": {hash: crypto.SHA256, kind: "id-ecPublicKey", size: 32}, "ES384": {hash: crypto.SHA384, kind: "id-ecPublicKey", size: 48},
	"ES512": {hash: crypto.SHA512, kind: "id-ecPublicKey", size: 66},
}

// openJWT makes util.jwt: sign(key, payload) and verify(key, token) with HS256, and for all algorithms new_signer(algorithm, key, options),
// new_verifier and init; keys of RSA and ECDSA are in PEM. A token that is no good gives false or nil and the reason.
func (l *library) openJWT(L *lua.LState) lua.LValue {
	l.optionalLibrary(L, "util.json")
	return l.table(map[string]lua.LGFunction{
		"sign": func(L *lua.LState) int {
			return pushString(L, l.signJWT(L, jwtKeyOf(L, "HS256", L.CheckString(1)), L.Get(2)))
		},
		"verify": func(L *lua.LState) int {
			return l.verifyJWT(L, jwtKeyOf(L, "HS256", L.CheckString(1)), L.CheckString(2), false)
		},
		"new_signer": func(L *lua.LState) int {
			L.Push(l.jwtSigner(L, L.CheckString(1), L.CheckString(2), L.Get(3)))
			return 1
		},
		"new_verifier": func(L *lua.LState) int {
			L.Push(l.jwtVerifier(L, L.CheckString(1), L.CheckString(2), L.Get(3)))
			return 1
		},
		"init": func(L *lua.LState) int {
			algorithm, key := L.CheckString(1), L.CheckString(2)
			public, options := L.OptString(3, key), L.Get(4)
			L.Push(l.jwtSigner(L, algorithm, key, options))
			L.Push(l.jwtVerifier(L, algorithm, public, options))
			return 2
		},
	})
}

func option(options lua.LValue, name string) lua.LValue {
	if t, ok := options.(*lua.LTable); ok {
		return t.RawGetString(name)
	}
	return lua.LNil
}

// jwtSigner is a function of a payload; the option default_ttl adds when it was issued and when it expires.
func (l *library) jwtSigner(L *lua.LState, algorithm, key string, options lua.LValue) lua.LValue {
	k := jwtKeyOf(L, algorithm, key)
	if k.key != nil && k.key.private == nil {
		L.RaiseError("%s: a public key cannot sign", algorithm)
	}
	ttl, limited := option(options, "default_ttl").(lua.LNumber)
	return L.NewFunction(func(L *lua.LState) int {
		if payload, ok := L.Get(1).(*lua.LTable); ok && limited {
			at := lua.LNumber(int64(now()))
			setDefault(payload, "iat", at)
			setDefault(payload, "exp", at+ttl)
		}
		return pushString(L, l.signJWT(L, k, L.Get(1)))
	})
}

func setDefault(t *lua.LTable, name string, v lua.LValue) {
	if t.RawGetString(name) == lua.LNil {
		t.RawSetString(name, v)
	}
}

// jwtVerifier is a function of a token; the option accept_expired lets old ones pass.
func (l *library) jwtVerifier(L *lua.LState, algorithm, key string, options lua.LValue) lua.LValue {
	k := jwtKeyOf(L, algorithm, key)
	acceptExpired := lua.LVAsBool(option(options, "accept_expired"))
	return L.NewFunction(func(L *lua.LState) int {
		return l.verifyJWT(L, k, L.CheckString(1), !acceptExpired)
	})
}

func (l *library) signJWT(L *lua.LState, k jwtKey, payload lua.LValue) string {
	e := jsonEncoder{L: L, l: l}
	e.value(payload)
	signed := jwtPart(`{"alg":"`+k.name+`","typ":"JWT"}`) + "." + jwtPart(string(e.out))
	signature, err := k.sign(signed)
	if err != nil {
		L.RaiseError("signing a token: %s", err.Error())
	}
	return signed + "." + jwtPart(string(signature))
}

func jwtPart(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func (l *library) verifyJWT(L *lua.LState, k jwtKey, token string, checkExpiry bool) int {
	header, rest, _ := strings.Cut(token, ".")
	payload, signature, ok := strings.Cut(rest, ".")
	if !ok || header == "" || payload == "" || signature == "" || strings.Contains(signature, ".") {
		return pushFailure(L, "invalid-encoding")
	}
	head, ok := l.jwtJSON(L, header).(*lua.LTable)
	if !ok {
		return pushFailure(L, "invalid-header")
	}
	if head.RawGetString("alg") != lua.LString(k.name) {
		return pushFailure(L, "unsupported-algorithm")
	}
	if !k.verify(header+"."+payload, signature) {
		return pushRefusal(L, "signature-mismatch")
	}
	claims := l.jwtJSON(L, payload)
	if claims == lua.LNil {
		return pushFailure(L, "json-decode-error")
	}
	if exp, ok := option(claims, "exp").(lua.LNumber); ok && checkExpiry && float64(exp) < now() {
		return pushRefusal(L, "token-expired")
	}
	L.Push(lua.LTrue)
	L.Push(claims)
	return 2
}

func pushRefusal(L *lua.LState, reason string) int {
	L.Push(lua.LFalse)
	L.Push(lua.LString(reason))
	return 2
}

// jwtJSON decodes a part of a token, nil if it cannot be.
func (l *library) jwtJSON(L *lua.LState, part string) lua.LValue {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return lua.LNil
	}
	d := jsonDecoder{L: L, l: l, s: string(text)}
	v, message := d.document()
	if message != "" {
		return lua.LNil
	}
	return v
}
