package stanza

// Kind says which of the three stanzas an element is (RFC 6120 §8).
type Kind uint8

const (
	NotStanza Kind = iota
	KindMessage
	KindPresence
	KindIQ
)

// String is the element's name, "" for NotStanza.
func (k Kind) String() string {
	switch k {
	case KindMessage:
		return "message"
	case KindPresence:
		return "presence"
	case KindIQ:
		return "iq"
	}
	return ""
}

// Kind looks at the name and at an explicit namespace other than those that streams carry stanzas in.
func (e *Element) Kind() Kind {
	switch e.NS() {
	case "", NSClient, NSServer, NSComponent:
	default:
		return NotStanza
	}
	switch e.Name {
	case "message":
		return KindMessage
	case "presence":
		return KindPresence
	case "iq":
		return KindIQ
	}
	return NotStanza
}

// IsRequest is whether e is an IQ that wants an answer: type get or set (RFC 6120 §8.2.3).
func (e *Element) IsRequest() bool {
	if e.Kind() != KindIQ {
		return false
	}
	t := e.Attr("type")
	return t == "get" || t == "set"
}

// IsError is whether e is a stanza of type error, which must not be answered with another error (RFC 6120 §8.3.1).
func (e *Element) IsError() bool { return e.Attr("type") == "error" }

// To, From, ID and Type are the attributes common to all stanzas (RFC 6120 §8.1), "" if absent. The addresses are as they were sent.
func (e *Element) To() string   { return e.Attr("to") }
func (e *Element) From() string { return e.Attr("from") }
func (e *Element) ID() string   { return e.Attr("id") }
func (e *Element) Type() string { return e.Attr("type") }
