package c2s

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// open answers a stream tag, and with what the stream may do next. A returned error ends the stream.
func (st *stream) open(h *xmlstream.Header) error {
	host, fault := st.srv.checkHeader(h, st.host)
	if host != "" && st.host == "" {
		st.host = host
		st.sess().SetHost(host)
		bus := st.srv.cfg.Hosts.Bus(host)
		st.bus.Store(&bus)
		st.link.TellOn(bus)
	}
	ctx := st.cork()
	out := appendHeader(nil, newStreamID(), host, echo(h.From))
	if fault != nil {
		st.answer(out)
		return fault
	}
	features, err := st.features(ctx, h)
	if err != nil || len(features.Tags) == 0 && st.sess().Type() == sdk.TypeUnauthed {
		st.warnIdle(host, err)
		st.answer(out)
		return &stanza.StreamError{Condition: xmlstream.UndefinedCondition, Text: "no stream features to proceed with"}
	}
	if st.sess().Filtered() {
		st.answer(out)
		st.send(ctx, features) // an error shows at the next read
		return nil
	}
	st.answer(features.AppendXML(out, stanza.NSClient))
	return nil
}

// warnIdle tells the operator that clients get no further: most likely the configuration forgets what encrypts streams and logs in.
func (st *stream) warnIdle(host string, err error) {
	log := st.log().With("host", host, "secure", st.secure)
	if err != nil {
		log.Warn("a client can do nothing on this stream, since its features cannot be told", "err", err)
		return
	}
	log.Warn(`a client can do nothing on this stream: are "tls" and "saslauth" in modules_enabled, and is there a way to log in?`)
}

// answer writes what begins with our stream tag, unless the stream has been ended meanwhile.
func (st *stream) answer(out []byte) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.headerSent {
		st.headerSent = true
		st.sess().WriteRaw(out)
	}
}

// features fires stream-features {origin, features, stream} on the host: handlers add their element to features. stream are the
// attributes of the client's stream tag.
func (st *stream) features(ctx context.Context, h *xmlstream.Header) (*stanza.Element, error) {
	features := stanza.New("stream:features", "") // by the prefix that our stream tag declares, as modules know it
	ev := sdk.NewEvent("stream-features", "features", features, "stream", attributes(h))
	ev.Origin = st.sess()
	_, err := st.srv.cfg.Hosts.Bus(st.host).Fire(ctx, ev)
	return features, err
}

func attributes(h *xmlstream.Header) map[string]any {
	m := map[string]any{}
	for _, a := range h.Attrs {
		m[a.Name] = a.Value
	}
	return m
}

// checkNamespace refuses stanzas of other kinds of streams (RFC 6120 §4.8.3, §8): handed on, they would be an error of ours to whoever
// receives them.
func (st *stream) checkNamespace(el *stanza.Element) *stanza.StreamError {
	if ns := el.NS(); el.Kind() == stanza.NotStanza || ns == "" || ns == stanza.NSClient {
		return nil
	}
	return &stanza.StreamError{Condition: xmlstream.InvalidNamespace}
}

// checkFrom refuses a sender's address that is not the client's own (RFC 6120 §8.1.2.1); the router stamps the right one.
func (st *stream) checkFrom(el *stanza.Element) *stanza.StreamError {
	from, ok := el.LookupAttr("from")
	if !ok || el.Kind() == stanza.NotStanza || st.sess().Type() != sdk.TypeC2S {
		return nil
	}
	full, bare := st.sess().JID(), st.sess().BareJID()
	if from == full || from == bare {
		return nil
	}
	if j, err := jid.Parse(from); err == nil && (j.String() == full || j.String() == bare) {
		return nil
	}
	return &stanza.StreamError{Condition: xmlstream.InvalidFrom}
}
