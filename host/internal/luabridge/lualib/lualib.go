// Package lualib is the part of what Lua modules can require that is written in Go: the hot libraries, those next to the core, and
// stand-ins for libraries outside Prosody that modules load. Names, results and errors are Prosody's (0.12 and 13); where a function
// is missing on purpose, calling it raises an error that names it.
//
// All functions run under the interpreter's lock, which guards the state of the libraries.
package lualib

import (
	"log/slog"
	"maps"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/luastanza"
)

// library is what the libraries of one interpreter share.
type library struct {
	in      *compat.Interp
	stanzas *luastanza.Lib
	server  Server
	log     *slog.Logger
	net     networkState
	socket  socketState
	jids    jidCache
	json    jsonValues
	promise promises
	async   asyncState
}

type opener = func(L *lua.LState) lua.LValue

// Libraries are the openers by canonical name ("util.jid"). Each is called once, under the interpreter's lock.
// shutdown closes what they have opened in the network.
func Libraries(in *compat.Interp, stanzas *luastanza.Lib, server Server) (open map[string]func(L *lua.LState) lua.LValue, shutdown func()) {
	l := newLibrary(in, stanzas)
	l.server = server
	return l.openers(), l.shutdown
}

func newLibrary(in *compat.Interp, stanzas *luastanza.Lib) *library {
	l := &library{in: in, stanzas: stanzas, server: alone{}, log: slog.Default()}
	l.openNetwork()
	return l
}

func (l *library) openers() map[string]opener {
	open := map[string]opener{
		"basexx":           l.openBasexx,
		"cjson":            l.openCJSON(false),
		"cjson.safe":       l.openCJSON(true),
		"core.certmanager": l.openCertManager,
		"inspect":          l.openInspect,
		"lfs":              l.openLFS,
		"ltn12":            l.openLTN12,
		"net.server":       l.openNetServer,
		"socket":           l.openSocket,
		"socket.url":       l.openURL,
		"ssl":              l.openSSL,
		"util.async":       l.openAsync,
		"util.cache":       l.openCache,
		"util.crand":       l.openRandom,
		"util.crypto":      l.openCrypto,
		"util.datetime":    l.openDatetime,
		"util.encodings":   l.openEncodings,
		"util.events":      l.openEvents,
		"util.hashes":      l.openHashes,
		"util.hex":         l.openHex,
		"util.id":          l.openID,
		"util.ip":          l.openIP,
		"util.jid":         l.openJID,
		"util.json":        l.openJSON,
		"util.jwt":         l.openJWT,
		"util.net":         l.openNet,
		"util.pposix":      l.openPposix,
		"util.promise":     l.openPromise,
		"util.random":      l.openRandom,
		"util.sasl":        l.openSASL,
		"util.signal":      l.openSignal,
		"util.strbitop":    l.openStrbitop,
		"util.struct":      l.openStruct,
		"util.table":       l.openTable,
		"util.throttle":    l.openThrottle,
		"util.time":        l.openTime,
		"util.timer":       l.openTimer,
		"util.uuid":        l.openUUID,
		"util.x509":        l.openX509,
		"util.xml":         l.openXML,
		"util.xmppstream":  l.openXMPPStream,
	}
	maps.Copy(open, l.httpOpeners())
	maps.Copy(open, l.networkOpeners())
	maps.Copy(open, l.outsideOpeners())
	open["DBI"] = l.openDBI
	l.openStandIns(open)
	return open
}

// table makes a Lua table of Go functions.
func (l *library) table(functions map[string]lua.LGFunction) *lua.LTable {
	L := l.in.State()
	t := L.CreateTable(0, len(functions))
	for name, f := range functions {
		t.RawSetString(name, L.NewFunction(f))
	}
	return t
}

// class makes a metatable with methods.
func (l *library) class(name string, methods map[string]lua.LGFunction) *lua.LTable {
	mt := l.in.State().NewTable()
	mt.RawSetString("__name", lua.LString(name))
	mt.RawSetString("__index", l.table(methods))
	return mt
}

// object makes a table of a class that carries a Go value and takes whatever else modules set on it.
func (l *library) object(class *lua.LTable, value any) *lua.LTable {
	t := l.in.State().CreateTable(0, 4)
	t.RawSetString(hidden, &lua.LUserData{Value: value, Metatable: lua.LNil})
	t.Metatable = class
	return t
}

// hidden is the field with an object's Go value.
const hidden = "_data"

// valueOf is the Go value of an object, or the zero T.
func valueOf[T any](v lua.LValue) (value T, ok bool) {
	t, isTable := v.(*lua.LTable)
	if !isTable {
		return value, false
	}
	u, isUserData := t.RawGetString(hidden).(*lua.LUserData)
	if !isUserData {
		return value, false
	}
	value, ok = u.Value.(T)
	return value, ok
}

// self is the Go value of the object in the first argument.
func self[T any](L *lua.LState, class string) T {
	v, ok := valueOf[T](L.Get(1))
	if !ok {
		L.ArgError(1, class+" expected, got "+L.Get(1).Type().String())
	}
	return v
}

// call1 calls fn on L for one result.
func call1(L *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	L.Push(fn)
	for _, a := range args {
		L.Push(a)
	}
	L.Call(len(args), 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}

func pushString(L *lua.LState, s string) int {
	L.Push(lua.LString(s))
	return 1
}

// pushFailure is Lua's way to report an expected failure: nil and why.
func pushFailure(L *lua.LState, message string) int {
	L.Push(lua.LNil)
	L.Push(lua.LString(message))
	return 2
}

func isTrue(L *lua.LState, n int) bool { return lua.LVAsBool(L.Get(n)) }
