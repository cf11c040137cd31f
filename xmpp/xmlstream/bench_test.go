package xmlstream

import (
	"io"
	"strings"
	"testing"
)

const benchMessage = `<message to='coven@conference.localhost' from='romeo@localhost/orchard' type='groupchat' id='b4d1f3a0-6f2e-4c8e-9d55-0a1b2c3d4e5f' xml:lang='en'>` +
	`<body>Neither, fair saint, if either thee dislike; I take thee at thy word.</body>` +
	`<active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='abc-1234'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>`

// loop is a stream that never ends.
type loop struct {
	text string
	at   int
}

func (l *loop) Read(b []byte) (int, error) {
	n := copy(b, l.text[l.at:])
	l.at = (l.at + n) % len(l.text)
	return n, nil
}

func BenchmarkNext(b *testing.B) {
	l := &loop{text: benchMessage}
	d := NewDecoder(io.MultiReader(strings.NewReader(open), l), Limits{})
	if _, err := d.Stream(); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(benchMessage)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Next(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseElement(b *testing.B) {
	data := []byte(benchMessage)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseElement(data); err != nil {
			b.Fatal(err)
		}
	}
}
