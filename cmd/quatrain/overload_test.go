package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"quatrain/host"
)

// overload is a server that more is asked of than it can do.
type overload struct {
	*process
	t       *testing.T
	control *host.Control
	pid     int
	people  int
}

// startOverload starts a server with rooms of one form. options go into the section for all hosts.
func startOverload(t *testing.T, runtime, options string) *overload {
	t.Helper()
	i := installOnly(t, testConfig(t, "testdata/overload/plugins.toml", "OPTIONS", options)+runtime)
	control, err := host.NewControl(host.Options{Config: []byte("[host.\"localhost\"]\n"), DataDir: i.data})
	if err != nil {
		t.Fatal(err)
	}
	o := &overload{process: i.start(t), t: t, control: control}
	o.pid = o.status().PID
	return o
}

func (o *overload) status() host.Status {
	o.t.Helper()
	status, err := o.control.Status(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return status
}

// peak is the most memory that the server's process ever had, in bytes.
func (o *overload) peak() (bytes int) { return o.peakOf(fmt.Sprint(o.pid)) }

// bounded looks whether the server has never had more bytes of memory.
func (o *overload) bounded(bytes int) {
	o.t.Helper()
	if peak := o.peak(); peak > bytes {
		o.t.Errorf("%d MiB of memory at the peak, more than %d", peak>>20, bytes>>20)
	}
}

// peaks are those of the server and of the processes of its plugins.
func (o *overload) peaks() map[string]int {
	peaks := map[string]int{"server": o.peak()}
	for _, child := range childrenOf(o.t, o.pid) {
		peaks["process "+child] = o.peakOf(child)
	}
	return peaks
}

func (o *overload) peakOf(pid string) (bytes int) {
	o.t.Helper()
	text, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		o.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fmt.Sscan(rest, &bytes)
	return bytes << 10
}

// busy is the CPU time of the server's process so far.
func (o *overload) busy() time.Duration {
	o.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", o.pid))
	if err != nil {
		o.t.Fatal(err)
	}
	var user, system int64
	_, rest, _ := bytes.Cut(text, []byte(") "))
	fields := strings.Fields(string(rest))
	fmt.Sscan(fields[11], &user)
	fmt.Sscan(fields[12], &system)
	return time.Duration(user+system) * time.Second / 100 // USER_HZ
}

// enter logs a client in and lets it into a room.
func (o *overload) enter(room string) *talker {
	o.t.Helper()
	c := newTalker(o.t, o.address, o.people)
	o.people++
	c.say(fmt.Sprintf("<presence to='%s@rooms.localhost/n%d'><x xmlns='http://jabber.org/protocol/muc'/></presence>", room, c.id))
	c.until("<subject")
	return c
}

// speech is something said in the flooded room.
func speech(*talker) string {
	return "<message to='flooded@rooms.localhost' type='groupchat'><body>" + strings.Repeat("x", 1000) + "</body></message>"
}

// blast says the same as fast as the server takes it, until stop is closed or the connection ends.
func (c *talker) blast(text string, said *atomic.Int64, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		if _, err := io.WriteString(c.conn, text); err != nil {
			return
		}
		said.Add(1)
	}
}

// flood is clients that blast into a room and read what comes.
type flood struct {
	said    atomic.Int64
	stop    chan struct{}
	talking sync.WaitGroup
	talkers []*talker
}

// flood lets talkers say text, which is made for each of them, again and again.
func (o *overload) flood(room string, talkers int, text func(c *talker) string) *flood {
	f := &flood{stop: make(chan struct{})}
	for range talkers {
		c := o.enter(room)
		f.talkers = append(f.talkers, c)
		go c.listen()
	}
	for _, c := range f.talkers {
		f.talking.Go(func() { c.blast(text(c), &f.said, f.stop) })
	}
	return f
}

// end stops the flood. What the server has not taken is lost with the connections.
func (f *flood) end() {
	close(f.stop)
	for _, c := range f.talkers {
		c.conn.SetWriteDeadline(time.Unix(1, 0))
	}
	f.talking.Wait()
	for _, c := range f.talkers {
		c.conn.Close()
	}
}

// TestFloodedRoom: several blast into a room in which some read slowly and some not at all. Who does not read is told so and has to go, who
// reads slowly stays, another room is not concerned, memory stays bounded, and afterwards everything is as it was.
func TestFloodedRoom(t *testing.T) { onTwins(t, testFloodedRoom) }

const (
	floodQueue = 4 << 20 // more than the stanzas that a process of rooms has in hand amount to
	slowPace   = 3 << 20 // bytes a second; what counts as reading is far less
)

