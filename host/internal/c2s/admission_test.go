package c2s

import (
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestStrangersMakeRoom: among clients that do not log in the oldest goes, and knows why; who has logged in stays, and so does who comes last.
func TestStrangersMakeRoom(t *testing.T) {
	r := newRig(t, Options{MaxUnauthed: 2}, nil)
	known := r.dial()
	known.upgrade()
	known.bound()
	var crowd []*wire
	for range 4 {
		w := r.dial()
		w.send(header)
		w.expect("</stream:features>")
		crowd = append(crowd, w)
	}
	for _, w := range crowd[:2] {
		if got := w.rest(); !strings.HasPrefix(got, "<stream:error><resource-constraint ") {
			t.Errorf("got %q", got)
		}
	}
	for _, w := range crowd[2:] {
		w.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
		w.expect("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	}
	known.send("<iq type='get' id='1'><x xmlns='y'/></iq>")
	known.expect("</iq>")
}

// TestSilentStrangersMakeRoom: who has said nothing yet, or is in the middle of TLS, goes as well.
func TestSilentStrangersMakeRoom(t *testing.T) {
	r := newRig(t, Options{MaxUnauthed: 10}, nil)
	r.addr = r.listen(true)
	var silent []*wire
	for i := range 20 {
		w := r.dial()
		if i%2 == 0 {
			w.send("\x16\x03\x01\x02\x00") // the beginning of a handshake
		}
		silent = append(silent, w)
	}
	for _, w := range silent[:10] {
		w.r.ReadByte() // returns when the server has closed the connection
	}
	r.awaitStreams(10)
}

// scarce is a listener that fails for some time for want of file descriptors.
type scarce struct {
	net.Listener
	mu    sync.Mutex
	fails int
}

func (l *scarce) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fails > 0 {
		l.fails--
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

// TestNoDescriptorsLeft: the server goes on accepting when there are file descriptors again, has logged it once, and made room meanwhile.
func TestNoDescriptorsLeft(t *testing.T) {
	r := newRig(t, Options{}, nil)
	old := r.dial()
	old.send(header)
	old.expect("</stream:features>")
	l, err := r.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- r.Serve(&scarce{Listener: l, fails: 3}, false) }()
	if got := old.rest(); !strings.HasPrefix(got, "<stream:error><resource-constraint ") {
		t.Errorf("got %q", got)
	}
	r.addr = l.Addr().String()
	w := r.dial()
	w.send(header)
	w.expect("</stream:features>")
	l.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
	if n := r.unaccepted.times; n != 2 {
		t.Errorf("%d failures after the first were not logged, want 2", n)
	}
}

// TestSeldom: what happens often is logged once, and later how often it was.
func TestSeldom(t *testing.T) {
	var s seldom
	var log strings.Builder
	to := slog.New(slog.NewTextHandler(&log, nil))
	for range 5 {
		s.warn(to, "x")
	}
	s.next = s.next.Add(-2 * seldomPause)
	s.warn(to, "x")
	got := ""
	for line := range strings.Lines(log.String()) {
		got += line[strings.Index(line, "msg="):]
	}
	if want := fmt.Sprintf("msg=x times=%d\nmsg=x times=%d\n", 1, 5); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
