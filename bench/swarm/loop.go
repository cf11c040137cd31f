// Package swarm is many cheap clients in one process: they log in, then one goroutine reads what comes to all of them and counts pieces of text
// in it, without parsing. It is meant to cost far less than the server that it keeps busy.
package swarm

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// Swarm reads for its clients. Safe for concurrent use.
type Swarm struct {
	epoll int
	wake  [2]int // a pipe that ends the loop

	mu      sync.RWMutex // guards clients
	clients map[int32]*Client

	lost atomic.Int64
	done chan struct{}
}

// New makes a swarm, which reads until Close.
func New() (*Swarm, error) {
	s := &Swarm{clients: map[int32]*Client{}, done: make(chan struct{})}
	var err error
	if s.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("making an epoll instance: %w", err)
	}
	if err := unix.Pipe2(s.wake[:], unix.O_CLOEXEC); err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	if err := s.register(s.wake[0]); err != nil {
		return nil, err
	}
	go s.loop()
	return s, nil
}

func (s *Swarm) register(fd int) error {
	err := unix.EpollCtl(s.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
	if err != nil {
		return fmt.Errorf("watching a connection: %w", err)
	}
	return nil
}

// loop has a thread for itself, as it spends its time in system calls.
func (s *Swarm) loop() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread() // else the thread ends, and with it what dies with the thread that has started it: servers
	defer close(s.done)
	events, buf := make([]unix.EpollEvent, 512), make([]byte, 256<<10)
	for {
		n, err := unix.EpollWait(s.epoll, events, -1)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return
		}
		for _, ev := range events[:n] {
			if int(ev.Fd) == s.wake[0] {
				return
			}
			s.mu.RLock()
			c := s.clients[ev.Fd]
			s.mu.RUnlock()
			if c != nil && !c.read(buf) {
				s.lost.Add(1)
				s.forget(c)
			}
		}
	}
}

func (s *Swarm) forget(c *Client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clients[int32(c.fd)] == c {
		delete(s.clients, int32(c.fd))
		unix.Close(c.fd)
	}
}

// Lost is how many connections the server has ended.
func (s *Swarm) Lost() int64 { return s.lost.Load() }

// Close ends all connections.
func (s *Swarm) Close() {
	unix.Write(s.wake[1], []byte{0})
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	for fd := range s.clients {
		unix.Close(int(fd))
	}
	s.clients = nil
	unix.Close(s.epoll)
	unix.Close(s.wake[0])
	unix.Close(s.wake[1])
}

// take makes the swarm the reader of a connection: its descriptor is duplicated, and conn is closed.
func (s *Swarm) take(conn net.Conn) (fd int, err error) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return 0, fmt.Errorf("a swarm reads TCP connections, not a %T", conn)
	}
	file, err := tcp.File()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	defer conn.Close()
	if fd, err = unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0); err != nil {
		return 0, fmt.Errorf("taking over a connection: %w", err)
	}
	return fd, unix.SetNonblock(fd, true)
}
