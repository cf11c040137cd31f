package bench

import (
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

const streamTag = `<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`

// message has five elements and 330 bytes or so.
const message = `<message to='coven@conference.localhost' from='romeo@localhost/orchard' type='groupchat' id='b4d1f3a0-6f2e' xml:lang='en'>` +
	`<body>Neither, fair saint, if either thee dislike; I take thee.</body><active xmlns='http://jabber.org/protocol/chatstates'/>` +
	`<origin-id xmlns='urn:xmpp:sid:0' id='abc-1234'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>`

// endless repeats its text.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(b []byte) (int, error) {
	n := copy(b, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

// reportCPU adds what a turn cost in CPU time, which, unlike ns/op, does not grow when other processes want the machine.
func reportCPU(b *testing.B) func() {
	start := cpuTime()
	return func() { b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op") }
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkTokenizeMessage is reading one message from a stream to a tree.
func BenchmarkTokenizeMessage(b *testing.B) {
	d := xmlstream.NewDecoder(io.MultiReader(strings.NewReader(streamTag), &endless{text: message}), xmlstream.Limits{})
	if _, err := d.Stream(); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	defer reportCPU(b)()
	for b.Loop() {
		if _, err := d.Next(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRenderCopy is what each recipient of a message in a room costs once it is rendered.
func BenchmarkRenderCopy(b *testing.B) {
	e, err := xmlstream.ParseElement([]byte(message))
	if err != nil {
		b.Fatal(err)
	}
	r := stanza.Render(e)
	dst := make([]byte, 0, 1024)
	b.ReportAllocs()
	defer reportCPU(b)()
	for b.Loop() {
		dst = r.AppendTo(dst[:0], "juliet@localhost/balcony")
	}
}
