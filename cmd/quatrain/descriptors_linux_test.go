package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFewDescriptors: strangers take all file descriptors that the system gives. Those who are there go on, in a room that is kept on disk, somebody else
// comes in, as the oldest strangers make room, and with more descriptors everything is as before.
func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	o := startOverload(t, "", "muc_room_default_persistent = true\n")
	quiet := o.quiet()
	before := o.status()
	price := o.price(quiet, 1)
	const left = 40
	limit := o.descriptors(o.opened() + left)
	strangers := make([]net.Conn, 3*left)
	for i := range strangers {
		conn, err := net.Dial("tcp", o.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, opening); err != nil {
			t.Fatal(err)
		}
		strangers[i] = conn
	}
	o.awaitLog("accepting a connection failed", 1)
	o.converse(quiet, 1000, 20)
	late := o.enter("quiet")
	go late.listen()
	late.say(word("message to='quiet@rooms.localhost' type='groupchat'", "room", late.id, 1))
	if !eventually(t.Context(), func() bool { return quiet[0].has("room", late.id).last == 1 }) {
		t.Errorf("nothing came of who entered last; %s", late.fault())
	}
	o.descriptors(limit)
	late.conn.Close()
	for _, conn := range strangers {
		conn.Close()
	}
	o.recovers(before, quiet, price)
}

// opened is how many file descriptors the server has open.
func (o *overload) opened() uint64 {
	o.t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", o.pid))
	if err != nil {
		o.t.Fatal(err)
	}
	return uint64(len(open))
}

// descriptors sets how many file descriptors the server may have open, and returns how many it might.
func (o *overload) descriptors(n uint64) (before uint64) {
	o.t.Helper()
	var old unix.Rlimit
	err := unix.Prlimit(o.pid, unix.RLIMIT_NOFILE, nil, &old)
	if err == nil {
		err = unix.Prlimit(o.pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: old.Max}, nil)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return old.Cur
}
