package stanza

import (
	"strings"
	"testing"
)

func TestSize(t *testing.T) {
	for _, e := range []*Element{
		New("presence", ""),
		New("message", "jabber:client", "to", "romeo@montague.lit", "type", "chat"),
		Message("Wherefore art thou Romeo?", "to", "a@b").Tag("x", "urn:example").Tag("y", "").Up().Up(),
	} {
		text := string(e.AppendXML(nil, ""))
		if got := e.Size(); got < len(text) || got > 2*len(text) {
			t.Errorf("%d for %d bytes: %s", got, len(text), text)
		}
	}
	if got := Message(strings.Repeat("x", 1000)).Size(); got < 1000 {
		t.Error(got)
	}
}
