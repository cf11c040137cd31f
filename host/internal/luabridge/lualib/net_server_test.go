package lualib

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/luastanza"
)

// network is a Lua world with connections. What scripts say with note(…) is heard.
type network struct {
	t     *testing.T
	l     *library
	heard chan string
}

func newNetwork(t *testing.T) *network {
	in := compat.New(compat.Options{})
	n := &network{t: t, l: newLibrary(in, luastanza.New(in)), heard: make(chan string, 100)}
	th := in.Enter(context.Background())
	defer th.Leave()
	in.Globals().RawSetString("server", n.l.openNetServer(th.L))
	in.Globals().RawSetString("socket", n.l.openSocket(th.L))
	in.Globals().RawSetString("note", in.State().NewFunction(func(L *lua.LState) int {
		var words []string
		for i := 1; i <= L.GetTop(); i++ {
			words = append(words, L.ToStringMeta(L.Get(i)).String())
		}
		n.heard <- strings.Join(words, " ")
		return 0
	}))
	t.Cleanup(n.l.shutdown)
	return n
}

func (n *network) run(script string) string {
	n.t.Helper()
	th := n.l.in.Enter(context.Background())
	defer th.Leave()
	fn, err := n.l.in.Load([]byte(script), "=test", nil)
	if err != nil {
		n.t.Fatal(err)
	}
	results, err := n.l.in.PCall(th.L, fn, 1)
	if err != nil {
		n.t.Fatal(err)
	}
	return lua.LVAsString(results[0])
}

func (n *network) hear(want ...string) {
	n.t.Helper()
	for _, w := range want {
		select {
		case got := <-n.heard:
			if got != w {
				n.t.Fatalf("heard %q, want %q", got, w)
			}
		case <-time.After(20 * time.Second):
			n.t.Fatalf("heard nothing, want %q", w)
		}
	}
}

// listen has a listener's callbacks noted; more is Lua that may change the table listener.
func (n *network) listen(more string) (addr string) {
	n.t.Helper()
	return n.run(`listener = {};
for _, what in ipairs { "connect", "incoming", "disconnect", "detach", "attach", "drain" } do
	listener["on" .. what] = function (conn, ...) last = conn; note(what, ...); end
end
` + more + `
local sock = assert(server.listen("127.0.0.1", 0, listener));
return sock:ip() .. ":" .. sock:port()`)
}

func (n *network) dial(addr string) net.Conn {
	n.t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

func TestConnectionCallbacks(t *testing.T) {
	n := newNetwork(t)
	conn := n.dial(n.listen(""))
	n.hear("connect")
	io.WriteString(conn, "one")
	n.hear("incoming one")
	n.run(`last:write("back")`)
	n.hear("drain")
	got := make([]byte, 4)
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != "back" {
		t.Errorf("got %q, %v", got, err)
	}
	conn.Close()
	n.hear("disconnect")
}

// Two connections that close each other, and themselves, are each told once of their end.
func TestConnectionsEndTogether(t *testing.T) {
	n := newNetwork(t)
	addr := n.listen(`other = {}
listener.onconnect = function (conn) other[#other + 1] = conn; note("connect"); end
listener.ondisconnect = function (conn, why)
	note("disconnect", why);
	conn:close();
	for _, c in ipairs(other) do c:close(); end
end`)
	first, second := n.dial(addr), n.dial(addr)
	n.hear("connect", "connect")
	first.Close()
	n.hear("disconnect nil", "disconnect nil")
	if _, err := second.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the other connection: %v, want the end", err)
	}
	n.run(`note("that is all")`)
	n.hear("that is all")
}

// A listener may have a metatable, even one that raises errors.
func TestListenerWithMetatable(t *testing.T) {
	n := newNetwork(t)
	conn := n.dial(n.listen(`local methods = { onconnect = listener.onconnect, ondisconnect = listener.ondisconnect };
for k in pairs(listener) do listener[k] = nil; end
setmetatable(listener, { __index = function (_, k) return methods[k] or error("there is no " .. k); end });`))
	n.hear("connect")
	io.WriteString(conn, "lost")
	conn.Close()
	n.hear("disconnect")
}

