// Package luabridge runs Prosody's Lua modules on sdk.Module. It translates and decides nothing: values, stanzas, sessions and events
// between Go and Lua, the "module" object, the "prosody" table and the managers of core.*.
//
// There is one interpreter for all modules, as in Prosody; package compat makes it safe to use.
package luabridge

import (
	"context"
	"io/fs"
	"log/slog"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/luastanza"
	"quatrain/sdk"
)

// Options of a bridge.
type Options struct {
	Server Server
	Log    *slog.Logger
	// PluginDirs are searched for modules in order; "shipped" ones come last.
	PluginDirs []Dir
	// Library is the tree that "util.set" is found in as util/set.lua.
	Library fs.FS
	Interp  compat.Options
}

// Dir is a place with modules: a directory of the file system, or files inside the program.
type Dir struct {
	// Path is what modules are told; it names the directory, or the place inside the program.
	Path string
	FS   fs.FS
	// Embedded is whether Path cannot be opened with io.open.
	Embedded bool
}

// Bridge is the Lua world of one server.
type Bridge struct {
	srv     Server
	log     *slog.Logger
	library fs.FS
	in      *compat.Interp
	stanzas *luastanza.Lib

	// What follows is touched only under the interpreter's lock.
	api      *lua.LTable // methods of every module object, core.moduleapi
	prosody  *lua.LTable
	globals  globals
	libs     map[string]lua.LValue
	native   map[string]func(L *lua.LState) lua.LValue
	services *lua.LTable // core.portmanager, nil until a module provides a service
	hosts    map[string]*lua.LTable
	buses    map[sdk.Bus]*lua.LTable
	traced   map[sdk.Bus]bool // by set_debug_hook
	shared   map[string]*lua.LTable
	remove   *lua.LTable // the mark that removes a key from a map store
	sessions *sessionMethods
	adopted  adopted

	connMethods *lua.LTable // nil until a connection is asked for one
	absent      *lua.LTable // what session.conn is where connections are not; nil until it is asked for
	saslClass   *lua.LTable // of handlers that are the core's; nil until there is one

	exported map[sdk.Exporter]*lua.LTable

	providers      map[string]*lua.LTable // of the server's own accounts, by host
	nullProvider   *lua.LTable            // metatable of providers
	notImplemented *lua.LFunction         // what it gives
	roles          map[string]*lua.LTable // by host, space, name
	roleClass      *lua.LTable
	rosterFaces    map[liveRoster]rosterFace
	sinks          *logSinks

	// What stands for values of the other side: tables for objects, Lua functions for functions, and the other way round.
	faces        counterparts[lua.LTable]
	functions    counterparts[lua.LFunction]
	origins      counterparts[functionFace] // of such Lua functions
	tables       counterparts[tableObject]
	tableTypes   counterparts[metatableType]
	tableClasses counterparts[classObject]
	luaFunctions counterparts[luaFunction]
	classes      classes

	closeNetwork func()

	mu      sync.Mutex // guards what follows
	dirs    []Dir
	plugins map[sdk.Module]*Plugin
}

// New makes the Lua world. Nothing runs in it yet.
func New(opts Options) *Bridge {
	b := &Bridge{
		srv: opts.Server, log: opts.Log, library: opts.Library, in: compat.New(opts.Interp),
		libs: map[string]lua.LValue{}, hosts: map[string]*lua.LTable{}, buses: map[sdk.Bus]*lua.LTable{}, traced: map[sdk.Bus]bool{}, shared: map[string]*lua.LTable{},
		exported: map[sdk.Exporter]*lua.LTable{}, providers: map[string]*lua.LTable{}, roles: map[string]*lua.LTable{}, rosterFaces: map[liveRoster]rosterFace{}, plugins: map[sdk.Module]*Plugin{},
	}
	b.SetDirs(opts.PluginDirs)
	b.sinks = newLogSinks(b)
	b.stanzas = luastanza.New(b.in)
	b.sessions = newSessionMethods(b)
	b.roleClass = b.in.State().NewTable()
	b.roleClass.RawSetString("__name", lua.LString("role"))
	b.roleClass.RawSetString("__tostring", b.in.State().NewFunction(func(L *lua.LState) int {
		return pushString(L, "role<["+lua.LVAsString(L.CheckTable(1).RawGetString("name"))+"]>")
	}))
	b.openAdopted()
	b.api = b.table(b.apiMethods())
	b.openProsody()
	b.openLibraries()
	b.guardGlobals()
	b.openFunctionFields()
	b.promiseStart()
	b.noteShutdown()
	b.shared["/*/c2s/sessions"] = b.in.NewProxy(&connTable{b: b, own: b.in.State().NewTable()})
	return b
}

// Close closes what Lua has opened in the network, and tells nobody any more what is logged. Modules are unloaded before.
func (b *Bridge) Close() {
	b.closeNetwork()
	t := b.in.Enter(context.Background())
	defer t.Leave()
	b.sinks.close()
}

// Interp is the interpreter, for tests and the command line.
func (b *Bridge) Interp() *compat.Interp { return b.in }

// table makes a Lua table of Go functions.
func (b *Bridge) table(functions map[string]lua.LGFunction) *lua.LTable {
	L := b.in.State()
	t := L.NewTable()
	for name, f := range functions {
		t.RawSetString(name, L.NewFunction(f))
	}
	return t
}
