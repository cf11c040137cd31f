package lualib

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// requestTable is a request as handlers see it: method, url {path, query}, path, httpversion, headers, body, ip, secure, conn.
func (s *httpServer) requestTable(L *lua.LState, x *exchange) *lua.LTable {
	r, t := x.r, L.CreateTable(0, 16)
	url := s.urlTable(L, r)
	t.RawSetString("method", lua.LString(r.Method))
	t.RawSetString("url", url)
	if path, ok := preparePath(lua.LVAsString(L.GetField(url, "path"))); ok {
		t.RawSetString("path", lua.LString(path))
	}
	t.RawSetString("httpversion", lua.LString(strings.TrimPrefix(r.Proto, "HTTP/")))
	t.RawSetString("headers", headerTable(L, r))
	t.RawSetString("body", lua.LFalse)
	ip, _ := endpoint(x.conn.served.RemoteAddr())
	t.RawSetString("ip", lua.LString(ip))
	if x.conn.secure {
		t.RawSetString("secure", lua.LTrue)
	}
	if len(r.TransferEncoding) > 0 {
		t.RawSetString("chunked", lua.LTrue)
	}
	t.RawSetString("id", lua.LString(randomID(6)))
	t.RawSetString("log", s.log)
	t.RawSetString("conn", x.conn.show())
	return t
}

// urlTable is the target of a request: path and query as they were sent; of an absolute URL what socket.url makes of it.
func (s *httpServer) urlTable(L *lua.LState, r *http.Request) *lua.LTable {
	if !strings.HasPrefix(r.RequestURI, "/") {
		if t, ok := call1(L, L.GetField(s.l.optionalLibrary(L, "socket.url"), "parse"), lua.LString(r.RequestURI)).(*lua.LTable); ok {
			return t
		}
	}
	t := L.CreateTable(0, 2)
	path, query, _ := strings.Cut(r.RequestURI, "?")
	t.RawSetString("path", lua.LString(path))
	if query != "" {
		t.RawSetString("query", lua.LString(query))
	}
	return t
}

// headerTable: names in lower case with underscores; what comes several times is joined with commas.
func headerTable(L *lua.LState, r *http.Request) *lua.LTable {
	t := L.CreateTable(0, len(r.Header)+1)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		t.RawSetString(strings.ReplaceAll(strings.ToLower(name), "-", "_"), lua.LString(strings.Join(r.Header[name], ",")))
	}
	if r.Host != "" {
		t.RawSetString("host", lua.LString(r.Host))
	}
	if len(r.TransferEncoding) > 0 {
		t.RawSetString("transfer_encoding", lua.LString(strings.Join(r.TransferEncoding, ",")))
	}
	return t
}

// preparePath decodes a path and drops doubled slashes. A path that leads above the root is none.
func preparePath(path string) (string, bool) {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	path = unescapeURL(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	level := 0
	for _, part := range strings.Split(path, "/")[1:] {
		switch part {
		case "..":
			level--
		case ".", "":
		default:
			level++
		}
		if level < 0 {
			return "", false
		}
	}
	return path, true
}
