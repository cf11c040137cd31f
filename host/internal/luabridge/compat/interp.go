package compat

import (
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

const (
	defaultBudget       = 10 * time.Second
	defaultMaxString    = 64 << 20
	defaultPatternSteps = 50_000_000

	// maxArrayIndex bounds what `t[n] = x` on an empty table may allocate: 64 MiB. It must stay above the length of any real list,
	// because gopher-lua does not append beyond it.
	maxArrayIndex = 1 << 22

	maxCallDepth = 8192    // Lua frames on one thread
	maxRegistry  = 1 << 20 // values on one thread
	maxNesting   = 190     // threads on top of each other; PUC's LUAI_MAXCCALLS is 200
)

var limitArrays = sync.OnceFunc(func() { lua.MaxArrayIndex = maxArrayIndex })

// Options of an interpreter. The zero value is usable.
type Options struct {
	// Budget is how long an outermost call may run, not counting waits (Unlocked). Default 10 s; negative means no limit.
	Budget time.Duration
	// MaxString is the size in bytes of the largest string that rep, concat, gsub, format and `..` build. Default 64 MiB.
	MaxString int
	// PatternSteps is how many steps one call of find, match, gmatch or gsub may take. Default 50 million, about half a second.
	PatternSteps int
	// Stdout is where print and io.write go. Default os.Stdout.
	Stdout io.Writer
	// Seed makes math.random repeatable when it is not 0.
	Seed uint64
	// Chunks shares compiled chunks between interpreters; nil means a cache of its own.
	Chunks *Chunks
}

func (o Options) withDefaults() Options {
	if o.Budget == 0 {
		o.Budget = defaultBudget
	}
	if o.MaxString <= 0 {
		o.MaxString = defaultMaxString
	}
	if o.PatternSteps <= 0 {
		o.PatternSteps = defaultPatternSteps
	}
	if o.Stdout == nil {
		o.Stdout = os.Stdout
	}
	if o.Chunks == nil {
		o.Chunks = NewChunks()
	}
	return o
}

// Interp is one Lua interpreter. Its values may be touched only by who holds its lock: between Enter and Leave, or inside a Go
// function called from Lua.
type Interp struct {
	opts Options
	base *lua.LState // owns the globals; runs nothing itself

	mu     sync.Mutex                // the interpreter lock
	owner  atomic.Pointer[sdk.Chain] // who holds mu
	budget budget                    // of the outermost call now running
	depth  int                       // threads in use on top of each other
	free   []*Thread
	dead   graveyard // coroutines nobody can resume any more

	onError *lua.LFunction
	loader  Loader
	lib     libraries
}

// New makes an interpreter with all libraries open. It holds no resources that need closing.
func New(opts Options) *Interp {
	limitArrays()
	it := &Interp{opts: opts.withDefaults()}
	it.base = lua.NewState(lua.Options{
		SkipOpenLibs:        true,
		CallStackSize:       maxCallDepth,
		MinimizeStackMemory: true,
		RegistrySize:        256,
		RegistryMaxSize:     maxRegistry,
		RegistryGrowStep:    2048,
	})
	it.budget.limit = it.opts.Budget
	it.base.G.MainThread = it.base
	it.base.G.CurrentThread = it.base
	it.onError = it.base.NewFunction(handleError)
	it.openLibraries()
	return it
}

// Globals is the table of global variables, which Lua knows as _G.
func (it *Interp) Globals() *lua.LTable { return it.base.G.Global }

// State is a state for making values (tables, functions, userdata) outside of a call. It must not run anything.
func (it *Interp) State() *lua.LState { return it.base }

// Of is the interpreter that L belongs to. L must be one that a Go function was called with, or a Thread's.
func Of(L *lua.LState) *Interp { return threadOf(L).it }
