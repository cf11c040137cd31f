package lualib

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// httpTimeout is how long a request of socket.http may take: as LuaSocket's, a minute.
const httpTimeout = time.Minute

// maxHTTPBody is how many bytes of an answer are read, which is what strings may have.
const maxHTTPBody = 64 << 20

// maxRedirects is how often a request goes on elsewhere, as LuaSocket's.
const maxRedirects = 5

var errBodyTooLarge = errors.New("the answer is too large")

// openSocketHTTP makes socket.http and ssl.https: request(url, body), which gives body, code, headers, status line; or request{url, method,
// headers, source, sink, redirect}, which gives 1 in place of the body. The chain waits, others run Lua meanwhile.
func (l *library) openSocketHTTP(*lua.LState) lua.LValue {
	lib := l.table(map[string]lua.LGFunction{"request": l.socketRequest})
	lib.RawSetString("TIMEOUT", lua.LNumber(httpTimeout.Seconds()))
	lib.RawSetString("USERAGENT", lua.LString("LuaSocket 3.0.0"))
	lib.RawSetString("PORT", lua.LNumber(80))
	return lib
}

// plainRequest is a request and what it is answered with.
type plainRequest struct {
	method, url string
	header      http.Header
	body        []byte
	follow      bool
	timeout     time.Duration

	status  string
	code    int
	answer  http.Header
	content []byte
}

func (l *library) socketRequest(L *lua.LState) int {
	r := &plainRequest{method: "GET", header: http.Header{}, follow: true, timeout: httpTimeout}
	sink := lua.LNil
	if t, ok := L.Get(1).(*lua.LTable); ok {
		sink = t.RawGetString("sink")
		r.fromTable(L, t)
	} else {
		r.url = L.CheckString(1)
		if body, ok := L.Get(2).(lua.LString); ok {
			r.method, r.body = "POST", []byte(body)
			r.header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	var err error
	l.in.Unlocked(L, func() { err = r.do(l.dialer(r.timeout)) })
	if err != nil {
		return pushFailure(L, reason(err))
	}
	if _, ok := L.Get(1).(*lua.LTable); ok {
		if sink != lua.LNil {
			call1(L, sink, lua.LString(r.content))
			call1(L, sink, lua.LNil)
		}
		L.Push(lua.LNumber(1))
	} else {
		L.Push(lua.LString(r.content))
	}
	headers := L.NewTable()
	for name, values := range r.answer {
		headers.RawSetString(strings.ToLower(name), lua.LString(strings.Join(values, ", ")))
	}
	L.Push(lua.LNumber(r.code))
	L.Push(headers)
	L.Push(lua.LString(r.status))
	return 4
}

func (r *plainRequest) fromTable(L *lua.LState, t *lua.LTable) {
	r.url = lua.LVAsString(t.RawGetString("url"))
	if method := lua.LVAsString(t.RawGetString("method")); method != "" {
		r.method = method
	}
	r.follow = t.RawGetString("redirect") != lua.LFalse
	if n, ok := t.RawGetString("timeout").(lua.LNumber); ok {
		r.timeout = duration(float64(n))
	}
	if headers, ok := t.RawGetString("headers").(*lua.LTable); ok {
		headers.ForEach(func(k, v lua.LValue) { r.header.Set(lua.LVAsString(k), lua.LVAsString(v)) })
	}
	source := t.RawGetString("source")
	for source != lua.LNil {
		chunk, ok := call1(L, source).(lua.LString)
		if !ok {
			break
		}
		r.body = append(r.body, chunk...)
	}
}

// do sends the request and reads the answer.
func (r *plainRequest) do(dialer *net.Dialer) error {
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	r.header.Del("Content-Length") // net/http counts itself
	if host := r.header.Get("Host"); host != "" {
		req.Host = host
	}
	req.Header = r.header
	transport := &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}
	client := &http.Client{Transport: transport, CheckRedirect: func(_ *http.Request, before []*http.Request) error {
		if !r.follow || len(before) > maxRedirects {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	resp, err := client.Do(req)
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			return failed.Err
		}
		return err
	}
	defer resp.Body.Close()
	r.status, r.code, r.answer = resp.Proto+" "+resp.Status, resp.StatusCode, resp.Header
	r.content, err = io.ReadAll(io.LimitReader(resp.Body, maxHTTPBody+1))
	if err == nil && len(r.content) > maxHTTPBody {
		return errBodyTooLarge
	}
	return err
}
