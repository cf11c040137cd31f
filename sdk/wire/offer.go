package wire

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"sync/atomic"
	"time"

	"quatrain/sdk/wire/pb"
)

const (
	proofSize = 32               // how long token and answer are, in bytes
	proofTime = 10 * time.Second // how long whoever connects may take for the token
)

// Offer is a socket on which a plugin waits for the server (pb.Socket).
type Offer struct {
	l     net.Listener
	offer *pb.Socket
	used  atomic.Bool // whether the token was
}

// NewOffer listens in the directory of sockets.
func NewOffer(dir string) (*Offer, error) {
	if dir == "" {
		return nil, errors.New("there is no directory for sockets")
	}
	secret := make([]byte, 8+2*proofSize)
	_, _ = rand.Read(secret) // never fails
	path := filepath.Join(dir, "frames-"+hex.EncodeToString(secret[:8]))
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	socket := &pb.Socket{Path: path, Token: secret[8 : 8+proofSize], Answer: secret[8+proofSize:]}
	return &Offer{l: l, offer: socket}, nil
}

// Socket is what the Hello tells of an offer; nil for none.
func (o *Offer) Socket() *pb.Socket {
	if o == nil {
		return nil
	}
	return o.offer
}

// Close ends the waiting.
func (o *Offer) Close() {
	if o != nil {
		_ = o.l.Close() // it may be closed already
	}
}

// Accept waits for the server, and until stream ends. max is the greatest size of a batch that is received.
func (o *Offer) Accept(stream Stream, max int) (Stream, error) {
	defer o.Close()
	proven, over := make(chan net.Conn, 1), make(chan struct{})
	go func() {
		o.listen(proven)
		close(over)
	}()
	end := tied(stream)
	end.tie(o.l)
	select {
	case conn := <-proven:
		end.tie(conn)
		return newSocket(conn, max), nil
	case <-over:
		return nil, errors.New("the server did not connect with the socket that it was offered")
	}
}

// listen lets connections prove that they are the server's, beside each other: one that is silent keeps nobody out.
func (o *Offer) listen(proven chan<- net.Conn) {
	for {
		conn, err := o.l.Accept()
		if err != nil {
			return
		}
		go func() {
			if o.admit(conn) != nil {
				_ = conn.Close()
				return
			}
			proven <- conn
		}()
	}
}

// admit lets one in, the first that knows the token.
func (o *Offer) admit(conn net.Conn) error {
	if err := expect(conn, o.offer.Token, proofTime); err != nil {
		return err
	}
	if !o.used.CompareAndSwap(false, true) {
		return errors.New("the server has connected already")
	}
	if _, err := conn.Write(o.offer.Answer); err != nil {
		return err
	}
	return conn.SetDeadline(time.Time{})
}

// Dial connects with the socket that a plugin has offered in its Hello. dir is the only directory where it may be, max the greatest size of a batch
// that is received, and wait how long the plugin may take to answer. The connection ends with stream.
func Dial(stream Stream, dir string, offer *pb.Socket, max int, wait time.Duration) (Stream, error) {
	if filepath.Dir(offer.GetPath()) != filepath.Clean(dir) || len(offer.GetToken()) != proofSize || len(offer.GetAnswer()) != proofSize {
		return nil, fmt.Errorf("the socket %q that is offered is not in %q, or without token or answer", offer.GetPath(), dir)
	}
	conn, err := net.DialTimeout("unix", offer.GetPath(), wait)
	if err != nil {
		return nil, fmt.Errorf("the socket that is offered: %w", err)
	}
	if _, err = conn.Write(offer.GetToken()); err == nil {
		err = expect(conn, offer.GetAnswer(), wait)
	}
	if err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("the socket that is offered: %w", err)
	}
	tied(stream).tie(conn)
	return newSocket(conn, max), nil
}

// expect reads what proves who the other side is. The connection's deadline stays.
func expect(conn net.Conn, proof []byte, wait time.Duration) error {
	if err := conn.SetDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	got := make([]byte, proofSize)
	if _, err := io.ReadFull(conn, got); err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(got, proof) != 1 {
		return errors.New("the other side is somebody else")
	}
	return nil
}

// ties are what ends with a stream.
type ties struct {
	over atomic.Bool
	last atomic.Pointer[io.Closer]
}

// tied waits until a stream ends on which nothing comes any more; what comes nevertheless ends it as well.
func tied(stream Stream) *ties {
	t := &ties{}
	go func() {
		_, _ = stream.Recv()
		t.over.Store(true)
		if c := t.last.Load(); c != nil {
			_ = (*c).Close()
		}
	}()
	return t
}

// tie ends c with the stream, in place of what was tied before.
func (t *ties) tie(c io.Closer) {
	t.last.Store(&c)
	if t.over.Load() {
		_ = c.Close()
	}
}
