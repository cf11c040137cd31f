package lualib

import (
	"errors"
	"io"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

const (
	defaultStreamLimit = 1 << 20 // bytes of a stanza
	nsSeparator        = "\x01"
)

// xmppStream parses what a session is fed, and calls back.
type xmppStream struct {
	l         *library
	session   lua.LValue
	callbacks *lua.LTable
	dec       *xmlstream.Decoder
	limits    xmlstream.Limits
	data      string // fed and not yet read
	open      bool
	errorTag  string
	streamNS  string
}

// errNoData tells the decoder that what was fed is used up.
var errNoData = errors.New("no data")

func (s *xmppStream) Read(b []byte) (int, error) {
	if s.data == "" {
		return 0, errNoData
	}
	n := copy(b, s.data)
	s.data = s.data[n:]
	return n, nil
}

// openXMPPStream makes util.xmppstream: new(session, callbacks, size limit, {max_elements}). The callbacks are a table {streamopened,
// streamclosed, handlestanza, error, stream_ns, stream_tag, error_tag, default_ns}.
func (l *library) openXMPPStream(*lua.LState) lua.LValue {
	class := l.class("xmppstream", map[string]lua.LGFunction{
		"feed": streamFeed,
		"reset": func(L *lua.LState) int {
			s := self[*xmppStream](L, "xmppstream")
			// What came along with a request for TLS was sent in the clear, and would pass for something that was said under protection.
			s.data = ""
			s.dec.Reset(s)
			s.open = false
			return 0
		},
		"set_session": func(L *lua.LState) int {
			self[*xmppStream](L, "xmppstream").session = L.Get(2)
			return 0
		},
		"set_stanza_size_limit": func(L *lua.LState) int {
			s := self[*xmppStream](L, "xmppstream")
			s.setLimits(L.Get(2), L.Get(3))
			return 0
		},
	})
	lib := l.table(map[string]lua.LGFunction{
		"new": func(L *lua.LState) int {
			s := l.newXMPPStream(L, L.Get(1), L.CheckTable(2))
			elements := lua.LNil
			if options, ok := L.Get(4).(*lua.LTable); ok {
				elements = options.RawGetString("max_elements")
			}
			s.setLimits(L.Get(3), elements)
			L.SetField(s.session, "open_stream", L.NewFunction(s.openStream))
			L.Push(l.object(class, s))
			return 1
		},
		"new_sax_handlers": l.notHere("util.xmppstream", "new_sax_handlers"),
	})
	lib.RawSetString("ns_separator", lua.LString(nsSeparator))
	lib.RawSetString("ns_pattern", lua.LString("^([^"+nsSeparator+"]*)"+nsSeparator+"?(.*)$"))
	return lib
}

func (l *library) newXMPPStream(L *lua.LState, session lua.LValue, callbacks *lua.LTable) *xmppStream {
	text := func(name, otherwise string) string {
		if s, ok := L.GetField(callbacks, name).(lua.LString); ok {
			return string(s)
		}
		return otherwise
	}
	s := &xmppStream{l: l, session: session, callbacks: callbacks, errorTag: text("error_tag", "error"), streamNS: text("stream_ns", stanza.NSStreams)}
	s.dec = xmlstream.NewDecoder(s, xmlstream.Limits{})
	s.dec.SetRoot(xmlstream.Root{NS: s.streamNS, Name: text("stream_tag", "stream"), Content: text("default_ns", "\x00")})
	return s
}

// setLimits: bytes and elements of a stanza, nil for the default.
func (s *xmppStream) setLimits(bytes, elements lua.LValue) {
	s.limits = xmlstream.Limits{MaxStanza: defaultStreamLimit, MaxElements: 1 << 20, MaxDepth: 512, MaxAttrs: 1024}
	if n, ok := bytes.(lua.LNumber); ok && n >= 1 {
		s.limits.MaxStanza = int(min(n, 1<<30))
	}
	if n, ok := elements.(lua.LNumber); ok && n >= 1 {
		s.limits.MaxElements = int(min(n, 1<<30))
	}
	s.dec.SetLimits(s.limits)
}

// streamFeed: data → true, or nil and what is wrong with them.
func streamFeed(L *lua.LState) int {
	s := self[*xmppStream](L, "xmppstream")
	s.data += L.CheckString(2)
	for {
		var err error
		if s.open {
			err = s.next(L)
		} else {
			err = s.begin(L)
		}
		switch {
		case errors.Is(err, errNoData), errors.Is(err, xmlstream.ErrStreamEnd):
			L.Push(lua.LTrue)
			return 1
		case err != nil:
			return s.refuse(L, err)
		}
	}
}

// begin reads the stream tag.
func (s *xmppStream) begin(L *lua.LState) error {
	header, err := s.dec.Stream()
	if err != nil {
		return err
	}
	s.open = true
	attr := L.CreateTable(0, len(header.Attrs)+1)
	for _, a := range header.Attrs {
		attr.RawSetString(a.Name, lua.LString(a.Value))
	}
	attr.RawSetString("xmlns", lua.LString(s.streamNS))
	s.call(L, "streamopened", attr)
	return nil
}

// next reads a stanza, or the end.
func (s *xmppStream) next(L *lua.LState) error {
	st, err := s.dec.Next()
	if errors.Is(err, xmlstream.ErrStreamEnd) {
		s.open = false
		s.call(L, "streamclosed")
		return err
	}
	if err != nil {
		return err
	}
	if st.Name == s.errorTag && st.Attr("xmlns") == s.streamNS {
		s.fail(L, "stream-error", s.l.stanzas.Value(st))
		return nil
	}
	s.call(L, "handlestanza", s.l.stanzas.Value(st))
	return nil
}

// call calls a callback with the session.
func (s *xmppStream) call(L *lua.LState, name string, args ...lua.LValue) {
	if fn := L.GetField(s.callbacks, name); fn != lua.LNil {
		call1(L, fn, append([]lua.LValue{s.session}, args...)...)
	}
}

// fail calls the callback error; without one it is a Lua error.
func (s *xmppStream) fail(L *lua.LState, kind string, details ...lua.LValue) {
	if L.GetField(s.callbacks, "error") == lua.LNil {
		text := kind
		for _, d := range details {
			text += ": " + L.ToStringMeta(d).String()
		}
		L.RaiseError("XML stream error: %s", text)
	}
	s.call(L, "error", append([]lua.LValue{lua.LString(kind)}, details...)...)
}

// refuse reports what the decoder does not accept, as LuaExpat and Prosody's handlers do together.
func (s *xmppStream) refuse(L *lua.LState, err error) int {
	s.data = "" // the decoder takes no more, and the peer may go on until the connection is closed
	var e *xmlstream.StreamError
	if !errors.As(err, &e) {
		if errors.Is(err, io.EOF) {
			return pushFailure(L, "stream closed")
		}
		return pushFailure(L, err.Error())
	}
	switch e.Condition {
	case xmlstream.InvalidNamespace, xmlstream.BadNamespacePrefix, xmlstream.BadFormat:
		if s.open {
			break
		}
		s.fail(L, "no-stream", lua.LString(e.Text))
		L.Push(lua.LTrue)
		return 1
	case xmlstream.RestrictedXML, xmlstream.UnsupportedEncoding:
		s.fail(L, "parse-error", lua.LString("restricted-xml"), lua.LString("Restricted XML, see RFC 6120 section 11.1."))
		return pushFailure(L, "parsing aborted")
	case xmlstream.PolicyViolation:
		if strings.HasSuffix(e.Text, "elements") {
			s.fail(L, "parse-error", lua.LString("resource-constraint"), lua.LString("Stanza exceeds permitted children"))
			return pushFailure(L, "parsing aborted")
		}
		return pushFailure(L, "stanza-too-large")
	}
	return pushFailure(L, e.Text)
}

// openStream is session:open_stream(from, to): it sends the stream tag.
func (s *xmppStream) openStream(L *lua.LState) int {
	session, from, to := L.Get(1), L.Get(2), L.Get(3)
	get := func(name string) lua.LValue { return L.GetField(session, name) }
	attr := L.NewTable()
	set := func(name string, v lua.LValue) {
		if v != lua.LNil {
			attr.RawSetString(name, v)
		}
	}
	set("xmlns:stream", lua.LString(stanza.NSStreams))
	set("xml:lang", lua.LString("en"))
	set("xmlns", L.GetField(s.callbacks, "default_ns"))
	if v, ok := get("version").(lua.LNumber); ok && v > 0 {
		set("version", lua.LString("1.0"))
	}
	set("id", lua.LString(lua.LVAsString(get("streamid"))))
	if from == lua.LNil {
		from = get("host")
	}
	set("from", from)
	set("to", to)
	if more := get("stream_attrs"); more != lua.LNil {
		call1(L, more, session, from, to, attr)
	}
	send := get("sends2s")
	if send == lua.LNil {
		send = get("send")
	}
	st := callField(L, s.l.stanzas.Module(), "stanza", lua.LString("stream:stream"), attr)
	call1(L, send, "<?xml version='1.0'?>"+lua.LString(lua.LVAsString(call1(L, L.GetField(st, "top_tag"), st))))
	L.Push(lua.LTrue)
	return 1
}

// callField calls a library's function for one result.
func callField(L *lua.LState, lib lua.LValue, name string, args ...lua.LValue) lua.LValue {
	return call1(L, L.GetField(lib, name), args...)
}
