package lualib

import (
	"cmp"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"mime"
	"net"
	"net/smtp"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// smtpTimeout is how long sending a message may take.
const smtpTimeout = 60 * time.Second

// openSMTP makes socket.smtp (LuaSocket): message makes a source of text of a table of headers and body, send sends it. A send with a function
// "create", which is there to make a socket with TLS, uses TLS from the beginning; one without uses it if the server offers it.
func (l *library) openSMTP(*lua.LState) lua.LValue {
	lib := l.table(map[string]lua.LGFunction{
		"message": func(L *lua.LState) int {
			text := mailText(L, L.CheckTable(1))
			return push(L, onceSource(L, text))
		},
		"send": l.sendMail,
	})
	lib.RawSetString("TIMEOUT", lua.LNumber(smtpTimeout.Seconds()))
	lib.RawSetString("SERVER", lua.LString("localhost"))
	lib.RawSetString("PORT", lua.LNumber(25))
	return lib
}

// onceSource is a source (ltn12) of one piece.
func onceSource(L *lua.LState, text string) lua.LValue {
	given := false
	return L.NewFunction(func(L *lua.LState) int {
		if given {
			return push(L, lua.LNil)
		}
		given = true
		return pushString(L, text)
	})
}

// mailText is a message: its headers, and its body, which is text, a source, or a table of parts, messages themselves.
func mailText(L *lua.LState, message *lua.LTable) string {
	headers := mailHeaders(message)
	parts, isMultipart := message.RawGetString("body").(*lua.LTable)
	if !isMultipart {
		if headers["content-type"] == "" {
			headers["content-type"] = `text/plain; charset="utf-8"`
		}
		return writeHeaders(headers) + drainSource(L, message.RawGetString("body"))
	}
	boundary := "=_" + hex.EncodeToString(randomBytes(L, 16))
	headers["content-type"] = cmp.Or(headers["content-type"], "multipart/mixed") + `; boundary="` + boundary + `"`
	out := writeHeaders(headers) + lua.LVAsString(parts.RawGetString("preamble"))
	for i := 1; i <= parts.Len(); i++ {
		if part, ok := parts.RawGetInt(i).(*lua.LTable); ok {
			out += "\r\n--" + boundary + "\r\n" + mailText(L, part)
		}
	}
	return out + "\r\n--" + boundary + "--\r\n" + lua.LVAsString(parts.RawGetString("epilogue"))
}

// mailHeaders are a message's, with lower-case names, and those that each has.
func mailHeaders(message *lua.LTable) map[string]string {
	headers := map[string]string{"date": time.Now().UTC().Format(time.RFC1123Z), "mime-version": "1.0"}
	if t, ok := message.RawGetString("headers").(*lua.LTable); ok {
		t.ForEach(func(k, v lua.LValue) { headers[strings.ToLower(lua.LVAsString(k))] = lua.LVAsString(v) })
	}
	return headers
}

// writeHeaders takes line breaks out of values: they would begin other headers.
func writeHeaders(headers map[string]string) string {
	var lines []string
	for name, value := range headers {
		value = strings.NewReplacer("\r", "", "\n", " ").Replace(value)
		if name == "subject" {
			value = mime.QEncoding.Encode("utf-8", value)
		}
		lines = append(lines, textproto.CanonicalMIMEHeaderKey(name)+": "+value+"\r\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "") + "\r\n"
}

// drainSource is all that a source gives, or a text itself.
func drainSource(L *lua.LState, source lua.LValue) string {
	f, ok := source.(*lua.LFunction)
	if !ok {
		return lua.LVAsString(source)
	}
	var out strings.Builder
	for {
		piece, ok := call1(L, f).(lua.LString)
		if !ok {
			return out.String()
		}
		out.WriteString(string(piece))
	}
}

// mail is what send is given.
type mail struct {
	server, port, domain, user, password string
	from                                 string
	to                                   []string
	text                                 string
	tls                                  bool
}

// sendMail gives 1, or nil and why not. It does not hold up others.
func (l *library) sendMail(L *lua.LState) int {
	t := L.CheckTable(1)
	text := func(name, otherwise string) string { return cmp.Or(lua.LVAsString(t.RawGetString(name)), otherwise) }
	m := mail{
		server: text("server", "localhost"), port: text("port", "25"), domain: text("domain", "localhost"),
		user: text("user", ""), password: text("password", ""), from: bareAddress(text("from", "")),
		text: drainSource(L, t.RawGetString("source")), tls: t.RawGetString("create") != lua.LNil,
	}
	if recipients, ok := t.RawGetString("rcpt").(*lua.LTable); ok {
		recipients.ForEach(func(_, v lua.LValue) { m.to = append(m.to, bareAddress(lua.LVAsString(v))) })
	} else {
		m.to = []string{bareAddress(text("rcpt", ""))}
	}
	var err error
	compat.Of(L).Unlocked(L, func() { err = m.send(l.dialer(smtpTimeout)) })
	if err != nil {
		return pushFailure(L, err.Error())
	}
	return push(L, lua.LNumber(1))
}

func bareAddress(s string) string { return strings.Trim(s, "<> ") }

func (m mail) send(dialer *net.Dialer) error {
	conn, err := m.connect(dialer)
	if err != nil {
		return err
	}
	defer conn.Close()
	c, err := smtp.NewClient(conn, m.server)
	if err != nil {
		return err
	}
	if err := m.greet(c); err != nil {
		return err
	}
	if err := c.Mail(m.from); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	for _, to := range m.to {
		if err := c.Rcpt(to); err != nil {
			return fmt.Errorf("recipient: %w", err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte(m.text)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func (m mail) connect(dialer *net.Dialer) (net.Conn, error) {
	if _, err := strconv.ParseUint(m.port, 10, 16); err != nil {
		return nil, fmt.Errorf("port %q: not a number", m.port)
	}
	address := net.JoinHostPort(m.server, m.port)
	var conn net.Conn
	var err error
	if m.tls {
		conn, err = tls.DialWithDialer(dialer, "tcp", address, &tls.Config{ServerName: m.server})
	} else {
		conn, err = dialer.Dial("tcp", address)
	}
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(time.Now().Add(smtpTimeout))
}

// greet names us, secures the connection if the server offers it, and logs in.
func (m mail) greet(c *smtp.Client) error {
	if err := c.Hello(m.domain); err != nil {
		return err
	}
	if offered, _ := c.Extension("STARTTLS"); offered && !m.tls {
		if err := c.StartTLS(&tls.Config{ServerName: m.server}); err != nil {
			return err
		}
	}
	if m.user == "" {
		return nil
	}
	return c.Auth(smtp.PlainAuth("", m.user, m.password, m.server))
}
