package bench_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// BenchmarkRoom is what a message costs a whole server, from the sender's socket to those of 200 occupants over loopback: the rooms of
// muc_core in Lua, every stream, all of the routing. The clients are another process, whose CPU time is not counted.
//
// The figure is cpu-ns/copy: the server's CPU time, user and system, for each copy it delivered. A bare write per copy costs some 6 µs in
// the kernel alone; the load decides how many copies share one.
func BenchmarkRoom(b *testing.B) {
	const occupants = 200
	for _, load := range []struct {
		name string
		rate int // messages per second, 0: as fast as they come back
	}{{"20 per second", 20}, {"100 per second", 100}, {"full load", 0}} {
		b.Run(load.name, func(b *testing.B) {
			crowd := join(b, serve(b), occupants)
			crowd.talk(b, 20, 0) // to have everything warm
			b.ResetTimer()
			start := cpu()
			crowd.talk(b, b.N, load.rate)
			used := cpu() - start
			b.ReportMetric(float64(used.Nanoseconds())/float64(b.N*occupants), "cpu-ns/copy")
			b.ReportMetric(float64(b.N*occupants)/b.Elapsed().Seconds(), "copies/s")
		})
	}
}

const roomConfig = `
[global]
modules_enabled = ["saslauth"]
c2s_require_encryption = false
default_storage = "memory"

[host."localhost"]
authentication = "anonymous"

[component."conference.localhost"]
plugin = "muc_core"
restrict_room_creation = false
muc_room_locking = false
`

func serve(b *testing.B) (address string) {
	b.Helper()
	srv, err := host.New(host.Options{Config: []byte(roomConfig), DataDir: b.TempDir(), Plugins: plugins.FS, Library: lua.FS,
		Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}}})
	if err == nil {
		err = srv.Start(context.Background())
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { srv.Stop(context.Background(), "the benchmark has ended") })
	return srv.Addrs()[0].String()
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// crowd is the process of the clients.
type crowd struct {
	stdin  io.Writer
	stdout *bufio.Reader
}

const crowdVariable = "QUATRAIN_BENCH_CROWD"

func TestMain(m *testing.M) {
	if spec := os.Getenv(crowdVariable); spec != "" {
		if err := runCrowd(spec); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func join(b *testing.B, address string, n int) *crowd {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", crowdVariable, address, n))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		stdin.Close()
		cmd.Wait()
	})
	c := &crowd{stdin, bufio.NewReader(stdout)}
	c.await(b)
	return c
}

// talk lets the crowd say n messages and waits until everybody has heard them all.
func (c *crowd) talk(b *testing.B, n, rate int) {
	fmt.Fprintln(c.stdin, n, rate)
	c.await(b)
}

func (c *crowd) await(b *testing.B) {
	b.Helper()
	if line, err := c.stdout.ReadString('\n'); line != "ready\n" {
		b.Fatalf("the clients: %s %v", line, err)
	}
}

// runCrowd is the other process: "ADDRESS COUNT" joins, then each line "MESSAGES RATE" of its input is a talk.
func runCrowd(spec string) error {
	var address string
	var n int
	if _, err := fmt.Sscan(spec, &address, &n); err != nil {
		return err
	}
	var clients []*client
	for i := range n {
		c, err := enter(address, fmt.Sprintf("nick%d", i))
		if err != nil {
			return fmt.Errorf("client %d: %w", i, err)
		}
		clients = append(clients, c)
	}
	for _, c := range clients {
		go c.listen()
	}
	fmt.Println("ready")
	var messages, rate int
	for {
		if _, err := fmt.Scan(&messages, &rate); err != nil {
			return nil // the benchmark has ended
		}
		talk(clients, messages, rate)
		fmt.Println("ready")
	}
}

// window is how many messages are on their way at full load.
const window = 40

func talk(clients []*client, messages, rate int) {
	var heard sync.WaitGroup
	tokens := make(chan struct{}, window)
	for _, c := range clients {
		heard.Add(1)
		c.expect(messages, heard.Done)
	}
	clients[len(clients)-1].each(func() { <-tokens })
	var tick <-chan time.Time
	if rate > 0 {
		ticker := time.NewTicker(time.Second / time.Duration(rate))
		defer ticker.Stop()
		tick = ticker.C
	}
	for i := range messages {
		if tick != nil {
			<-tick
		}
		tokens <- struct{}{}
		clients[i%len(clients)].say(i)
	}
	heard.Wait()
}

// client is one occupant.
type client struct {
	conn net.Conn

	mu    sync.Mutex
	left  int
	done  func()
	heard func()
}

func enter(address, nick string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	const open = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"
	for _, step := range [][2]string{
		{"<?xml version='1.0'?>" + open, "</stream:features>"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>=</auth>", "<success "},
		{open, "</stream:features>"},
		{"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>"},
		{"<presence to='hall@conference.localhost/" + nick + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>", "</subject>"},
	} {
		if err := dialogue(conn, step[0], step[1]); err != nil {
			return nil, err
		}
	}
	return &client{conn: conn}, nil
}

// dialogue says one thing and waits for an answer that contains another.
func dialogue(conn net.Conn, say, want string) error {
	if _, err := io.WriteString(conn, say); err != nil {
		return err
	}
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	var all []byte
	buf := make([]byte, 64<<10)
	for !bytes.Contains(all, []byte(want)) && !(want == "</subject>" && bytes.Contains(all, []byte("<subject/>"))) {
		n, err := conn.Read(buf)
		if err != nil {
			return fmt.Errorf("waiting for %s: %w; got %s", want, err, all)
		}
		all = append(all, buf[:n]...)
	}
	return conn.SetReadDeadline(time.Time{})
}

var body = strings.Repeat("But soft, what light through yonder window breaks? ", 3)

func (c *client) say(i int) {
	fmt.Fprintf(c.conn, "<message to='hall@conference.localhost' type='groupchat' id='%d'><body>%s</body></message>", i, body)
}

func (c *client) expect(n int, done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left, c.done, c.heard = n, done, nil
}

func (c *client) each(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = f
}

// listen counts the messages by the end tags of their bodies.
func (c *client) listen() {
	mark := []byte("</body>")
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := c.conn.Read(buf[kept:])
		if err != nil {
			return
		}
		data := buf[:kept+n]
		c.count(bytes.Count(data, mark))
		kept = copy(buf, data[max(0, len(data)-len(mark)+1):]) // a mark may be cut in two, and is never counted twice
	}
}

func (c *client) count(n int) {
	for range n {
		c.mu.Lock()
		c.left--
		heard, done, left := c.heard, c.done, c.left
		c.mu.Unlock()
		if heard != nil {
			heard()
		}
		if left == 0 {
			done()
		}
	}
}
