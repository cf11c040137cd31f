package lualib

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
)

// mailServer takes one message and gives what it was told, line by line.
func mailServer(t *testing.T) (port int, told chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	told = make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var lines []string
		data := false
		fmt.Fprint(conn, "220 verona\r\n")
		for r := bufio.NewScanner(conn); r.Scan(); {
			lines = append(lines, r.Text())
			switch {
			case data && r.Text() != ".":
			case r.Text() == "DATA":
				data = true
				fmt.Fprint(conn, "354 go on\r\n")
			case r.Text() == "QUIT":
				fmt.Fprint(conn, "221 bye\r\n")
			case strings.Contains(r.Text(), "tybalt"):
				fmt.Fprint(conn, "550 banished\r\n")
			default:
				data = false
				fmt.Fprint(conn, "250 ok\r\n")
			}
		}
		told <- strings.Join(lines, "\n")
	}()
	return listener.Addr().(*net.TCPAddr).Port, told
}

func TestMail(t *testing.T) {
	port, told := mailServer(t)
	newWorld(luaTree).code(t, fmt.Sprintf(`
		local smtp, ltn12 = require "socket.smtp", require "ltn12"
		local ok, err = smtp.send {
			server = "127.0.0.1"; port = %d; domain = "localhost"; from = "<prince@verona.example>"; rcpt = { "<romeo@verona.example>", "juliet@verona.example" };
			source = smtp.message {
				headers = { subject = "Banish\r\nment"; to = "romeo@verona.example"; date = "today" };
				body = { [1] = { body = "Hence\n.\nbegone" }, [2] = { headers = { ["Content-Type"] = "text/html" }; body = ltn12.source.string("<p/>") } };
			};
		}
		assert(ok == 1, err)`, port), "mail")
	got := <-told
	for _, want := range []string{
		"MAIL FROM:<prince@verona.example>", "RCPT TO:<romeo@verona.example>\nRCPT TO:<juliet@verona.example>", "\nDate: today\nMime-Version: 1.0\nSubject: Banish ment\nTo: romeo",
		"\nContent-Type: text/plain; charset=\"utf-8\"\n", "\n\nHence\n..\nbegone\n--=_", "\nContent-Type: text/html\n", "\n<p/>\n--=_",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestMailRefused(t *testing.T) {
	port, _ := mailServer(t)
	newWorld(luaTree).code(t, fmt.Sprintf(`
		local smtp = require "socket.smtp"
		local ok, err = smtp.send { server = "127.0.0.1"; port = %d; from = "a@verona.example"; rcpt = "tybalt@verona.example"; source = smtp.message { body = "x" } }
		assert(ok == nil and err == 'recipient: 550 "banished"', err)
		ok, err = smtp.send { server = "127.0.0.1"; port = "no"; from = "a"; rcpt = "b"; source = smtp.message { body = "x" } }
		assert(ok == nil and err:find("not a number", 1, true), err)`, port), "mail")
}