func TestConnectionPauses(t *testing.T) {
	n := newNetwork(t)
	conn := n.dial(n.listen(""))
	n.hear("connect")
	n.run(`last:pause()`)
	io.WriteString(conn, "one")
	n.run(`note("nothing came")`)
	n.hear("nothing came")
	n.run(`last:resume()`)
	n.hear("incoming one")
	n.run(`last:pause_writes(); last:write("a"); last:write("b"); note("held")`)
	n.hear("held")
	n.run(`last:resume_writes()`)
	n.hear("drain")
	n.run(`last:write("bye"); last:close(); note((last:write("late")))`)
	n.hear("nil", "disconnect")
	got, err := io.ReadAll(conn)
	if string(got) != "abbye" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestConnectionReadTimeout(t *testing.T) {
	n := newNetwork(t)
	n.dial(n.listen(`local times = 0;
function listener.onconnect(conn) conn:setreadtimeout(0.01); end
function listener.onreadtimeout(conn) times = times + 1; note("timeout"); return times < 3; end`))
	n.hear("timeout", "timeout", "timeout", "disconnect read timeout")
}

func TestConnectionChangesListener(t *testing.T) {
	n := newNetwork(t)
	conn := n.dial(n.listen(`other = { onattach = function (_, data) note("attached", data); end, onincoming = function (_, data) note("other", data); end }`))
	n.hear("connect")
	n.run(`last:setlistener(other, "data")`)
	n.hear("detach", "attached data")
	io.WriteString(conn, "x")
	n.hear("other x")
}

// A peer that does not read loses its connection, not the server its memory.
func TestConnectionThatDoesNotRead(t *testing.T) {
	n := newNetwork(t)
	n.dial(n.listen(fmt.Sprintf(`function listener.onconnect(conn)
	local piece = ("x"):rep(1024 * 1024);
	for i = 1, %d do conn:write(piece); end
end
listener.ondrain = nil`, maxUnsent>>20+20)))
	n.hear("disconnect write buffer full")
}

func TestOutgoingConnections(t *testing.T) {
	n := newNetwork(t)
	addr := n.listen(`function listener.onincoming(conn, data) conn:write("<" .. data .. ">"); end
listener.onconnect, listener.ondrain, listener.ondisconnect = nil, nil, nil`)
	_, port, _ := net.SplitHostPort(addr)
	n.run(`client = { onconnect = function (conn) note("connected", conn:ip(), conn:serverport() == ` + port + `); conn:write("hi"); end,
	onincoming = function (conn, data) note("got", data); conn:close(); end, ondisconnect = function (_, why) note("over", why); end };
assert(server.addclient("127.0.0.1", ` + port + `, client))`)
	n.hear("connected 127.0.0.1 true", "got <hi>", "over nil")
	n.run(`assert(server.addclient("127.0.0.1", 1, client))`)
	n.hear("over connection refused")
	n.run(`note(server.addclient("nowhere", 1, client))`)
	n.hear("nil invalid-ip")
	n.run(`local sock = assert(socket.connect("127.0.0.1", ` + port + `)); assert(server.wrapclient(sock, "127.0.0.1", 1, client))`)
	n.hear("connected 127.0.0.1 true", "got <hi>", "over nil")
}

func TestLinkedConnections(t *testing.T) {
	n := newNetwork(t)
	addr := n.listen(`listener.ondrain = nil;
function listener.onconnect(conn)
	if not first then first = conn; else server.link(first, conn); server.link(conn, first); end
	note("here");
end`)
	one := n.dial(addr)
	n.hear("here")
	two := n.dial(addr)
	n.hear("here")
	data := strings.Repeat("0123456789", 100_000)
	go io.WriteString(one, data)
	got := make([]byte, len(data))
	if _, err := io.ReadFull(two, got); err != nil || string(got) != data {
		t.Errorf("what was linked is not what came: %v", err)
	}
}

// A socket that one chain waits on can be closed by another; the one that waits hears of it.
func TestSocketClosedMeanwhile(t *testing.T) {
	n := newNetwork(t)
	conn := n.dial(n.run(`sock = assert(socket.bind("127.0.0.1", 0)); local ip, port = sock:getsockname(); return ip .. ":" .. port`))
	n.run(`peer = assert(sock:accept())`)
	var waiting sync.WaitGroup
	for _, wait := range []string{`note("receive", (select(2, peer:receive("*a"))))`, `note("accept", (select(2, sock:accept())))`} {
		waiting.Go(func() { n.run(`note("waiting"); ` + wait) })
		n.hear("waiting")
	}
	n.run(`peer:close()`)
	n.hear("receive closed")
	n.run(`sock:close()`)
	n.hear("accept closed")
	waiting.Wait()
	if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the peer: %v, want the end", err)
	}
}

func TestWatchedDescriptor(t *testing.T) {
	n := newNetwork(t)
	n.run(`one, two = socket.udp(), socket.udp();
one:setsockname("127.0.0.1", 0);
local _, port = one:getsockname();
two:setpeername("127.0.0.1", port);
watch = server.watchfd(one, function (self) note("readable", (one:receive())); self:close(); end);
two:send("hello")`)
	n.hear("readable hello")
	n.run(`note(server.watchfd(-1))`)
	n.hear("nil invalid fd")
}
