package swarm

import (
	"math/rand/v2"
	"net"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// sources is how many loopback addresses clients come from: each has 28,000 ports, and one that was used stays taken for a minute.
const sources = 16

// source is where a connection comes from: any of the loopback addresses if it leads to one (127.0.0.0/8), else what the system chooses.
func source(address string) net.Addr {
	if !strings.HasPrefix(address, "127.") {
		return nil
	}
	return &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+rand.IntN(sources)))}
}

// portWhenConnecting lets the system choose a port when it knows where the connection leads: then one may serve several destinations (ip(7)).
func portWhenConnecting(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	})
	if err != nil {
		return err
	}
	return failed
}
