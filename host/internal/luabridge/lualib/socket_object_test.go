package lualib

import (
	"bufio"
	"fmt"
	"net"
	"path/filepath"
	"testing"
)

// lineServer answers each line with a number, the line and a newline, and ends after "bye".
func lineServer(t *testing.T, network, address string) net.Addr {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for r := bufio.NewScanner(conn); r.Scan() && r.Text() != "bye"; {
					fmt.Fprintf(conn, "%d %s\r\n", len(r.Text()), r.Text())
				}
				fmt.Fprint(conn, "end")
			}()
		}
	}()
	return listener.Addr()
}

func TestSockets(t *testing.T) {
	tcp := lineServer(t, "tcp", "127.0.0.1:0").(*net.TCPAddr)
	unix := filepath.Join(t.TempDir(), "s")
	lineServer(t, "unix", unix)
	newWorld(luaTree).code(t, fmt.Sprintf(`
		local socket, unix, t = require "socket", require "socket.unix", require "test.harness"
		local port, path = %d, %q
		local function talk(conn)
			t.same(conn:send("one\ntwo\n"), 8)
			t.same({ conn:receive(), conn:receive("*l", "> ") }, { "3 one", "> 3 two" })
			t.same(conn:send("xthreex\n", 2, 6), 6)
			conn:settimeout(0.01)
			t.same({ conn:receive() }, { nil, "timeout", "" })
			conn:settimeout(5)
			t.same(conn:send("\nbye\n"), 5)
			t.same({ conn:receive(4), conn:receive("*a") }, { "5 th", "ree\r\nend" })
			t.same({ conn:receive() }, { nil, "closed", "" })
			conn:close()
			t.same({ conn:send("x") }, { nil, "closed", 0 })
		end
		t.case("tcp", function ()
			local conn = socket.tcp()
			t.same({ conn:send("x") }, { nil, "transport endpoint is not connected", 0 })
			t.same(conn:connect("127.0.0.1", port), 1)
			t.same({ conn:getpeername() }, { "127.0.0.1", tostring(port), "inet" })
			talk(conn)
			talk(socket.connect("127.0.0.1", port))
			t.raises("want a port", function () socket.tcp():connect("127.0.0.1", "http") end)
		end)
		t.case("unix", function ()
			for _, make in ipairs { socket.unix, unix, unix.stream } do
				local conn = make()
				t.same(conn:connect(path), 1)
				talk(conn)
			end
			t.same({ socket.unix():connect(path .. "/none") }, { nil, "not a directory" })
		end)
		return t.finish()`, tcp.Port, unix), "sockets")
}

func TestDatagrams(t *testing.T) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		buffer := make([]byte, 100)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			conn.WriteTo(append([]byte("got "), buffer[:n]...), from)
		}
	}()
	newWorld(luaTree).code(t, fmt.Sprintf(`
		local udp = require "socket".udp()
		udp:setpeername("127.0.0.1", %d)
		udp:send("ping")
		assert(udp:receive() == "got ping")`, conn.LocalAddr().(*net.UDPAddr).Port), "datagrams")
}
