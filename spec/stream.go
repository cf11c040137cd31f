package spec

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// stream is the client's end of a connection (RFC 6120 §4). Used by one goroutine, except that one may read while another writes.
type stream struct {
	conn     net.Conn
	dec      *xmlstream.Decoder
	domain   string
	features *stanza.Element // what the server offered last
	jid      string          // full, once bound
	timeout  time.Duration   // of a write
}

func newStream(conn net.Conn, domain string, timeout time.Duration) *stream {
	return &stream{conn: conn, dec: xmlstream.NewDecoder(conn, xmlstream.Limits{MaxStanza: 16 << 20}), domain: domain, timeout: timeout}
}

// open sends a stream tag and reads the server's, and the features.
func (s *stream) open() error {
	head := "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='" + stanza.NSStreams + "' version='1.0' to='" +
		string(stanza.AppendAttrValue(nil, s.domain)) + "'>"
	if err := s.write([]byte(head)); err != nil {
		return err
	}
	if _, err := s.dec.Stream(); err != nil {
		return fmt.Errorf("opening the stream: %w", err)
	}
	features, err := s.read()
	if err != nil {
		return fmt.Errorf("opening the stream: %w", err)
	}
	if features.Name != "features" || features.NS() != stanza.NSStreams {
		return fmt.Errorf("opening the stream: want features, got %s", features)
	}
	s.features = features
	return nil
}

// secure starts TLS if the server offers it (RFC 6120 §5).
func (s *stream) secure(config *tls.Config) error {
	if s.features.Child("starttls", stanza.NSTLS) == nil {
		return nil
	}
	answer, err := s.ask(stanza.New("starttls", stanza.NSTLS))
	if err != nil {
		return fmt.Errorf("starting TLS: %w", err)
	}
	if answer.Name != "proceed" {
		return fmt.Errorf("starting TLS: got %s", answer)
	}
	if len(s.dec.Buffered()) > 0 {
		return errors.New("starting TLS: the server went on in the clear")
	}
	conn := tls.Client(s.conn, config)
	if err := conn.Handshake(); err != nil {
		return fmt.Errorf("starting TLS: %w", err)
	}
	s.conn = conn
	s.dec.Reset(conn)
	return s.open()
}

// write sends bytes, within the time-out.
func (s *stream) write(b []byte) error {
	s.conn.SetWriteDeadline(time.Now().Add(s.timeout))
	if _, err := s.conn.Write(b); err != nil {
		return fmt.Errorf("sending: %w", err)
	}
	return nil
}

func (s *stream) send(e *stanza.Element) error { return s.write(e.AppendXML(nil, stanza.NSClient)) }

// read is the next element; a stream error of the server becomes an error.
func (s *stream) read() (*stanza.Element, error) {
	e, err := s.dec.Next()
	if err != nil {
		return nil, err
	}
	if e.Name == "error" && e.NS() == stanza.NSStreams {
		return nil, parseStreamError(e)
	}
	return e, nil
}

func (s *stream) ask(e *stanza.Element) (*stanza.Element, error) {
	if err := s.send(e); err != nil {
		return nil, err
	}
	return s.read()
}

func parseStreamError(e *stanza.Element) *stanza.StreamError {
	out := &stanza.StreamError{Condition: xmlstream.UndefinedCondition}
	for _, c := range e.Tags {
		switch {
		case c.NS() != stanza.NSStreamErrors:
		case c.Name == "text":
			out.Text = c.Text()
		default:
			out.Condition = c.Name
		}
	}
	return out
}

// plainSafe is whether a password may cross the connection as it is: it is encrypted, or does not leave this machine.
func (s *stream) plainSafe() bool {
	if _, ok := s.conn.(*tls.Conn); ok {
		return true
	}
	addr, ok := s.conn.RemoteAddr().(*net.TCPAddr)
	return !ok || addr.IP.IsLoopback()
}
