package wire_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

const socketMax = 1 << 20

// quiet is a stream on which nothing comes until it ends.
type quiet struct{ over chan struct{} }

func (quiet) Send(*pb.Batch) error { return nil }

func (q quiet) Recv() (*pb.Batch, error) {
	<-q.over
	return nil, io.EOF
}

// offered is a plugin that has offered a socket, and the stream on which it did.
type offered struct {
	*wire.Offer
	dir    string
	stream quiet
	taken  chan wire.Stream // the plugin's end
	failed chan error
}

func offer(t *testing.T) *offered {
	t.Helper()
	dir, err := os.MkdirTemp("", "wire") // t.TempDir() may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	o, err := wire.NewOffer(dir)
	if err != nil {
		t.Fatal(err)
	}
	f := &offered{o, dir, quiet{make(chan struct{})}, make(chan wire.Stream, 1), make(chan error, 1)}
	go func() {
		s, err := o.Accept(f.stream, socketMax)
		if err != nil {
			f.failed <- err
			return
		}
		f.taken <- s
	}()
	return f
}

func (f *offered) dial() (wire.Stream, error) {
	return wire.Dial(f.stream, f.dir, f.Socket(), socketMax, 10*time.Second)
}

// connect is the server's end and the plugin's.
func (f *offered) connect(t *testing.T) (server, plugin wire.Stream) {
	t.Helper()
	server, err := f.dial()
	if err != nil {
		t.Fatal(err)
	}
	return server, <-f.taken
}

func TestSocket(t *testing.T) {
	f := offer(t)
	server, plugin := f.connect(t)
	if left, _ := os.ReadDir(f.dir); len(left) > 0 {
		t.Errorf("%q is left in the directory", left[0].Name())
	}
	sr, pr := &root{invoke: echo}, &root{invoke: echo}
	s := wire.NewPeer(server, wire.Options{Root: sr, Timeout: 10 * time.Second})
	p := wire.NewPeer(plugin, wire.Options{Root: pr, Timeout: 10 * time.Second})
	ended := make(chan error, 2)
	go func() { ended <- s.Run(nil) }()
	go func() { ended <- p.Run(nil) }()
	for _, size := range []int{0, 1, 1000, 64<<10 - 30, 64 << 10, 500 << 10} {
		text := strings.Repeat("x", size)
		for _, end := range []*wire.Peer{s, p} {
			if got, err := call(background(t), end, "echo", text); err != nil || got[0] != text {
				t.Errorf("%d bytes: %.20v, %v", size, got, err)
			}
		}
	}
	close(f.stream.over)
	for range 2 {
		if err := <-ended; !errors.Is(err, wire.ErrEnded) {
			t.Errorf("the end of the stream: %v", err)
		}
	}
}

// Who does not know the token is turned away, and keeps nobody out.
func TestSocketOfStrangers(t *testing.T) {
	f := offer(t)
	var silent []net.Conn
	for range 20 {
		conn, err := net.Dial("unix", f.Socket().GetPath())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		silent = append(silent, conn)
	}
	wrong := bytes.Clone(f.Socket().GetToken())
	wrong[31] ^= 1
	for name, token := range map[string][]byte{"wrong": wrong, "the answer": f.Socket().GetAnswer(), "a batch": append([]byte{0, 0, 0, 0}, wrong...)} {
		conn, err := net.Dial("unix", f.Socket().GetPath())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write(token); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(conn); len(got) > 0 {
			t.Errorf("%s: answered by %q, %v", name, got, err)
		}
	}
	server, plugin := f.connect(t)
	if err := server.Send(&pb.Batch{}); err != nil {
		t.Error(err)
	}
	if _, err := plugin.Recv(); err != nil {
		t.Error(err)
	}
	if _, err := silent[0].Write(f.Socket().GetToken()); err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(silent[0]); len(got) > 0 {
		t.Error("a second server was let in")
	}
}

// An offer that is not in order ends in an error, not in a connection with somebody else.
func TestBadOffers(t *testing.T) {
	f := offer(t)
	imposter := filepath.Join(f.dir, "imposter")
	l, err := net.Listen("unix", imposter)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			conn.Write(make([]byte, 32)) // without the right answer
		}
	}()
	mute, err := net.Listen("unix", filepath.Join(f.dir, "mute"))
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	for name, test := range map[string]struct {
		change func(s *pb.Socket)
		want   string
	}{
		"elsewhere":     {func(s *pb.Socket) { s.Path = "/run/docker.sock" }, "is not in"},
		"out of it":     {func(s *pb.Socket) { s.Path = f.dir + "/../x" }, "is not in"},
		"no path":       {func(s *pb.Socket) { s.Path = "" }, "is not in"},
		"no token":      {func(s *pb.Socket) { s.Token = nil }, "without token"},
		"short answer":  {func(s *pb.Socket) { s.Answer = s.Answer[1:] }, "without token or answer"},
		"nobody there":  {func(s *pb.Socket) { s.Path = filepath.Join(f.dir, "none") }, "no such file"},
		"somebody else": {func(s *pb.Socket) { s.Path = imposter }, "somebody else"},
		"never accepts": {func(s *pb.Socket) { s.Path = filepath.Join(f.dir, "mute") }, "timeout"},
	} {
		s := proto.Clone(f.Socket()).(*pb.Socket)
		test.change(s)
		if _, err := wire.Dial(f.stream, f.dir, s, socketMax, 100*time.Millisecond); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// A stream that ends before the server has come ends the waiting.
func TestOfferNotTaken(t *testing.T) {
	f := offer(t)
	close(f.stream.over)
	if err := <-f.failed; !strings.Contains(err.Error(), "did not connect") {
		t.Error(err)
	}
}

// What a hostile end writes is an error of that connection, whatever it says of its size.
func TestHostileBatches(t *testing.T) {
	batch := func(length uint32, data string) []byte {
		return append(binary.BigEndian.AppendUint32(nil, length), data...)
	}
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"closed":             {nil, "EOF"},
		"half a length":      {[]byte{0, 0}, "unexpected EOF"},
		"cut short":          {batch(5, "abc"), "unexpected EOF"},
		"nothing follows":    {batch(5, ""), "unexpected EOF"},
		"large, cut short":   {batch(1<<20, "abc"), "unexpected EOF"},
		"too large":          {batch(1<<20+1, "abc"), "of at most"},
		"as large as can be": {batch(1<<32-1, ""), "of at most"},
		"garbage":            {batch(8, "\xff\xff\xff\xff\xff\xff\xff\xff"), "proto"},
		"large garbage":      {batch(100<<10, strings.Repeat("\xff", 100<<10)), "proto"},
		"HTTP/2":             {[]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "of at most"},
	} {
		f := offer(t)
		conn, err := net.Dial("unix", f.Socket().GetPath())
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			conn.Write(f.Socket().GetToken())
			io.ReadFull(conn, make([]byte, 32))
			conn.Write(test.data)
			conn.(*net.UnixConn).CloseWrite()
		}()
		plugin := <-f.taken
		p := wire.NewPeer(plugin, wire.Options{Root: &root{}})
		if err := p.Run(nil); !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if _, err := call(context.Background(), p, "x"); err == nil {
			t.Errorf("%s: a call after the end", name)
		}
		conn.Close()
		close(f.stream.over)
	}
}
