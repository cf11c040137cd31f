package interop

import (
	"crypto/tls"
	"os"
	"testing"

	"quatrain/host"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

const nsSM = "urn:xmpp:sm:3"

// onBoth runs a test against a server of ours with a configuration of testdata/streams, and against Prosody with the same.
func onBoth(t *testing.T, file string, test func(t *testing.T, address string)) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("Quatrain", func(t *testing.T) { test(t, addressOf(configuredServer(t, string(text)))) })
	t.Run("Prosody", func(t *testing.T) {
		data := t.TempDir()
		for account, password := range people {
			writeAccount(t, data, jid.MustParse(account), password)
		}
		address, stop := startProsody(t, data, debianConfigForProsody(t, file, string(text)))
		defer stop()
		test(t, address)
	})
}

func addressOf(srv *host.Server) string { return srv.Addrs()[0].String() }

// enable turns stream management on and returns the id to resume with.
func (w *wire) enable() (id string) {
	w.t.Helper()
	w.send("<enable xmlns='%s' resume='true'/>", nsSM)
	return w.expect("enabled", "").Attr("id")
}

// resume logs in anew and asks for a session to be resumed; the answer is resumed or failed.
func resume(t *testing.T, address, account, id, h string) (*wire, *stanza.Element) {
	t.Helper()
	w := dialWire(t, address)
	w.login(account)
	w.send("<resume xmlns='%s' previd='%s' h='%s'/>", nsSM, id, h)
	return w, w.next()
}

// Stream management, as Debian's mod_smacks does it.
func TestStreamManagement(t *testing.T) {
	onBoth(t, "testdata/streams/smacks.toml", func(t *testing.T, address string) {
		juliet := online(t, address, "juliet@localhost", "balcony")
		t.Run("acknowledges", func(t *testing.T) { smAcknowledges(t, address, juliet) })
		t.Run("resumes", func(t *testing.T) { smResumes(t, address, juliet) })
		t.Run("takes over", func(t *testing.T) { smTakesOver(t, address, juliet) })
		t.Run("gives up", func(t *testing.T) { smGivesUp(t, address, juliet) })
		t.Run("bounces", func(t *testing.T) { smBounces(t, address, juliet) })
	})
}

func smAcknowledges(t *testing.T, address string, juliet *wire) {
	romeo := dialWire(t, address)
	if features := romeo.login("romeo@localhost"); features.Child("sm", nsSM) == nil {
		t.Errorf("features %s", features)
	}
	romeo.send("<enable xmlns='%s'/>", nsSM)
	if failed := romeo.expect("failed", ""); failed.Child("unexpected-request", stanza.NSStanzas) == nil {
		t.Errorf("before binding: %s", failed)
	}
	romeo.bind("orchard")
	romeo.enable()
	romeo.send("<presence/>")
	romeo.until("presence")
	romeo.expect("r", "") // the server asks with what it sends
	romeo.send("<a xmlns='%s' h='1'/>", nsSM)
	juliet.t = t
	juliet.send("<message to='romeo@localhost/orchard' id='m1'><body>Ay me!</body></message>")
	romeo.expect("message", "m1")
	romeo.expect("r", "")
	romeo.send("<r xmlns='%s'/>", nsSM)
	if a := romeo.expect("a", ""); a.Attr("h") != "1" {
		t.Errorf("one stanza was sent, acknowledged with %s", a)
	}
	romeo.send("<a xmlns='%s' h='2'/>", nsSM)
	romeo.send("<a xmlns='%s' h='7'/>", nsSM) // more than there was
	if last := romeo.ended(); len(last) == 0 || last[len(last)-1].Name != "error" {
		t.Errorf("acknowledged what was not sent: %v", last)
	}
}

