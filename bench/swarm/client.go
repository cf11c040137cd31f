package swarm

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Piece is text that is looked for in what comes to a client.
type Piece struct {
	Text string
	// Seen is called on the swarm's goroutine with how often the text has come, and when.
	Seen func(n int, at time.Time)
}

// Client is a connection that has logged in. Its methods may be called from any goroutine once Watch has been called.
type Client struct {
	JID   string // full
	swarm *Swarm
	fd    int

	pieces []watched
	keep   int    // bytes of a piece that may have come at the end
	tail   []byte // the last of them
	raw    func(data []byte, at time.Time)
}

type watched struct {
	text []byte
	seen func(n int, at time.Time)
}

// Watch gives the connection to the swarm, which looks for the pieces from now on.
func (s *Swarm) Watch(l *Login, pieces ...Piece) (*Client, error) {
	return s.watch(l, nil, pieces)
}

// Tap gives the connection to the swarm, which calls f with all that comes, as it comes.
func (s *Swarm) Tap(l *Login, f func(data []byte, at time.Time)) (*Client, error) {
	return s.watch(l, f, nil)
}

func (s *Swarm) watch(l *Login, raw func([]byte, time.Time), pieces []Piece) (*Client, error) {
	fd, err := s.take(l.conn)
	if err != nil {
		return nil, err
	}
	c := &Client{JID: l.JID, swarm: s, fd: fd, raw: raw}
	for _, p := range pieces {
		c.pieces = append(c.pieces, watched{[]byte(p.Text), p.Seen})
		c.keep = max(c.keep, len(p.Text)-1)
	}
	s.mu.Lock()
	s.clients[int32(fd)] = c
	s.mu.Unlock()
	return c, s.register(fd)
}

// Say writes text at once; it waits while the server takes nothing.
func (c *Client) Say(text []byte) error {
	for len(text) > 0 {
		n, err := unix.Write(c.fd, text)
		if n > 0 {
			text = text[n:]
		}
		if errors.Is(err, unix.EAGAIN) {
			err = c.writable()
		}
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("writing to the server: %w", err)
		}
	}
	return nil
}

// stuck is how long a server may take nothing.
const stuck = 30 * time.Second

func (c *Client) writable() error {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLOUT}}, int(stuck/time.Millisecond))
	if err == nil && n == 0 {
		return fmt.Errorf("it has taken nothing for %v", stuck)
	}
	return err
}

// Close ends the connection.
func (c *Client) Close() { c.swarm.forget(c) }

// read is false when the connection has ended.
func (c *Client) read(buf []byte) bool {
	n, err := unix.Read(c.fd, buf)
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		return true
	}
	if n <= 0 {
		return false
	}
	if c.raw != nil {
		c.raw(buf[:n], time.Now())
		return true
	}
	c.count(buf[:n])
	return true
}

// count looks at what came, and at the seam with what came before: a piece that ends in it may have begun there.
func (c *Client) count(data []byte) {
	at := time.Now()
	for _, p := range c.pieces {
		n := bytes.Count(data, p.text)
		if len(c.tail) > 0 && len(p.text) > 1 {
			seam := append(c.tail[max(0, len(c.tail)-len(p.text)+1):len(c.tail):len(c.tail)], data[:min(len(data), len(p.text)-1)]...)
			n += bytes.Count(seam, p.text)
		}
		if n > 0 {
			p.seen(n, at)
		}
	}
	if len(data) >= c.keep {
		c.tail = append(c.tail[:0], data[len(data)-c.keep:]...)
		return
	}
	c.tail = append(c.tail, data...)
	c.tail = append(c.tail[:0], c.tail[max(0, len(c.tail)-c.keep):]...)
}
