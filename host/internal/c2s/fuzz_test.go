package c2s

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// script is a connection whose peer says something and hangs up; what it is answered is kept.
type script struct {
	net.Conn
	in  *bytes.Reader
	out bytes.Buffer
}

func (s *script) Read(p []byte) (int, error)       { return s.in.Read(p) }
func (s *script) Write(p []byte) (int, error)      { return s.out.Write(p) }
func (s *script) Close() error                     { return nil }
func (s *script) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)} }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

// Whatever a client says, the stream ends, and what the server said is XML.
func FuzzStream(f *testing.F) {
	for _, say := range []string{
		header, header + login + header + binding + "</stream:stream>", header + "<a xmlns='b'/>", "<?xml version='1.0'?>" + header + "<!-- -->",
		header + login + header + binding + "<message from='x' to='y'><body>z</body></message>", header + auth("SCRAM-SHA-1", base64Of("n,,n=juliet,r=x")),
	} {
		f.Add([]byte(say))
	}
	r := newRig(f, Options{CloseTimeout: time.Second}, nil)
	f.Fuzz(func(t *testing.T, say []byte) {
		conn := &script{in: bytes.NewReader(say)}
		r.ServeConn(conn, ConnOptions{Secure: true})
		checkAnswer(t, conn.out.Bytes())
	})
}

// checkAnswer parses what the server said: one stream after the other.
func checkAnswer(t *testing.T, said []byte) {
	t.Helper()
	for i, part := range bytes.SplitAfter(said, []byte("<success xmlns='"+stanza.NSSASL+"'/>")) {
		if len(part) == 0 {
			continue
		}
		d := xmlstream.NewDecoder(bytes.NewReader(part), xmlstream.Limits{})
		_, err := d.Stream()
		for err == nil {
			_, err = d.Next()
		}
		if err != io.EOF && err != xmlstream.ErrStreamEnd {
			t.Fatalf("part %d: %v in %q", i, err, part)
		}
	}
}