func testFloodedRoom(t *testing.T, runtime string) {
	t.Parallel()
	o := startOverload(t, runtime, fmt.Sprintf("c2s_max_queue_size = %d\n", floodQueue))
	quiet := []*talker{o.enter("quiet"), o.enter("quiet")}
	for _, c := range quiet {
		go c.listen()
	}
	before := o.status()
	price := o.price(quiet, 1)
	var deaf, slow []*talker
	deaf = append(deaf, o.enter("flooded")) // one: it has to begin to read within five seconds of its end
	for range 3 {
		slow = append(slow, o.enter("flooded"))
	}
	var lost atomic.Int64
	for _, c := range slow {
		go c.sip(&lost)
	}
	f := o.flood("flooded", 4, speech)
	o.awaitLog("peer does not read", len(deaf))
	for _, c := range deaf {
		c.conn.SetReadDeadline(time.Now().Add(time.Minute))
		all, err := io.ReadAll(c.conn)
		if tail := string(all[max(0, len(all)-300):]); err != nil || !strings.Contains(tail, "<stream:error><policy-violation ") {
			t.Errorf("who did not read was told %q, %v", tail, err)
		}
	}
	o.converse(quiet, 1000, 100)
	f.end()
	if n := lost.Load(); n > 0 {
		t.Errorf("%d of %d clients that read slowly have lost their sessions", n, len(slow))
	}
	for _, c := range slow {
		c.conn.Close()
	}
	o.recovers(before, quiet, price)
	people := len(slow) + len(deaf) + len(f.talkers)
	o.bounded(256<<20 + 16*people*floodQueue)
	t.Logf("%d stanzas in the flood, %d MiB at the peak", f.said.Load(), o.peak()>>20)
}

// sip reads slowly until the connection ends.
func (c *talker) sip(lost *atomic.Int64) {
	const turns = 50 // a second
	pace := time.NewTicker(time.Second / turns)
	defer pace.Stop()
	buf := make([]byte, slowPace/turns)
	for range pace.C {
		if _, err := io.ReadFull(c.conn, buf); err != nil {
			if !strings.Contains(err.Error(), net.ErrClosed.Error()) {
				lost.Add(1)
			}
			return
		}
	}
}

// awaitLog waits until the server has logged something so many times.
func (o *overload) awaitLog(text string, times int) {
	o.t.Helper()
	if !eventually(o.t.Context(), func() bool { return strings.Count(o.log.String(), text) >= times }) {
		o.t.Fatalf("%q was logged %d times, want %d", text, strings.Count(o.log.String(), text), times)
	}
}

// converse lets each of two in the quiet room say words numbered from first, each when the one before has come.
func (o *overload) converse(quiet []*talker, first, words int) {
	o.t.Helper()
	for n := first; n < first+words; n++ {
		for i, c := range quiet {
			c.say(word("message to='quiet@rooms.localhost' type='groupchat'", "room", c.id, n))
			other := quiet[1-i]
			if !eventually(o.t.Context(), func() bool { return other.has("room", c.id).last >= n }) {
				o.t.Fatalf("word %d of %d did not come; %s", n, c.id, other.fault())
			}
		}
	}
}

// price is the server's CPU time for some conversation, whose words are numbered from first.
func (o *overload) price(quiet []*talker, first int) time.Duration {
	begin := o.busy()
	o.converse(quiet, first, 20)
	return o.busy() - begin
}

// recovers looks whether the server uses no more than before: heap, goroutines, and CPU time for the same work, generously.
func (o *overload) recovers(before host.Status, quiet []*talker, price time.Duration) {
	o.t.Helper()
	var after host.Status
	if !eventually(o.t.Context(), func() bool {
		after = o.status()
		return after.Sessions <= before.Sessions && after.Goroutines <= before.Goroutines+10 && after.Heap <= 2*before.Heap+8<<20
	}) {
		o.t.Errorf("sessions %d → %d, goroutines %d → %d, heap %d → %d KiB", before.Sessions, after.Sessions, before.Goroutines, after.Goroutines,
			before.Heap>>10, after.Heap>>10)
	}
	if again := o.price(quiet, 10000); again > 3*price+200*time.Millisecond {
		o.t.Errorf("%v of CPU time for what took %v before", again, price)
	}
}

// TestHungRooms: the process of rooms is stopped while several blast into a room. It is killed and comes back, memory stays bounded, and
// people can talk again.
func TestHungRooms(t *testing.T) {
	t.Parallel()
	o := startOverload(t, sectionOf("go"), "")
	quiet := []*talker{o.enter("quiet"), o.enter("quiet")}
	for _, c := range quiet {
		go c.listen()
	}
	f := o.flood("flooded", 10, speech)
	if !eventually(t.Context(), func() bool { return f.said.Load() > 1000 }) {
		t.Fatal("the flood does not begin")
	}
	o.signal("muc_core", syscall.SIGSTOP)
	o.awaitLog("the plugin's process died", 1)
	f.end()
	o.converse(quiet, 1, 10)
	o.bounded(512 << 20)
	t.Logf("%d stanzas in the flood, %d MiB at the peak", f.said.Load(), o.peak()>>20)
}

func (o *overload) signal(plugin string, sig syscall.Signal) {
	(&faultStage{t: o.t, server: o.pid}).signal(plugin, sig)
}