func smResumes(t *testing.T, address string, juliet *wire) {
	romeo := online(t, address, "romeo@localhost", "orchard")
	id := romeo.enable()
	romeo.send("<message to='juliet@localhost/balcony' id='before'/>")
	juliet.t = t
	juliet.until("message")
	romeo.cut()
	juliet.send("<message to='romeo@localhost/orchard' id='m1'><body>Thy purpose marriage</body></message>")
	juliet.send("<message to='romeo@localhost' type='chat' id='m2'><body>Send me word tomorrow</body></message>")
	juliet.ping("handled")
	again, answer := resume(t, address, "romeo@localhost", id, "0")
	if answer.Name != "resumed" || answer.Attr("h") != "1" || answer.Attr("previd") != id {
		t.Fatalf("got %s", answer)
	}
	if m := again.expect("message", "m1"); m.Child("delay", "urn:xmpp:delay") == nil {
		t.Errorf("no time on %s", m)
	}
	again.expect("message", "m2")
	again.expect("r", "")
	again.send("<a xmlns='%s' h='2'/>", nsSM)
	// The session is what it was: the same address, the same presence, both ways.
	again.send("<message to='juliet@localhost/balcony' id='after'/>")
	if m := juliet.until("message"); m.ID() != "after" || m.From() != "romeo@localhost/orchard" {
		t.Errorf("got %s", m)
	}
	juliet.send("<message to='romeo@localhost/orchard' id='m3'><body>And all my fortunes</body></message>")
	again.expect("message", "m3")
	again.send("<a xmlns='%s' h='3'/></stream:stream>", nsSM)
	again.ended()
	_, answer = resume(t, address, "romeo@localhost", id, "3")
	if answer.Name != "failed" || answer.Child("item-not-found", stanza.NSStanzas) == nil {
		t.Errorf("after the end of the stream: %s", answer)
	}
}

// The connection that is taken over has not noticed that it is dead.
func smTakesOver(t *testing.T, address string, juliet *wire) {
	romeo := online(t, address, "romeo@localhost", "orchard")
	id := romeo.enable()
	again, answer := resume(t, address, "romeo@localhost", id, "0")
	if answer.Name != "resumed" {
		t.Fatalf("got %s", answer)
	}
	romeo.ended()
	juliet.t = t
	juliet.send("<message to='romeo@localhost/orchard' id='m4'><body>Romeo!</body></message>")
	again.until("message")
	again.send("<a xmlns='%s' h='1'/></stream:stream>", nsSM)
	again.ended()
}

func smGivesUp(t *testing.T, address string, juliet *wire) {
	romeo := online(t, address, "romeo@localhost", "orchard")
	id := romeo.enable()
	juliet.t = t
	juliet.send("<presence to='romeo@localhost/orchard'/>")
	romeo.until("presence")
	romeo.send("<presence to='juliet@localhost/balcony'/>")
	for juliet.until("presence").From() != "romeo@localhost/orchard" {
	}
	romeo.cut()
	juliet.send("<message to='romeo@localhost/orchard' type='chat' id='m5'><body>Hist!</body></message>")
	for gone := juliet.until("presence"); gone.Type() != "unavailable"; gone = juliet.until("presence") {
	}
	_, answer := resume(t, address, "romeo@localhost", id, "0")
	if answer.Name != "failed" || answer.Attr("h") == "" {
		t.Errorf("after the time for it: %s", answer)
	}
	// What was not acknowledged waits as if nobody had been there.
	later := dialWire(t, address)
	later.login("romeo@localhost")
	later.bind("orchard")
	later.send("<presence/>")
	if m := later.until("message"); m.ID() != "m5" {
		t.Errorf("got %s", m)
	}
	later.send("</stream:stream>")
	later.ended()
}

// A question that could not be delivered is answered.
func smBounces(t *testing.T, address string, juliet *wire) {
	romeo := online(t, address, "romeo@localhost", "orchard")
	romeo.enable()
	romeo.cut()
	juliet.t = t
	juliet.send("<iq type='get' to='romeo@localhost/orchard' id='q1'><query xmlns='jabber:iq:version'/></iq>")
	if reply := juliet.until("iq"); reply.ID() != "q1" || reply.Type() != "error" {
		t.Errorf("got %s", reply)
	}
}

