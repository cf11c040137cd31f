package spec

import (
	"context"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

func fragment(t *testing.T, s string) *stanza.Element {
	t.Helper()
	e, err := parseFragment(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return e
}

// stage is the least server that a script can be played on: PLAIN, messages between its clients, registration, an answer to each IQ.
type stage struct {
	mu       sync.Mutex // guards the maps and writing
	accounts map[string]string
	bound    map[string]net.Conn
	handlers sync.WaitGroup
}

func newStage(t *testing.T) *stage {
	s := &stage{accounts: map[string]string{"romeo": "secret", "juliet": "secret"}, bound: map[string]net.Conn{}}
	t.Cleanup(s.handlers.Wait)
	return s
}

func (s *stage) dial(context.Context, *Client) (net.Conn, error) {
	client, server := net.Pipe()
	s.handlers.Add(1)
	go func() {
		defer s.handlers.Done()
		defer server.Close()
		s.serve(server)
	}()
	return client, nil
}

func (s *stage) serve(conn net.Conn) {
	dec, user, full := xmlstream.NewDecoder(conn, xmlstream.Limits{}), "", ""
	if s.greet(conn, dec, "<mechanisms xmlns='"+stanza.NSSASL+"'><mechanism>PLAIN</mechanism></mechanisms>") != nil {
		return
	}
	defer func() { s.unbind(full) }()
	for {
		e, err := dec.Next()
		switch {
		case err != nil:
			s.put(conn, "</stream:stream>")
			return
		case e.Name == "auth":
			if user = s.check(e); user == "" {
				s.put(conn, "<failure xmlns='"+stanza.NSSASL+"'><not-authorized/></failure>")
				continue
			}
			s.put(conn, "<success xmlns='"+stanza.NSSASL+"'/>")
			dec.Restart()
			if s.greet(conn, dec, "<bind xmlns='"+stanza.NSBind+"'/>") != nil {
				return
			}
		case e.Kind() == stanza.KindMessage:
			e.SetAttr("from", full)
			s.deliver(e)
		case e.FindElement("{jabber:iq:register}query") != nil:
			s.mu.Lock()
			s.accounts[e.FindText("{jabber:iq:register}query/username#")] = e.FindText("{jabber:iq:register}query/password#")
			s.mu.Unlock()
			s.put(conn, stanza.Reply(e).String())
		case e.FindElement("{"+stanza.NSBind+"}bind") != nil:
			full = s.bind(user+"@localhost/"+e.FindText("{"+stanza.NSBind+"}bind/resource#"), conn)
			s.put(conn, stanza.Reply(e).Tag("bind", stanza.NSBind).TextTag("jid", stanza.NSBind, full).String())
		case e.IsRequest():
			s.put(conn, stanza.Reply(e).String())
		}
	}
}

func (s *stage) greet(conn net.Conn, dec *xmlstream.Decoder, features string) error {
	_, err := dec.Stream()
	s.put(conn, "<stream:stream xmlns='jabber:client' xmlns:stream='"+stanza.NSStreams+"' version='1.0'><stream:features>"+features+"</stream:features>")
	return err
}

func (s *stage) check(auth *stanza.Element) string {
	data, _ := base64.StdEncoding.DecodeString(auth.Text())
	parts := strings.Split(string(data), "\x00")
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(parts) == 3 && parts[2] != "" && s.accounts[parts[1]] == parts[2] {
		return parts[1]
	}
	return ""
}

func (s *stage) bind(full string, conn net.Conn) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bound[full] = conn
	return full
}

func (s *stage) unbind(full string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.bound, full)
}

func (s *stage) deliver(e *stanza.Element) {
	s.mu.Lock()
	conn := s.bound[e.To()]
	s.mu.Unlock()
	if conn != nil {
		s.put(conn, string(e.AppendXML(nil, stanza.NSClient)))
	}
}

func (s *stage) put(conn net.Conn, xml string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	conn.Write([]byte(xml))
}

const lovers = `[Client] Romeo
	jid: romeo@localhost/r
	password: secret
[Client] Juliet
	jid: juliet@localhost/j
	password: secret
[Client] Paris
	jid: paris@localhost/p
	password: other
-----
Romeo connects
Juliet connects
Romeo sends:
	<message to="${Juliet's full JID}" id='m1'><body>It is my lady</body></message>
`

