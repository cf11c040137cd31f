package swarm

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"time"
)

// patience is how long a server may take for one step of a login.
const patience = 60 * time.Second

// Login is a client that is not watched yet: one that writes, and waits for what it expects.
type Login struct {
	JID  string // full, once a resource is bound
	conn net.Conn
	rest []byte // what came after what was waited for
	buf  []byte
}

// Dial opens a connection and a stream to a host.
func Dial(address, host string) (*Login, error) {
	dialer := net.Dialer{Timeout: patience, LocalAddr: source(address), Control: portWhenConnecting}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return begin(conn, host)
}

// DialTLS is Dial with a stream that begins with TLS after STARTTLS. Certificates are not looked at.
func DialTLS(address, host string) (*Login, error) {
	l, err := Dial(address, host)
	if err != nil {
		return nil, err
	}
	if err := l.Say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"); err != nil {
		return nil, err
	}
	if _, err := l.Until("<proceed"); err != nil {
		return nil, err
	}
	conn := tls.Client(l.conn, &tls.Config{InsecureSkipVerify: true, ServerName: host})
	if err := conn.Handshake(); err != nil {
		return nil, err
	}
	return begin(conn, host)
}

func begin(conn net.Conn, host string) (*Login, error) {
	l := &Login{conn: conn, buf: make([]byte, 8192)}
	return l, l.open(host)
}

func (l *Login) open(host string) error {
	if err := l.Say("<stream:stream to='" + host + "' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"); err != nil {
		return err
	}
	_, err := l.Until("</stream:features>")
	return err
}

// Anonymous logs in without an account (SASL ANONYMOUS) and binds a resource.
func (l *Login) Anonymous(host string) error {
	if err := l.Say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"); err != nil {
		return err
	}
	return l.authenticated(host, "")
}

// Plain logs in with SASL PLAIN and binds a resource; "" lets the server choose.
func (l *Login) Plain(host, user, password, resource string) error {
	token := base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
	if err := l.Say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + token + "</auth>"); err != nil {
		return err
	}
	return l.authenticated(host, resource)
}

// Register makes an account by in-band registration (XEP-0077), before login. An account that exists is no error.
func (l *Login) Register(user, password string) error {
	if err := l.Say("<iq type='set' id='reg'><query xmlns='jabber:iq:register'><username>" + user + "</username><password>" + password + "</password></query></iq>"); err != nil {
		return err
	}
	answer, err := l.Until("id='reg'", `id="reg"`)
	if err == nil && strings.Contains(answer, "error") && !strings.Contains(answer, "conflict") {
		return fmt.Errorf("making an account: %s", answer)
	}
	return err
}

func (l *Login) authenticated(host, resource string) error {
	answer, err := l.Until("<success", "<failure")
	if err != nil {
		return err
	}
	if strings.Contains(answer, "<failure") {
		return fmt.Errorf("logging in: %s", answer)
	}
	l.rest = nil
	if err := l.open(host); err != nil {
		return err
	}
	return l.bind(resource)
}

func (l *Login) bind(resource string) error {
	if resource != "" {
		resource = "<resource>" + resource + "</resource>"
	}
	if err := l.Say("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" + resource + "</bind></iq>"); err != nil {
		return err
	}
	answer, err := l.Until("</iq>")
	if err != nil {
		return err
	}
	_, jid, found := strings.Cut(answer, "<jid>")
	if !found {
		return fmt.Errorf("binding a resource: %s", answer)
	}
	l.JID, _, _ = strings.Cut(jid, "</jid>")
	return nil
}

// Say writes text.
func (l *Login) Say(text string) error {
	_, err := l.conn.Write([]byte(text))
	return err
}

// Until reads until one of some pieces of text has come, and returns all that came up to its end.
func (l *Login) Until(texts ...string) (string, error) {
	if err := l.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	all := l.rest
	for {
		for _, text := range texts {
			if at := bytes.Index(all, []byte(text)); at >= 0 {
				end := at + len(text)
				l.rest = append([]byte(nil), all[end:]...)
				return string(all[:end]), nil
			}
		}
		n, err := l.conn.Read(l.buf)
		all = append(all, l.buf[:n]...)
		if err != nil {
			return "", fmt.Errorf("waiting for %q: %w after %q", texts, err, all)
		}
	}
}

// Close ends the connection.
func (l *Login) Close() error { return l.conn.Close() }
