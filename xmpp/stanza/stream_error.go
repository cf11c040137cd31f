package stanza

import "strings"

// NSStreams and NSStreamErrors are the namespaces of the stream itself and of its error conditions (RFC 6120 §4.8, §4.9).
const (
	NSStreams      = "http://etherx.jabber.org/streams"
	NSStreamErrors = "urn:ietf:params:xml:ns:xmpp-streams"
)

// StreamError ends a stream (RFC 6120 §4.9). Text is for the peer.
type StreamError struct {
	Condition string // what cannot be one is sent as undefined-condition
	Text      string
}

func (e *StreamError) Error() string {
	if e.Text == "" {
		return "stream error " + e.Condition
	}
	return "stream error " + e.Condition + ": " + e.Text
}

// Element is the stream error as it is sent: <stream:error/> without its prefix.
func (e *StreamError) Element() *Element {
	el := New("error", NSStreams)
	el.AddChild(New(e.condition(), NSStreamErrors))
	if e.Text != "" {
		el.AddChild(New("text", NSStreamErrors).AddText(e.Text))
	}
	return el
}

// condition is what can be the name of an element: a script may have made up anything.
func (e *StreamError) condition() string {
	isOdd := func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') }
	if e.Condition == "" || e.Condition[0] == '-' || strings.ContainsFunc(e.Condition, isOdd) {
		return "undefined-condition"
	}
	return e.Condition
}

// AppendXML appends the error as it stands in a stream whose header declares the prefix "stream", as every stream's does.
func (e *StreamError) AppendXML(dst []byte) []byte {
	el := e.Element()
	dst = append(dst, "<stream:error>"...)
	for _, c := range el.Tags {
		dst = c.AppendXML(dst, NSStreams)
	}
	return append(dst, "</stream:error>"...)
}