// A module that hooks stream-features closes streams before anybody has authenticated.
func TestTooManyConnections(t *testing.T) {
	onBoth(t, "testdata/streams/c2s_conn_throttle.toml", func(t *testing.T, address string) {
		dialWire(t, address).open("")
		for range 3 { // who has started the server may have looked whether it answers, too
			w := dialWire(t, address)
			w.send("<stream:stream xmlns='jabber:client' xmlns:stream='%s' to='localhost' version='1.0'>", stanza.NSStreams)
			if _, err := w.dec.Stream(); err != nil {
				t.Fatal(err)
			}
			fault := w.next()
			if fault.Name == "features" {
				continue
			}
			if fault.Child("policy-violation", stanza.NSStreamErrors) == nil {
				t.Errorf("got %s", fault)
			}
			w.ended()
			return
		}
		t.Error("nobody was refused")
	})
}

// A client that sleeps, with everything that a phone enables: its app's server, a client here, is told of what waits.
func TestPushWhileHibernating(t *testing.T) {
	onBoth(t, "testdata/streams/cloud_notify.toml", func(t *testing.T, address string) {
		app, juliet := online(t, address, "escalus@localhost", "app"), online(t, address, "juliet@localhost", "balcony")
		phone := online(t, address, "romeo@localhost", "phone")
		id := phone.enable()
		phone.send("<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
		phone.send("<iq type='set' id='e'><enable xmlns='urn:xmpp:push:0' jid='escalus@localhost/app' node='phone'/></iq>")
		phone.expectResult("c")
		phone.expectResult("e")
		phone.send("<inactive xmlns='urn:xmpp:csi:0'/>")
		phone.send("<message to='juliet@localhost/balcony' id='asleep'/>")
		juliet.until("message")
		phone.cut()
		juliet.send("<presence to='romeo@localhost/phone'/>")
		juliet.send("<message to='romeo@localhost/phone' type='chat' id='m1'><body>Hist!</body></message>")

		push := app.until("iq")
		notification := push.Child("pubsub", "http://jabber.org/protocol/pubsub").Child("publish", "http://jabber.org/protocol/pubsub")
		if push.From() != "localhost" || notification.Attr("node") != "phone" {
			t.Fatalf("got %s", push)
		}
		app.send("<iq type='result' to='localhost' id='%s'/>", push.ID())

		again, answer := resume(t, address, "romeo@localhost", id, "2") // the answers about carbons and push
		if answer.Name != "resumed" {
			t.Fatalf("got %s", answer)
		}
		again.until("message")
		again.send("<active xmlns='urn:xmpp:csi:0'/>")
		again.ping("awake")
	})
}

// expectResult passes over what is not the result of an IQ.
func (w *wire) expectResult(id string) {
	w.t.Helper()
	for {
		if reply := w.until("iq"); reply.ID() == id {
			if reply.Type() != "result" {
				w.t.Fatalf("got %s", reply)
			}
			return
		}
	}
}

// A client that says nothing is asked whether it is there, and loses its connection if it does not answer; the session waits for it.
func TestSilentClient(t *testing.T) {
	onBoth(t, "testdata/streams/read_timeout.toml", func(t *testing.T, address string) {
		romeo := online(t, address, "romeo@localhost", "orchard")
		id := romeo.enable()
		romeo.expect("r", "") // silence
		romeo.send("<a xmlns='%s' h='0'/>", nsSM)
		romeo.expect("r", "") // again, and now no answer
		romeo.ended()
		if _, answer := resume(t, address, "romeo@localhost", id, "0"); answer.Name != "resumed" {
			t.Errorf("got %s", answer)
		}
	})
}

// A server that ends closes connections so that clients try to resume, and after its restart tells how much it has handled; what was not
// acknowledged waits for the client.
func TestResumeAfterRestart(t *testing.T) {
	text, err := os.ReadFile("testdata/streams/smacks.toml")
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	srv := configuredServerOn(t, data, string(text), people)
	romeo, juliet := online(t, addressOf(srv), "romeo@localhost", "orchard"), online(t, addressOf(srv), "juliet@localhost", "balcony")
	id, sleeping := romeo.enable(), juliet.enable()
	romeo.send("<message to='juliet@localhost/balcony' id='m1' type='chat'><body>Wilt thou be gone?</body></message>")
	juliet.until("message")
	juliet.cut()
	romeo.send("<message to='juliet@localhost/balcony' id='m2' type='chat'><body>It was the nightingale</body></message>")
	romeo.ping("handled")
	stopServer(t, srv)
	for _, last := range romeo.ended() {
		if last.Name == "error" {
			t.Errorf("told %s", last)
		}
	}

	address := addressOf(configuredServerOn(t, data, string(text), nil))
	if _, answer := resume(t, address, "romeo@localhost", id, "0"); answer.Name != "failed" || answer.Attr("h") != "3" {
		t.Errorf("two messages and a ping were sent; got %s", answer)
	}
	again, answer := resume(t, address, "juliet@localhost", sleeping, "0")
	if answer.Name != "failed" || answer.Attr("h") != "0" {
		t.Errorf("got %s", answer)
	}
	again.bind("balcony")
	again.send("<presence/>")
	for _, id := range []string{"m1", "m2"} {
		if m := again.until("message"); m.ID() != id {
			t.Errorf("got %s, want %s", m, id)
		}
	}
}

// A session that waits for its client ends with the account.
func TestSleepingSessionOfARemovedAccount(t *testing.T) {
	text, err := os.ReadFile("testdata/streams/smacks.toml")
	if err != nil {
		t.Fatal(err)
	}
	srv := configuredServer(t, string(text))
	juliet := online(t, addressOf(srv), "juliet@localhost", "balcony")
	romeo := online(t, addressOf(srv), "romeo@localhost", "orchard")
	romeo.enable()
	romeo.send("<presence to='juliet@localhost/balcony'/>")
	juliet.until("presence")
	romeo.cut()
	juliet.send("<iq type='get' to='romeo@localhost/orchard' id='q'><query xmlns='jabber:iq:version'/></iq>")
	juliet.ping("queued")
	if err := srv.Accounts().Delete(t.Context(), jid.MustParse("romeo@localhost")); err != nil {
		t.Fatal(err)
	}
	if gone := juliet.until("presence"); gone.Type() != "unavailable" || gone.From() != "romeo@localhost/orchard" {
		t.Errorf("got %s", gone)
	}
}

// Over TLS, too, a client is there again after it has said nothing for a while; and mechanisms are bound to the connection.
func TestSilentClientOverTLS(t *testing.T) {
	srv := configuredServer(t, `# debian: smacks sasl2
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping"]
smacks_max_unacked_stanzas = 100
[global.network_settings]
read_timeout = 1
[host."localhost"]
modules_enabled = ["smacks", "sasl2"]
`)
	romeo := dialWire(t, addressOf(srv))
	offer := romeo.encrypted(tls.Certificate{}).Child("authentication", nsSASL2)
	var bound bool
	for m := range offer.ChildTags("mechanism", "") {
		bound = bound || m.Text() == "SCRAM-SHA-256-PLUS"
	}
	if !bound {
		t.Errorf("offered %s", offer)
	}
	romeo.send("<authenticate xmlns='%s' mechanism='PLAIN'><initial-response>%s</initial-response></authenticate>", nsSASL2, plain("romeo@localhost"))
	romeo.expect("success", "")
	romeo.expect("features", "")
	romeo.bind("orchard")
	romeo.enable()
	for range 2 {
		romeo.expect("r", "")
		romeo.send("<a xmlns='%s' h='0'/>", nsSM)
	}
	romeo.ping("here")
}
