package interop

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"os"
	"testing"
	"time"

	"quatrain/xmpp/stanza"
)

// Users register the certificates of their clients, and log in by them, with Debian's mod_client_certs. Prosody 0.12 does not load it: it has to be told
// whom a command is for in another word.
func TestLoginByCertificate(t *testing.T) {
	text, err := os.ReadFile("testdata/streams/client_certs.toml")
	if err != nil {
		t.Fatal(err)
	}
	address := addressOf(configuredServer(t, string(text)))
	mine := clientCertificate(t, "romeo@localhost")

	romeo := dialWire(t, address)
	if offer := romeo.encrypted(mine); offers(offer, "EXTERNAL") != true {
		t.Errorf("offered %s", offer)
	}
	romeo.send("<auth xmlns='%s' mechanism='EXTERNAL'>=</auth>", stanza.NSSASL)
	if failure := romeo.expect("failure", ""); failure.Child("not-authorized", stanza.NSSASL) == nil {
		t.Errorf("before it was registered: %s", failure)
	}
	romeo.send("<auth xmlns='%s' mechanism='PLAIN'>%s</auth>", stanza.NSSASL, plain("romeo@localhost"))
	romeo.expect("success", "")
	romeo.open("")
	romeo.bind("old")
	register := func(id string, c tls.Certificate) *stanza.Element {
		romeo.send("<iq type='set' id='%s'><append xmlns='urn:xmpp:saslcert:1'><name>Quill</name><x509cert>%s</x509cert></append></iq>",
			id, base64.StdEncoding.EncodeToString(c.Certificate[0]))
		return romeo.expect("iq", id)
	}
	if reply := register("other", clientCertificate(t, "juliet@localhost")); reply.Type() != "error" {
		t.Errorf("somebody else's certificate: %s", reply)
	}
	if reply := register("mine", mine); reply.Type() != "result" {
		t.Errorf("got %s", reply)
	}

	again := dialWire(t, address)
	again.encrypted(mine)
	again.send("<auth xmlns='%s' mechanism='EXTERNAL'>=</auth>", stanza.NSSASL)
	again.expect("success", "")
	again.open("")
	again.bind("new")
	again.send("<presence/>")
	if p := again.until("presence"); p.From() != "romeo@localhost/new" {
		t.Errorf("got %s", p)
	}

	romeo.send("<iq type='set' id='revoke'><revoke xmlns='urn:xmpp:saslcert:1'><name>Quill</name></revoke></iq>")
	if last := again.ended(); len(last) == 0 || last[len(last)-1].Child("not-authorized", stanza.NSStreamErrors) == nil {
		t.Errorf("after it was revoked: %v", last)
	}
}

func offers(features *stanza.Element, mechanism string) bool {
	for m := range features.Child("mechanisms", stanza.NSSASL).ChildTags("mechanism", "") {
		if m.Text() == mechanism {
			return true
		}
	}
	return false
}

// clientCertificate is one for an address, as its alternative name id-on-xmppAddr (RFC 6120 §13.7.1.4).
func clientCertificate(t *testing.T, address string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	names, err := asn1.Marshal([]asn1.RawValue{xmppAddr(t, address)})
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: address}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: names}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func xmppAddr(t *testing.T, address string) asn1.RawValue {
	t.Helper()
	other := struct {
		Kind  asn1.ObjectIdentifier
		Value string `asn1:"explicit,tag:0,utf8"`
	}{asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 5}, address}
	b, err := asn1.MarshalWithParams(other, "tag:0")
	if err != nil {
		t.Fatal(err)
	}
	return asn1.RawValue{FullBytes: b}
}
