package lualib

import (
	"cmp"
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

const (
	// blockingTimeout is how long a request of socket.http may take, the answer included.
	blockingTimeout = 60 * time.Second
	// maxAnswer bounds the body of an answer.
	maxAnswer = 10 << 20
)

// openSocketHTTP makes socket.http (LuaSocket) and ssl.https (LuaSec): requests that wait for their answer. Who asks waits, others do not.
// Unlike there, certificates are verified unless the request says verify = "none".
func (l *library) openSocketHTTP(*lua.LState) lua.LValue {
	lib := l.table(map[string]lua.LGFunction{"request": l.blockingRequest})
	lib.RawSetString("TIMEOUT", lua.LNumber(blockingTimeout.Seconds()))
	lib.RawSetString("USERAGENT", lua.LString("LuaSocket"))
	return lib
}

// blockingAnswer is what came, or why nothing did.
type blockingAnswer struct {
	*http.Response
	body string
	err  error
}

// blockingRequest: address and perhaps a form's body → body, status, headers, status line; or a table { url, method, headers, source, sink,
// redirect, user, password, verify } → 1 instead of the body, which goes to the sink.
func (l *library) blockingRequest(L *lua.LState) int {
	t, simple := describeRequest(L)
	request, err := requestOf(L, t)
	if err != nil {
		return pushFailure(L, err.Error())
	}
	var answer blockingAnswer
	client := l.blockingClient(t)
	compat.Of(L).Unlocked(L, func() { answer = doBlocking(client, request) })
	if answer.err != nil {
		return pushFailure(L, answer.err.Error())
	}
	var first lua.LValue = lua.LString(answer.body)
	if !simple {
		first = lua.LNumber(1)
		pour(L, t.RawGetString("sink"), answer.body)
	}
	L.Push(first)
	L.Push(lua.LNumber(answer.StatusCode))
	L.Push(answerHeaders(L, answer.Header))
	L.Push(lua.LString(answer.Proto + " " + answer.Status))
	return 4
}

// describeRequest is the table that a request is, also if it was given as an address and a body.
func describeRequest(L *lua.LState) (t *lua.LTable, simple bool) {
	if t, ok := L.Get(1).(*lua.LTable); ok {
		return t, false
	}
	t = L.NewTable()
	t.RawSetString("url", lua.LString(L.CheckString(1)))
	if body, ok := L.Get(2).(lua.LString); ok {
		t.RawSetString("method", lua.LString(http.MethodPost))
		t.RawSetString("source", body)
		headers := L.NewTable()
		headers.RawSetString("content-type", lua.LString("application/x-www-form-urlencoded"))
		t.RawSetString("headers", headers)
	}
	return t, true
}

func requestOf(L *lua.LState, t *lua.LTable) (*http.Request, error) {
	text := func(name string) string { return lua.LVAsString(t.RawGetString(name)) }
	var body io.Reader
	if source := t.RawGetString("source"); source != lua.LNil {
		body = strings.NewReader(drainSource(L, source))
	}
	request, err := http.NewRequest(strings.ToUpper(cmp.Or(text("method"), http.MethodGet)), text("url"), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "LuaSocket")
	if headers, ok := t.RawGetString("headers").(*lua.LTable); ok {
		headers.ForEach(func(k, v lua.LValue) {
			if name := lua.LVAsString(k); !strings.EqualFold(name, "content-length") {
				request.Header.Set(name, lua.LVAsString(v))
			}
		})
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	if text("user") != "" {
		request.SetBasicAuth(text("user"), text("password"))
	}
	return request, nil
}

func (l *library) blockingClient(t *lua.LTable) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = l.dialer(blockingTimeout).DialContext
	transport.Proxy, transport.DisableKeepAlives = nil, true
	if t.RawGetString("verify") == lua.LString("none") {
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	client := &http.Client{Transport: transport, Timeout: blockingTimeout}
	if t.RawGetString("redirect") == lua.LFalse {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return client
}

func doBlocking(client *http.Client, request *http.Request) (a blockingAnswer) {
	response, err := client.Do(request)
	if err != nil {
		return blockingAnswer{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	return blockingAnswer{response, string(body), err}
}

// pour gives a text to a sink, then its end.
func pour(L *lua.LState, sink lua.LValue, text string) {
	f, ok := sink.(*lua.LFunction)
	if !ok {
		return
	}
	if text != "" {
		call1(L, f, lua.LString(text))
	}
	call1(L, f, lua.LNil)
}

// answerHeaders has the values of headers by their names in lower case, several of a name joined.
func answerHeaders(L *lua.LState, headers http.Header) *lua.LTable {
	t := L.NewTable()
	for name, values := range headers {
		t.RawSetString(strings.ToLower(name), lua.LString(strings.Join(values, ", ")))
	}
	return t
}
