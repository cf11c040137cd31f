package lualib

import (
	"crypto/x509"
	"encoding/pem"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openX509 makes util.x509. verify_identity takes certificates as Lua objects with a method "pem", or as PEM text.
func (l *library) openX509(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"pem2der":         pemToDER,
		"der2pem":         derToPEM,
		"verify_identity": verifyIdentity,
		"get_identities":  l.notHere("util.x509", "get_identities"),
	})
}

// pemToDER gives the bytes and their type; nothing if the text is no PEM.
func pemToDER(L *lua.LState) int {
	block, _ := pem.Decode([]byte(L.CheckString(1)))
	if block == nil {
		return 0
	}
	L.Push(lua.LString(block.Bytes))
	L.Push(lua.LString(block.Type))
	return 2
}

// derToPEM: bytes, type (default "CERTIFICATE").
func derToPEM(L *lua.LState) int {
	kind := strings.ToUpper(L.OptString(2, "CERTIFICATE"))
	return pushString(L, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: []byte(L.CheckString(1))})))
}

// verifyIdentity: host, service (not used), certificate.
func verifyIdentity(L *lua.LState) int {
	host, cert := L.CheckString(1), L.Get(3)
	if _, isText := cert.(lua.LString); !isText {
		cert = call1(L, L.GetField(cert, "pem"), cert)
	}
	block, _ := pem.Decode([]byte(lua.LVAsString(cert)))
	if block == nil {
		L.Push(lua.LFalse)
		return 1
	}
	c, err := x509.ParseCertificate(block.Bytes)
	L.Push(lua.LBool(err == nil && c.VerifyHostname(host) == nil))
	return 1
}
