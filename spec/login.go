package spec

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"mellium.im/sasl"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// nsChannelBinding is how servers say which channel bindings they know (XEP-0440).
const nsChannelBinding = "urn:xmpp:sasl-cb:0"

// saslError is a login that the server refused (RFC 6120 §6.5).
type saslError struct{ condition, text string }

func (e *saslError) Error() string {
	if e.text == "" {
		return "login refused: " + e.condition
	}
	return "login refused: " + e.condition + ": " + e.text
}

// login authenticates and opens the stream again (RFC 6120 §6). An account without a local part logs in anonymously.
func (s *stream) login(account jid.JID, password string) error {
	offered := s.mechanisms()
	mechanism, err := s.chooseMechanism(offered, account.Local() == "")
	if err != nil {
		return err
	}
	options := []sasl.Option{
		sasl.Credentials(func() (username, pass, identity []byte) {
			return []byte(account.Local()), []byte(password), nil
		}),
		sasl.RemoteMechanisms(offered...),
	}
	if conn, ok := s.conn.(*tls.Conn); ok && s.bindsChannel() {
		options = append(options, sasl.TLSState(conn.ConnectionState()))
	}
	if err := s.exchange(mechanism, sasl.NewClient(mechanism, options...)); err != nil {
		return err
	}
	s.dec.Restart()
	return s.open()
}

func (s *stream) mechanisms() []string {
	var names []string
	if list := s.features.Child("mechanisms", stanza.NSSASL); list != nil {
		for m := range list.ChildTags("mechanism", "") {
			names = append(names, m.Text())
		}
	}
	return names
}

// bindsChannel is whether SCRAM can be bound to the TLS channel: tls-exporter over TLS 1.3 (RFC 9266).
func (s *stream) bindsChannel() bool {
	conn, ok := s.conn.(*tls.Conn)
	if !ok || conn.ConnectionState().Version < tls.VersionTLS13 {
		return false
	}
	known := s.features.Child("sasl-channel-binding", nsChannelBinding)
	return known != nil && known.ChildWithAttr("channel-binding", "", "type", "tls-exporter", nil) != nil
}

// chooseMechanism takes the strongest that is offered and possible.
func (s *stream) chooseMechanism(offered []string, anonymous bool) (sasl.Mechanism, error) {
	var wanted []sasl.Mechanism
	switch {
	case anonymous:
		wanted = []sasl.Mechanism{sasl.Anonymous}
	default:
		if s.bindsChannel() {
			wanted = append(wanted, sasl.ScramSha256Plus, sasl.ScramSha1Plus)
		}
		wanted = append(wanted, sasl.ScramSha256, sasl.ScramSha1)
		if s.plainSafe() {
			wanted = append(wanted, sasl.Plain)
		}
	}
	for _, m := range wanted {
		if slices.Contains(offered, m.Name) {
			return m, nil
		}
	}
	return sasl.Mechanism{}, fmt.Errorf("no usable login mechanism among %q", offered)
}

func (s *stream) exchange(m sasl.Mechanism, n *sasl.Negotiator) error {
	more, first, err := n.Step(nil)
	if err != nil {
		return fmt.Errorf("login: %w", err)
	}
	answer, err := s.ask(stanza.New("auth", stanza.NSSASL, "mechanism", m.Name).AddText(encodeSASL(first)))
	for ; err == nil && answer.Name == "challenge"; answer, err = s.respond(n, answer) {
	}
	switch {
	case err != nil:
		return fmt.Errorf("login: %w", err)
	case answer.Name == "failure":
		return parseSASLError(answer)
	case answer.Name != "success":
		return fmt.Errorf("login: got %s", answer)
	case more && answer.Text() != "":
		return verifyServer(n, answer)
	}
	return nil
}

func (s *stream) respond(n *sasl.Negotiator, challenge *stanza.Element) (*stanza.Element, error) {
	data, err := base64.StdEncoding.DecodeString(challenge.Text())
	if err != nil {
		return nil, err
	}
	_, response, err := n.Step(data)
	if err != nil {
		return nil, err
	}
	return s.ask(stanza.New("response", stanza.NSSASL).AddText(encodeSASL(response)))
}

// verifyServer checks the server's last word, which proves that it knows the account too.
func verifyServer(n *sasl.Negotiator, success *stanza.Element) error {
	data, err := base64.StdEncoding.DecodeString(success.Text())
	if err == nil {
		_, _, err = n.Step(data)
	}
	if err != nil {
		return fmt.Errorf("login: the server's proof is wrong: %w", err)
	}
	return nil
}

// encodeSASL writes a message; one that is there and empty is "=" (RFC 6120 §6.4.2).
func encodeSASL(b []byte) string {
	if len(b) == 0 {
		return "="
	}
	return base64.StdEncoding.EncodeToString(b)
}

func parseSASLError(failure *stanza.Element) error {
	out := &saslError{condition: "no condition"}
	for _, c := range failure.Tags {
		if c.Name == "text" {
			out.text = c.Text()
		} else {
			out.condition = c.Name
		}
	}
	return out
}

// isUnknownAccount is whether a login failed in a way that a missing account explains.
func isUnknownAccount(err error) bool {
	var refused *saslError
	return errors.As(err, &refused) && refused.condition == "not-authorized"
}
