package spec

import (
	"errors"
	"fmt"

	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

const nsRegister = "jabber:iq:register"

// bind asks for a resource, "" for one of the server's choice (RFC 6120 §7), and starts the legacy session where it is not optional.
func (s *stream) bind(resource string) error {
	request := stanza.IQ("set", "bind").Tag("bind", stanza.NSBind)
	if resource != "" {
		request.TextTag("resource", stanza.NSBind, resource)
	}
	reply, err := s.request(request)
	if err != nil {
		return fmt.Errorf("binding a resource: %w", err)
	}
	s.jid = reply.FindText("{" + stanza.NSBind + "}bind/jid#")
	if s.jid == "" {
		return errors.New("binding a resource: the server names no JID")
	}
	session := s.features.Child("session", stanza.NSSession)
	if session == nil || session.ChildWithName("optional") != nil {
		return nil
	}
	if _, err = s.request(stanza.IQ("set", "session").Put(stanza.New("session", stanza.NSSession))); err != nil {
		return fmt.Errorf("starting the session: %w", err)
	}
	return nil
}

// register makes an account (XEP-0077) on a stream without login, if the server says that it lets one.
func (s *stream) register(account jid.JID, password string) error {
	query := stanza.New("query", nsRegister).
		TextTag("username", nsRegister, account.Local()).
		TextTag("password", nsRegister, password)
	if _, err := s.request(stanza.IQ("set", "register").Put(query)); err != nil {
		return fmt.Errorf("registering %q: %w", account.Bare().String(), err)
	}
	return nil
}

// request sends an IQ while negotiating, when nothing else comes. An error reply is a *stanza.Error.
func (s *stream) request(iq *stanza.Element) (*stanza.Element, error) {
	reply, err := s.ask(iq)
	if err != nil {
		return nil, err
	}
	if reply.IsError() {
		return nil, stanza.ParseError(reply)
	}
	return reply, nil
}
