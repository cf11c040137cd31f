package luabridge

import (
	"context"
	"fmt"
	"log/slog"
	"path"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/lualib"
	"quatrain/host/internal/luabridge/luascan"
	"quatrain/sdk"
)

// Doubt is something that a module asks for and that is not there, or is there for show.
type Doubt struct {
	File string // as in messages: the name without directory
	Line int
	Text string
}

// Examination is what can be said of a module without running it.
type Examination struct {
	Scan   *luascan.Scan // of the module's main file
	Doubts []Doubt       // of all its files
}

// Examine reads the file of a module that can be found by its name, and the libraries of its own that it loads, and looks whether what they ask
// for is there. Libraries are loaded for that. The error is that no such module can be read, or one of syntax.
func (b *Bridge) Examine(ctx context.Context, name string) (*Examination, error) {
	src, err := b.find(name)
	if err != nil {
		return nil, err
	}
	return b.examine(ctx, src)
}

func (b *Bridge) examine(ctx context.Context, src *source) (_ *Examination, err error) {
	ctx = sdk.WithChain(ctx)
	t := b.in.Enter(ctx)
	defer t.Leave()
	e := &examiner{b: b, seen: map[string]bool{}, ex: &Examination{}}
	if e.ex.Scan, err = e.read(ctx, src); err != nil {
		return nil, err
	}
	return e.ex, nil
}

// DoubtMessage is how the log speaks of doubts.
const DoubtMessage = "a module uses what is not there"

// tellDoubts logs what a module will miss, now that it is loaded and not when somebody waits for it. The shipped ones are tested.
func (p *Plugin) tellDoubts(ctx context.Context, log *slog.Logger) {
	if p.source.dir.Embedded {
		return
	}
	ex, err := p.b.examine(ctx, p.source)
	if err != nil {
		return // it has been compiled, so nothing is wrong with it
	}
	for _, d := range ex.Doubts {
		log.Warn(DoubtMessage, "at", fmt.Sprintf("%s:%d", d.File, d.Line), "what", d.Text)
	}
}

type examiner struct {
	b    *Bridge
	seen map[string]bool // files, by path
	ex   *Examination
}

// read examines a file, then those that it loads. What is wrong with the latter is a doubt.
func (e *examiner) read(ctx context.Context, src *source) (*luascan.Scan, error) {
	e.seen[src.path()] = true
	file := path.Base(src.file)
	scan, err := luascan.File(src.code, file)
	if err != nil {
		return nil, err
	}
	e.libraries(ctx, file, scan)
	e.calls(ctx, file, scan)
	for _, name := range scan.Files {
		library, err := e.b.findLibrary(src, "*", name)
		if err != nil || e.seen[library.path()] {
			continue // that it is missing is found by running it
		}
		if _, err := e.read(ctx, library); err != nil {
			e.doubt(path.Base(library.file), 0, "%v", err)
		}
	}
	return scan, nil
}

func (e *examiner) doubt(file string, line int, format string, args ...any) {
	e.ex.Doubts = append(e.ex.Doubts, Doubt{file, line, fmt.Sprintf(format, args...)})
}

// libraries doubts those that are not there, and those that are only for show and of which no function is called that could be named.
func (e *examiner) libraries(ctx context.Context, file string, scan *luascan.Scan) {
	for _, l := range scan.Libraries {
		v, ok := e.library(ctx, l.Name)
		if !ok && l.Later { // at once, running the file tells
			e.doubt(file, l.Line, "there is no library %q", l.Name)
		}
		if e.b.isStandIn(v) && !e.namesCall(scan, l.Name) {
			e.doubt(file, l.Line, "the library %q is only a stand-in: its functions fail", l.Name)
		}
	}
}

func (e *examiner) namesCall(scan *luascan.Scan, library string) bool {
	for _, c := range scan.Calls {
		if c.Library == library {
			return true
		}
	}
	return false
}

// calls doubts functions that are not there, or only fail.
func (e *examiner) calls(ctx context.Context, file string, scan *luascan.Scan) {
	for _, c := range scan.Calls {
		if c.Library == luascan.Module {
			if e.b.api.RawGetString(c.Function) == lua.LNil && !slices.Contains(callableFields, c.Function) {
				e.doubt(file, c.Line, "module has no method %q", c.Function)
			}
			continue
		}
		lib, _ := e.library(ctx, c.Library)
		if lib == nil {
			continue // which is said where it is loaded, or not known
		}
		switch v := e.b.fieldOf(ctx, lib, c.Function); {
		case v == lua.LNil:
			e.doubt(file, c.Line, "the library %q has no function %q", c.Library, c.Function)
		case lualib.IsStandIn(v):
			e.doubt(file, c.Line, "%s.%s is not available in this server", c.Library, c.Function)
		}
	}
}

// callableFields are fields of a module object that are functions but no methods.
var callableFields = []string{"_log"}

// library is what require gives for a name. A file that is found outside the server is not run for that: then v is nil. ok is whether there is such a
// library.
func (e *examiner) library(ctx context.Context, name string) (v lua.LValue, ok bool) {
	if v := e.b.in.Loaded().RawGetString(name); v != lua.LNil {
		return v, true
	}
	t := e.b.in.Enter(ctx)
	defer t.Leave()
	v, found, err := e.b.load(t.L, name)
	if found && err == nil {
		return v, true
	}
	return nil, found || e.b.inPath(t.L, name)
}

// inPath is whether require would find a file.
func (b *Bridge) inPath(L *lua.LState, name string) bool {
	pkg := b.in.Globals().RawGetString("package")
	results, err := b.in.PCall(L, L.GetField(pkg, "searchpath"), 1, lua.LString(name), L.GetField(pkg, "path"))
	return err == nil && results[0] != lua.LNil
}

// fieldOf reads a field as Lua does, through metatables; nil if there is none or that fails.
func (b *Bridge) fieldOf(ctx context.Context, v lua.LValue, name string) (field lua.LValue) {
	field = lua.LNil
	t := b.in.Enter(ctx)
	defer t.Leave()
	read := t.L.NewFunction(func(L *lua.LState) int {
		L.Push(L.GetField(L.Get(1), L.CheckString(2)))
		return 1
	})
	if results, err := b.in.PCall(t.L, read, 1, v, lua.LString(name)); err == nil {
		field = results[0]
	}
	return field
}

// isStandIn is whether all functions of a library, of which there are some, do nothing but fail.
func (b *Bridge) isStandIn(v lua.LValue) bool {
	t, ok := v.(*lua.LTable)
	if !ok {
		return false
	}
	found := false
	for _, f := range b.fields(t) {
		if f.Type() == lua.LTFunction {
			if !lualib.IsStandIn(f) {
				return false
			}
			found = true
		}
	}
	return found
}
