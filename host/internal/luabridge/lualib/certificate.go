package lualib

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// certificateValue is a certificate as LuaSec has it.
func (l *library) certificateValue(cert *x509.Certificate) *lua.LTable {
	return l.object(l.net.certClass, cert)
}

// loadCertificate: PEM text → certificate, or nil and why not.
func (l *library) loadCertificate(L *lua.LState) int {
	cert, err := parsePEM(L.CheckString(1))
	if err != nil {
		return pushFailure(L, err.Error())
	}
	L.Push(l.certificateValue(cert))
	return 1
}

func parsePEM(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("no certificate in PEM format")
	}
	return x509.ParseCertificate(block.Bytes)
}

var certificateMethods = map[string]lua.LGFunction{
	"pem": ofCertificate(func(c *x509.Certificate, L *lua.LState) lua.LValue {
		return lua.LString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}),
	"digest": ofCertificate(func(c *x509.Certificate, L *lua.LState) lua.LValue {
		return lua.LString(digest(c, L.OptString(2, "sha1")))
	}),
	"serial": ofCertificate(func(c *x509.Certificate, _ *lua.LState) lua.LValue {
		return lua.LString(strings.ToUpper(hex.EncodeToString(c.SerialNumber.Bytes())))
	}),
	"notbefore": ofCertificate(func(c *x509.Certificate, _ *lua.LState) lua.LValue { return lua.LString(opensslTime(c.NotBefore)) }),
	"notafter":  ofCertificate(func(c *x509.Certificate, _ *lua.LState) lua.LValue { return lua.LString(opensslTime(c.NotAfter)) }),
	"validat": ofCertificate(func(c *x509.Certificate, L *lua.LState) lua.LValue {
		at := time.Unix(int64(L.CheckNumber(2)), 0)
		return lua.LBool(!at.Before(c.NotBefore) && !at.After(c.NotAfter))
	}),
	"subject":    ofCertificate(func(c *x509.Certificate, L *lua.LState) lua.LValue { return nameValue(L, c.Subject) }),
	"issuer":     ofCertificate(func(c *x509.Certificate, L *lua.LState) lua.LValue { return nameValue(L, c.Issuer) }),
	"extensions": ofCertificate(extensionsValue),
	"setencode":  ofCertificate(func(*x509.Certificate, *lua.LState) lua.LValue { return lua.LTrue }),
	"issued": ofCertificate(func(c *x509.Certificate, L *lua.LState) lua.LValue {
		other, ok := valueOf[*x509.Certificate](L.Get(2))
		return lua.LBool(ok && other.CheckSignatureFrom(c) == nil)
	}),
	"pubkey": func(L *lua.LState) int {
		c := self[*x509.Certificate](L, "certificate")
		L.Push(lua.LString(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: c.RawSubjectPublicKeyInfo})))
		L.Push(lua.LString(c.PublicKeyAlgorithm.String()))
		return 2
	},
}

func ofCertificate(f func(c *x509.Certificate, L *lua.LState) lua.LValue) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(f(self[*x509.Certificate](L, "certificate"), L))
		return 1
	}
}

// digest of a certificate in hexadecimal; "" for an algorithm that is not known.
func digest(c *x509.Certificate, algorithm string) string {
	h, ok := map[string]crypto.Hash{"md5": crypto.MD5, "sha1": crypto.SHA1, "sha224": crypto.SHA224, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}[algorithm]
	if !ok || !h.Available() {
		return ""
	}
	sum := h.New()
	sum.Write(c.Raw)
	return hex.EncodeToString(sum.Sum(nil))
}

// opensslTime is "Jan  2 15:04:05 2006 GMT".
func opensslTime(t time.Time) string { return t.UTC().Format("Jan _2 15:04:05 2006") + " GMT" }

// nameValue is a list of {oid, name, value}.
func nameValue(L *lua.LState, name pkix.Name) lua.LValue {
	short := map[string]string{"2.5.4.3": "commonName", "2.5.4.6": "countryName", "2.5.4.7": "localityName", "2.5.4.8": "stateOrProvinceName",
		"2.5.4.10": "organizationName", "2.5.4.11": "organizationalUnitName", "1.2.840.113549.1.9.1": "emailAddress"}
	list := L.NewTable()
	for _, a := range name.Names {
		entry, oid := L.NewTable(), a.Type.String()
		entry.RawSetString("oid", lua.LString(oid))
		entry.RawSetString("name", lua.LString(short[oid]))
		if s, ok := a.Value.(string); ok {
			entry.RawSetString("value", lua.LString(s))
		}
		list.Append(entry)
	}
	return list
}

const oidAltNames = "2.5.29.17"

// extensionsValue is {[oid] = {…}}, with the alternative names of the subject: {dNSName = {…}, iPAddress = {…}, [oid] = {…} for names of
// XMPP (RFC 6120 §13.7.1.4).
func extensionsValue(c *x509.Certificate, L *lua.LState) lua.LValue {
	all := L.NewTable()
	for _, e := range c.Extensions {
		t := L.NewTable()
		t.RawSetString("critical", lua.LBool(e.Critical))
		all.RawSetString(e.Id.String(), t)
		if e.Id.String() == oidAltNames {
			t.RawSetString("name", lua.LString("subjectAltName"))
			fillAltNames(L, t, c, e.Value)
		}
	}
	return all
}

func fillAltNames(L *lua.LState, t *lua.LTable, c *x509.Certificate, raw []byte) {
	add := func(kind, name string) {
		list, ok := t.RawGetString(kind).(*lua.LTable)
		if !ok {
			list = L.NewTable()
			t.RawSetString(kind, list)
		}
		list.Append(lua.LString(name))
	}
	for _, name := range c.DNSNames {
		add("dNSName", name)
	}
	for _, ip := range c.IPAddresses {
		add("iPAddress", ip.String())
	}
	for _, name := range otherNames(raw) {
		add(name.Type.String(), name.Text)
	}
}

// otherName is a name whose kind is an OID, as id-on-xmppAddr and id-on-dnsSRV.
type otherName struct {
	Type asn1.ObjectIdentifier
	Text string
}

func otherNames(raw []byte) (names []otherName) {
	var list []asn1.RawValue
	if _, err := asn1.Unmarshal(raw, &list); err != nil {
		return nil
	}
	for _, v := range list {
		if v.Tag != 0 || v.Class != asn1.ClassContextSpecific {
			continue
		}
		var oid asn1.ObjectIdentifier
		rest, err := asn1.Unmarshal(v.Bytes, &oid)
		var outer, text asn1.RawValue
		if err == nil {
			_, err = asn1.Unmarshal(rest, &outer)
		}
		if err == nil {
			_, err = asn1.Unmarshal(outer.Bytes, &text)
		}
		if err == nil {
			names = append(names, otherName{oid, string(text.Bytes)})
		}
	}
	return names
}
