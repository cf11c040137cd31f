package xmlstream

import (
	"math"

	"quatrain/xmpp/stanza"
)

// ParseElement reads one element, with white space around it at most, from storage or a test. The default namespace is jabber:client.
// Its size is not limited. Errors are *StreamError.
func ParseElement(data []byte) (*stanza.Element, error) {
	return Parse(data, stanza.NSClient, Limits{MaxStanza: math.MaxInt32 / 4, MaxElements: math.MaxInt32, MaxAttrs: 1024})
}

// Parse is ParseElement with the default namespace ns and limits, for elements that peers send one at a time (RFC 7395).
func Parse(data []byte, ns string, l Limits) (*stanza.Element, error) {
	l = l.withDefaults()
	for len(data) > 0 && isSpace(data[0]) {
		data = data[1:]
	}
	for len(data) > 0 && isSpace(data[len(data)-1]) {
		data = data[:len(data)-1]
	}
	switch {
	case len(data) > l.MaxStanza:
		return nil, violation(PolicyViolation, "the element is too long")
	case len(data) < 2 || data[0] != '<' || data[1] == '/':
		return nil, malformed("no element")
	}
	w := takeWork()
	defer w.giveBack()
	done, err := w.element(data, &l, &Header{NS: ns, content: ns})
	switch {
	case err == errMore:
		return nil, malformed("the element is incomplete")
	case err != nil:
		return nil, err
	case done && w.pos < len(data):
		return nil, malformed("something follows the element")
	}
	return w.build(data, ns), nil
}
