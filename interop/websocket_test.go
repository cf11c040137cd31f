package interop

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/spec"
	"quatrain/xmpp/xmlstream"
)

const websocketConfig = `# debian: websocket
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping"]
consider_websocket_secure = true
[host."localhost"]
modules_enabled = ["websocket"]
[plugin.websocket]
options = ["consider_websocket_secure"]
`

// websocket is a connection of a client that speaks XMPP in WebSocket messages (RFC 7395), for a player that speaks it over TCP.
type websocket struct {
	net.Conn
	r    *bufio.Reader
	rest []byte // of a message
}

// dialWebsocket upgrades an HTTP connection (RFC 6455 §4.1).
func dialWebsocket(ctx context.Context, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	fmt.Fprint(conn, "GET /xmpp-websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n")
	ws := &websocket{Conn: conn, r: bufio.NewReader(conn)}
	resp, err := http.ReadResponse(ws.r, nil)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" || resp.Header.Get("Sec-WebSocket-Protocol") != "xmpp" {
		return nil, fmt.Errorf("no WebSocket: %s %v", resp.Status, resp.Header)
	}
	return ws, nil
}

// Write sends a message: the stream tags as RFC 7395 §3.3 has them, the rest as it is.
func (ws *websocket) Write(b []byte) (int, error) {
	text := string(b)
	if _, header, found := strings.Cut(text, "<stream:stream"); found {
		to, _, _ := strings.Cut(header[strings.Index(header, "to='")+4:], "'")
		text = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='" + to + "' version='1.0'/>"
	}
	text = strings.ReplaceAll(text, "</stream:stream>", "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
	frame := []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 1, 2, 3, 4}
	for i := range len(text) {
		frame = append(frame, text[i]^byte(i%4+1))
	}
	if _, err := ws.Conn.Write(frame); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (ws *websocket) Read(b []byte) (int, error) {
	for len(ws.rest) == 0 {
		message, err := ws.message()
		if err != nil {
			return 0, err
		}
		ws.rest = message
	}
	n := copy(b, ws.rest)
	ws.rest = ws.rest[n:]
	return n, nil
}

// message reads one frame, which is one message.
func (ws *websocket) message() ([]byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(ws.r, head); err != nil {
		return nil, err
	}
	length := uint64(head[1])
	if length == 126 {
		var n uint16
		if err := binary.Read(ws.r, binary.BigEndian, &n); err != nil {
			return nil, err
		}
		length = uint64(n)
	}
	data := make([]byte, length)
	if _, err := io.ReadFull(ws.r, data); err != nil {
		return nil, err
	}
	switch {
	case head[0] == 0x88:
		return nil, io.EOF
	case head[0] != 0x81 || length > 65535:
		return nil, fmt.Errorf("a frame that begins with %x", head)
	}
	text := string(data)
	if opened, found := strings.CutPrefix(text, "<open "); found {
		opened = strings.ReplaceAll(strings.TrimSuffix(opened, "/>"), "xmlns='urn:ietf:params:xml:ns:xmpp-framing'", "")
		return []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " + opened + ">"), nil
	}
	if strings.HasPrefix(text, "<close ") {
		return []byte("</stream:stream>"), nil
	}
	if _, err := xmlstream.ParseElement(data); err != nil {
		return nil, fmt.Errorf("a message is not one element: %w in %q", err, data)
	}
	return data, nil
}

// Prosody's mod_websocket serves clients by WebSocket (RFC 7395), one stanza a message.
func TestWebsocket(t *testing.T) {
	for name, config := range map[string]string{"on our http": websocketConfig, "on Prosody's": strings.Replace(websocketConfig, "websocket\n", "websocket http http_errors\n", 1)} {
		t.Run(name, func(t *testing.T) { talkByWebsocket(t, config) })
	}
}

func talkByWebsocket(t *testing.T, config string) {
	srv := configuredServer(t, config)
	addr := strings.Replace(serviceAddr(t, srv, "http"), "0.0.0.0:", "127.0.0.1:", 1)
	player := spec.Player{Timeout: 4 * spec.DefaultTimeout, Dial: overWebsocket(srv, addr)}
	if err := player.Play(t.Context(), parseScript(t, "testdata/shared_port.scs")); err != nil {
		t.Error(err)
	}
}

// overWebsocket connects all clients but Juliet so.
func overWebsocket(srv *host.Server, addr string) spec.Dialer {
	own := spec.Only(srv.Addrs()[0].String())
	return func(ctx context.Context, c *spec.Client) (net.Conn, error) {
		if c.Name == "Juliet" {
			return own(ctx, c)
		}
		return dialWebsocket(ctx, addr)
	}
}

const websocketSMConfig = `# debian: websocket smacks
[global]
modules_enabled = ["saslauth", "roster", "disco", "ping"]
consider_websocket_secure = true
require_encryption = false
allow_unencrypted_plain_auth = true
[host."localhost"]
modules_enabled = ["websocket", "smacks"]
[plugin.websocket]
options = ["consider_websocket_secure"]
`

// A browser's tab that loses its network resumes its session; when another client takes its place, that gets what was waiting.
func TestStreamManagementByWebSocket(t *testing.T) {
	srv := configuredServer(t, websocketSMConfig)
	addr := srv.ServiceAddrs(t.Context(), "http")[0].String()
	juliet := online(t, addressOf(srv), "juliet@localhost", "balcony")
	dial := func() *wire {
		conn, err := dialWebsocket(t.Context(), addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return &wire{t: t, conn: conn, dec: xmlstream.NewDecoder(conn, xmlstream.Limits{})}
	}
	tab := dial()
	tab.login("romeo@localhost")
	tab.bind("tab")
	tab.send("<presence/>")
	tab.until("presence")
	id := tab.enable()
	juliet.send("<message to='romeo@localhost/tab' id='first'/>")
	tab.expect("message", "first")
	tab.expect("r", "") // the server asks with what it sends
	tab.send("<a xmlns='%s' h='1'/>", nsSM)
	for i, again := range []*wire{dial(), dial()} {
		tab.cut()
		body := fmt.Sprint("Hist ", i)
		juliet.send("<message to='romeo@localhost/tab' type='chat' id='m%d'><body>%s</body></message>", i, body)
		juliet.ping(fmt.Sprint("sent", i))
		again.login("romeo@localhost")
		again.send("<resume xmlns='%s' previd='%s' h='%d'/>", nsSM, id, i+1)
		if answer := again.next(); answer.Name != "resumed" {
			t.Fatalf("%d: got %s", i, answer)
		}
		again.until("message")
		again.send("<message to='juliet@localhost/balcony' id='a%d'/>", i)
		if m := juliet.until("message"); m.From() != "romeo@localhost/tab" {
			t.Errorf("got %s", m)
		}
		tab = again
	}
	tab.send("<a xmlns='%s' h='3'/>", nsSM)
	tab.ping("acknowledged")
	tab.cut()
	juliet.send("<message to='romeo@localhost/tab' type='chat' id='last'><body>Hist</body></message>")
	juliet.ping("sent")
	other := dialWire(t, addressOf(srv))
	other.login("romeo@localhost")
	other.bind("tab")
	other.send("<presence/>")
	if m := other.until("message"); m.ID() != "last" {
		t.Errorf("got %s", m)
	}
}

// cut is a connection that breaks when its client says so.
type cut struct{ net.Conn }

func (c cut) Write(b []byte) (int, error) {
	if strings.Contains(string(b), "The thread is cut") {
		return len(b), c.Close()
	}
	return c.Conn.Write(b)
}

// A client whose connection is lost is gone, also when a module has served it.
func TestWebsocketIsLost(t *testing.T) {
	srv := configuredServer(t, websocketConfig)
	addr := strings.Replace(serviceAddr(t, srv, "http"), "0.0.0.0:", "127.0.0.1:", 1)
	dial := overWebsocket(srv, addr)
	player := spec.Player{Timeout: 4 * spec.DefaultTimeout, Dial: func(ctx context.Context, c *spec.Client) (net.Conn, error) {
		conn, err := dial(ctx, c)
		return cut{conn}, err
	}}
	if err := player.Play(t.Context(), parseScript(t, "testdata/lost.scs")); err != nil {
		t.Error(err)
	}
	awaitLua(t, srv, "return prosody.full_sessions['romeo@localhost/phone']", "nil")
}
