package lualib

import (
	"net/http"
	"net/textproto"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/net/http/httpguts"

	"quatrain/host/internal/luabridge/compat"
)

// responseFunctions are the library's functions on responses, which are the responses' methods as well.
func (s *httpServer) responseFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"prepare_header":     s.prepareHeader,
		"write_headers":      s.writeHeaders,
		"send_head_response": s.sendHead,
		"send_response":      s.sendResponse,
		"send_file":          s.sendFile,
		"finish_response":    s.finishResponse,
	}
}

// responseOf is the response in the first argument and the exchange that it belongs to.
func responseOf(L *lua.LState) (*lua.LTable, *exchange) {
	x := self[*exchange](L, "response")
	return L.Get(1).(*lua.LTable), x
}

func isFinished(response *lua.LTable) bool {
	return lua.LVAsBool(response.RawGetString("finished"))
}

// statusOf is the status of a response; what is no status is 500.
func statusOf(response *lua.LTable) int {
	if code, ok := response.RawGetString("status_code").(lua.LNumber); ok && code >= 100 && code <= 999 {
		return int(code)
	}
	return http.StatusInternalServerError
}

// headersOf are the headers of a response as they are sent: "content_type" is "Content-Type". What cannot be a name is left out.
func (s *httpServer) headersOf(L *lua.LState, response *lua.LTable) http.Header {
	header := http.Header{}
	if t, ok := response.RawGetString("headers").(*lua.LTable); ok {
		for k, v := range fields(L, t) {
			if name := headerName(lua.LVAsString(k)); httpguts.ValidHeaderFieldName(name) {
				header[name] = []string{oneLine.Replace(compat.ToString(L, v))}
			}
		}
	}
	return header
}

// oneLine keeps a value from beginning another header.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

func headerName(name string) string {
	return textproto.CanonicalMIMEHeaderKey(strings.ReplaceAll(name, "_", "-"))
}

// prepareHeader: the head of a response as a list of strings that are written one after another.
func (s *httpServer) prepareHeader(L *lua.LState) int {
	response := L.CheckTable(1)
	status := lua.LVAsString(response.RawGetString("status"))
	if status == "" {
		status = lua.LVAsString(call1(L, L.NewFunction(func(L *lua.LState) int {
			L.Push(L.GetTable(s.lib.RawGetString("codes"), lua.LNumber(statusOf(response))))
			return 1
		})))
	}
	list := L.NewTable()
	list.Append(lua.LString("HTTP/" + lua.LVAsString(L.GetField(response.RawGetString("request"), "httpversion")) + " " + oneLine.Replace(status)))
	for name, values := range s.headersOf(L, response) {
		list.Append(lua.LString("\r\n" + name + ": " + values[0]))
	}
	list.Append(lua.LString("\r\n\r\n"))
	L.Push(list)
	return 1
}

// rawHead is the head as bytes, for a connection that handlers write to themselves.
func (s *httpServer) rawHead(L *lua.LState, response *lua.LTable) string {
	var b strings.Builder
	for _, v := range list(L, call1(L, L.NewFunction(s.prepareHeader), response).(*lua.LTable)) {
		b.WriteString(lua.LVAsString(v))
	}
	return b.String()
}

// writeHeaders writes the head and leaves the connection to the handler, until response:done() closes it.
func (s *httpServer) writeHeaders(L *lua.LState) int {
	response, x := responseOf(L)
	if isFinished(response) {
		return 0
	}
	s.writeRaw(L, x, s.rawHead(L, response))
	return 0
}

// writeRaw writes to the connection itself, and takes it from net/http.
func (s *httpServer) writeRaw(L *lua.LState, x *exchange, data string) {
	if err := x.conn.take(); err != nil {
		L.RaiseError("writing to the connection of a request: %s", err.Error())
	}
	x.answered = true
	x.conn.face.write(L, data)
}

func (s *httpServer) add(L *lua.LState, x *exchange, op operation) {
	x.answered = true
	x.out.add(s.l.in.Chain(L), op)
}

func (s *httpServer) sendHead(L *lua.LState) int {
	response, x := responseOf(L)
	if isFinished(response) {
		return 0
	}
	if x.conn.raw {
		s.writeRaw(L, x, s.rawHead(L, response))
	} else {
		s.add(L, x, operation{kind: reply, status: statusOf(response), header: s.headersOf(L, response)})
	}
	callMethod(L, response, "done")
	return 0
}

// sendResponse: response, body (default: its field body, or nothing).
func (s *httpServer) sendResponse(L *lua.LState) int {
	response, x := responseOf(L)
	if isFinished(response) {
		return 0
	}
	body := L.Get(2)
	if !lua.LVAsBool(body) {
		body = response.RawGetString("body")
	}
	data := ""
	if lua.LVAsBool(body) {
		data = compat.ToString(L, body)
	}
	status := statusOf(response)
	if status > 199 && status != http.StatusNoContent {
		L.SetField(response.RawGetString("headers"), "content_length", lua.LString(lua.LNumber(len(data)).String()))
	}
	if lua.LVAsBool(response.RawGetString("is_head_request")) {
		call1(L, s.lib.RawGetString("send_head_response"), response)
		return 0
	}
	if x.conn.raw || status == http.StatusSwitchingProtocols {
		s.writeRaw(L, x, s.rawHead(L, response)+data)
	} else {
		s.add(L, x, operation{kind: reply, status: status, header: s.headersOf(L, response), data: data})
	}
	callMethod(L, response, "done")
	return 0
}

// sendFile: response, an object with the method read(bytes) and perhaps close. It is always true.
func (s *httpServer) sendFile(L *lua.LState) int {
	response, x := responseOf(L)
	file := L.CheckAny(2)
	if lua.LVAsBool(response.RawGetString("is_head_request")) {
		closeFile(L, file)
		call1(L, s.lib.RawGetString("send_head_response"), response)
		return 0
	}
	if isFinished(response) {
		return 0
	}
	headers := response.RawGetString("headers")
	header := s.headersOf(L, response)
	if !lua.LVAsBool(L.GetField(headers, "content_length")) {
		L.SetField(headers, "transfer_encoding", lua.LString("chunked"))
	}
	if x.conn.raw {
		L.RaiseError("send_file: the connection is written to by a handler already")
	}
	s.add(L, x, operation{kind: sendFile, status: statusOf(response), header: header, file: file})
	L.Push(lua.LTrue)
	return 1
}

// finishResponse is response:done().
func (s *httpServer) finishResponse(L *lua.LState) int {
	response, x := responseOf(L)
	if isFinished(response) {
		return 0
	}
	response.RawSetString("finished", lua.LTrue)
	x.conn.show().RawSetString(openResponse, lua.LNil)
	if f := response.RawGetString("on_destroy"); lua.LVAsBool(f) {
		call1(L, f, response)
		response.RawSetString("on_destroy", lua.LNil)
	}
	if lua.LVAsBool(response.RawGetString("persistent")) {
		callMethod(L, response, "finish_cb")
	} else {
		callMethod(L, x.conn.show(), "close")
	}
	return 0
}

// finishCallback ends the exchange; the connection stays, unless a handler has written to it.
func (s *httpServer) finishCallback(L *lua.LState) int {
	_, x := responseOf(L)
	if x.conn.raw && x.conn.face.listener == s.rawListener {
		x.conn.face.close(L)
	}
	x.out.add(s.l.in.Chain(L), operation{kind: end})
	return 0
}
