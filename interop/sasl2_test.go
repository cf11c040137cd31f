package interop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"testing"

	"quatrain/xmpp/stanza"
)

const (
	nsSASL2 = "urn:xmpp:sasl:2"
	nsBind2 = "urn:xmpp:bind:0"
	nsFAST  = "urn:xmpp:fast:0"
)

// A stream that is authenticated, bound and ready after one exchange, as Debian's mod_sasl2 and its companions do it.
func TestLoginInOneStep(t *testing.T) {
	onBoth(t, "testdata/streams/sasl2.toml", func(t *testing.T, address string) {
		t.Run("refused", func(t *testing.T) { sasl2Refused(t, address) })
		t.Run("bound", func(t *testing.T) { sasl2Bound(t, address) })
	})
}

// Tokens instead of passwords. Prosody 0.12 does not tell modules the attributes of the stream tag, which Debian's mod_sasl2_fast wants.
func TestLoginByToken(t *testing.T) {
	text, err := os.ReadFile("testdata/streams/sasl2_fast.toml")
	if err != nil {
		t.Fatal(err)
	}
	sasl2ByToken(t, addressOf(configuredServer(t, string(text))))
}

func sasl2Refused(t *testing.T, address string) {
	w := dialWire(t, address)
	offer := w.open("").Child("authentication", nsSASL2)
	if offer == nil || offer.Child("inline", nsSASL2).Child("bind", nsBind2) == nil {
		t.Fatalf("offered %s", offer)
	}
	wrong := base64.StdEncoding.EncodeToString([]byte("\x00romeo\x00capulet"))
	w.send("<authenticate xmlns='%s' mechanism='PLAIN'><initial-response>%s</initial-response></authenticate>", nsSASL2, wrong)
	if failure := w.expect("failure", ""); failure.Child("not-authorized", stanza.NSSASL) == nil {
		t.Errorf("got %s", failure)
	}
	w.send("<authenticate xmlns='%s' mechanism='UNHEARD-OF'/>", nsSASL2)
	if failure := w.expect("failure", ""); failure.Child("invalid-mechanism", stanza.NSSASL) == nil {
		t.Errorf("got %s", failure)
	}
}

// sasl2 logs in and binds; more goes into the request.
func sasl2(w *wire, more string) (success *stanza.Element) {
	w.t.Helper()
	w.send("<authenticate xmlns='%s' mechanism='PLAIN'><initial-response>%s</initial-response>"+
		"<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>Quill</software></user-agent>"+
		"<bind xmlns='%s'><tag>Quill</tag><enable xmlns='urn:xmpp:carbons:2'/></bind>%s</authenticate>", nsSASL2, plain("romeo@localhost"), nsBind2, more)
	return w.expect("success", "")
}

func sasl2Bound(t *testing.T, address string) {
	w := dialWire(t, address)
	w.open("")
	success := sasl2(w, "")
	bound := success.Child("bound", nsBind2)
	full := success.ChildText("authorization-identifier", nsSASL2)
	if bound == nil || bound.Child("enabled", "urn:xmpp:carbons:2") == nil || len(full) < len("romeo@localhost/Quill~x") || full[:len("romeo@localhost/Quill~")] != "romeo@localhost/Quill~" {
		t.Fatalf("got %s", success)
	}
	w.expect("features", "") // and no new stream
	w.send("<presence/>")
	if p := w.until("presence"); p.From() != full {
		t.Errorf("bound as %s, present as %s", full, p.From())
	}
	// Carbons are on: what another of the user's clients is sent comes here, too.
	other := online(t, address, "romeo@localhost", "other")
	other.send("<message to='%s' type='chat' id='c1'><body>It is the east</body></message>", "juliet@localhost")
	if copied := w.until("message"); copied.Child("sent", "urn:xmpp:carbons:2") == nil {
		t.Errorf("got %s", copied)
	}
	w.ping("still here")
}

func sasl2ByToken(t *testing.T, address string) {
	w := dialWire(t, address)
	w.open("romeo@localhost")
	token := sasl2(w, "<request-token xmlns='"+nsFAST+"' mechanism='HT-SHA-256-NONE'/>").Child("token", nsFAST)
	if token == nil || token.Attr("token") == "" {
		t.Fatalf("token %s", token)
	}
	w.send("</stream:stream>")
	w.ended()

	again := dialWire(t, address)
	offer := again.open("romeo@localhost").Child("authentication", nsSASL2).Child("inline", nsSASL2).Child("fast", nsFAST)
	if offer == nil {
		t.Fatal("tokens are not offered")
	}
	proof := hmac.New(sha256.New, []byte(token.Attr("token")))
	proof.Write([]byte("Initiator"))
	message := append([]byte("romeo\x00"), proof.Sum(nil)...)
	again.send("<authenticate xmlns='%s' mechanism='HT-SHA-256-NONE'><initial-response>%s</initial-response>"+
		"<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/><fast xmlns='%s'/><bind xmlns='%s'/></authenticate>",
		nsSASL2, base64.StdEncoding.EncodeToString(message), nsFAST, nsBind2)
	if success := again.expect("success", ""); success.Child("bound", nsBind2) == nil {
		t.Errorf("got %s", success)
	}
}
