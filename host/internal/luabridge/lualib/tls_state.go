package lualib

import (
	"crypto/tls"
	"crypto/x509"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// TLSInfo is what modules are told of a connection's TLS: {protocol, cipher, compression, bits, …}, in OpenSSL's words.
func TLSInfo(L *lua.LState, state *tls.ConnectionState) *lua.LTable {
	cipher, bits := tls.CipherSuiteName(state.CipherSuite), 256
	if strings.Contains(cipher, "AES_128") {
		bits = 128
	}
	info := L.CreateTable(0, 6)
	info.RawSetString("protocol", lua.LString(versionName(state.Version)))
	info.RawSetString("cipher", lua.LString(cipher))
	info.RawSetString("encryption", lua.LString(cipher))
	info.RawSetString("bits", lua.LNumber(bits))
	info.RawSetString("algbits", lua.LNumber(bits))
	info.RawSetString("compression", lua.LFalse)
	return info
}

func versionName(v uint16) string {
	switch v {
	case tls.VersionTLS10:
		return "TLSv1"
	case tls.VersionTLS11:
		return "TLSv1.1"
	case tls.VersionTLS12:
		return "TLSv1.2"
	}
	return "TLSv1.3"
}

// VerifyChain is nil if a peer's certificate, the first one, leads to one of roots over the others; nil roots are the system's. For what it may
// be used, and for which name, is not looked at.
func VerifyChain(chain []*x509.Certificate, roots *x509.CertPool) error {
	opts := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	for _, c := range chain[1:] {
		opts.Intermediates.AddCert(c)
	}
	_, err := chain[0].Verify(opts)
	return err
}