func play(t *testing.T, p Player, text string) error {
	t.Helper()
	s, err := Parse("play.scs", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if p.Dial == nil {
		p.Dial = newStage(t).dial
	}
	return p.Play(t.Context(), s)
}

func TestPlayToTheEnd(t *testing.T) {
	err := play(t, Player{}, lovers+`
Romeo sends: <message to="${Juliet's full JID}" id='m2'/>
Juliet receives:
	<message id='m${n}' from="${Romeo's JID}/r"/>
Juliet sends: <message to="${Romeo's full JID}"><body>${n}</body></message>
Romeo receives: <message><body>1</body></message>
Juliet receives: <message id='m2'/>
Juliet receives nothing
Romeo disconnects
Romeo connects
Romeo receives nothing
`)
	if err != nil {
		t.Error(err)
	}
}

func TestPlayReportsWhatCameInstead(t *testing.T) {
	err := play(t, Player{Timeout: 50 * time.Millisecond}, lovers+"Juliet receives:\n\t<message id='m3'/>\n")
	var f *Failure
	if !errors.As(err, &f) || f.Line != 15 || f.Action != "Juliet receives" || !errors.Is(err, errTimeout) {
		t.Fatalf("got %v", err)
	}
	if len(f.Came) != 1 || f.Came[0].Stanza.ID() != "m1" || f.Came[0].Why != `<message>: attribute id: want "m3", got "m1"` {
		t.Errorf("got %v", err)
	}
}

func TestPlayReceivesNothingFails(t *testing.T) {
	err := play(t, Player{}, lovers+"Juliet receives nothing\n")
	var f *Failure
	if !errors.As(err, &f) || f.Cause != errCame || len(f.Came) != 1 || f.Came[0].Stanza.ID() != "m1" {
		t.Errorf("got %v", err)
	}
}

func TestPlayFailsAtOnceOnTheWrongAnswer(t *testing.T) {
	err := play(t, Player{Timeout: time.Hour}, lovers+"Romeo sends: <iq type='get' id='q'/>\nRomeo receives: <iq type='error' id='q'/>\n")
	var f *Failure
	if !errors.As(err, &f) || f.Cause != errMismatch {
		t.Errorf("got %v", err)
	}
}

func TestPlayPassesOverNothingInACompleteScript(t *testing.T) {
	const twoMessages = lovers + "Romeo sends: <message to=\"${Juliet's full JID}\" id='m2'/>\n"
	if err := play(t, Player{}, twoMessages+"Juliet receives: <message id='m2'/>\n"); err != nil {
		t.Errorf("not complete: got %v", err)
	}
	err := play(t, Player{Timeout: time.Hour}, "## complete\n"+twoMessages+"Juliet receives: <message id='m2'/>\n")
	var f *Failure
	if !errors.As(err, &f) || f.Cause != errNext || len(f.Came) != 1 || f.Came[0].Stanza.ID() != "m1" {
		t.Errorf("complete: got %v", err)
	}
}

func TestPlayRegistersUnknownAccounts(t *testing.T) {
	if err := play(t, Player{Register: true}, lovers+"Paris connects\n"); err != nil {
		t.Error(err)
	}
	err := play(t, Player{}, lovers+"Paris connects\n")
	var refused *saslError
	if !errors.As(err, &refused) || refused.condition != "not-authorized" {
		t.Errorf("without registering: got %v", err)
	}
}

func TestPlayWithoutALogin(t *testing.T) {
	const beforeLogin = `Paris opens a stream
Paris receives: <features xmlns='http://etherx.jabber.org/streams'/>
Paris sends: <iq type='set' id='r'><query xmlns='jabber:iq:register'><username>paris</username><password>other</password></query></iq>
Paris receives: <iq type='result' id='r'/>
Paris disconnects
Paris connects
`
	if err := play(t, Player{}, lovers+beforeLogin); err != nil {
		t.Error(err)
	}
}

func TestPlayEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := Parse("play.scs", []byte(lovers))
	if err != nil {
		t.Fatal(err)
	}
	if err := Run(ctx, s, newStage(t).dial); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPlayWithoutAServer(t *testing.T) {
	silent := func(context.Context, *Client) (net.Conn, error) {
		client, server := net.Pipe()
		server.Close()
		return client, nil
	}
	if err := play(t, Player{Dial: silent}, lovers); err == nil || !strings.Contains(err.Error(), "play.scs:11: Romeo connects: the server closed") {
		t.Errorf("got %v", err)
	}
}
