package lualib

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/luastanza"
)

const (
	luaTree     = "../../../../lua"
	prosodyTree = "/usr/lib/prosody"
)

// world is an interpreter with our libraries, in front of the Lua files of some directories.
type world struct {
	in    *compat.Interp
	lib   *library
	libs  map[string]lua.LValue
	open  map[string]opener
	files []fs.FS
}

func newWorld(dirs ...string) *world { return newWorldOn(compat.Options{Stdout: io.Discard}, dirs...) }

func newWorldOn(opts compat.Options, dirs ...string) *world {
	in := compat.New(opts)
	stanzas := luastanza.New(in)
	w := &world{in: in, lib: newLibrary(in, stanzas), libs: map[string]lua.LValue{"util.stanza": stanzas.Module()}}
	w.open = w.lib.openers()
	w.open["util.logger"] = silentLogger(in)
	for _, d := range dirs {
		w.files = append(w.files, os.DirFS(d))
	}
	in.SetLoader(w.load)
	in.Globals().RawSetString("OURS", lua.LTrue)
	in.Globals().RawSetString("drain", in.State().NewFunction(w.drain))
	return w
}

// drain waits until all ticks have run.
func (w *world) drain(L *lua.LState) int {
	for empty := false; !empty; {
		done := make(chan struct{})
		w.lib.later(func(*lua.LState) {
			empty = len(w.lib.promise.ticks.queue) == 0
			close(done)
		})
		w.in.Unlocked(L, func() { <-done })
	}
	return 0
}

// silentLogger stands for the bridge's util.logger.
func silentLogger(in *compat.Interp) opener {
	return func(L *lua.LState) lua.LValue {
		lib := L.NewTable()
		lib.RawSetString("init", L.NewFunction(func(L *lua.LState) int {
			L.Push(L.NewFunction(func(*lua.LState) int { return 0 }))
			return 1
		}))
		return lib
	}
}

func (w *world) load(L *lua.LState, name string) (lua.LValue, bool, error) {
	if v := w.libs[name]; v != nil {
		return v, true, nil
	}
	if open := w.open[name]; open != nil {
		w.libs[name] = open(L)
		return w.libs[name], true, nil
	}
	path := strings.ReplaceAll(name, ".", "/") + ".lua"
	for _, dir := range w.files {
		code, err := fs.ReadFile(dir, path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, true, err
		}
		v, err := w.run(L, code, path, name)
		w.libs[name] = v
		return v, true, err
	}
	return nil, false, nil
}

func (w *world) run(L *lua.LState, code []byte, path, name string) (lua.LValue, error) {
	fn, err := w.in.Load(code, "@"+path, nil)
	if err != nil {
		return nil, err
	}
	results, err := w.in.PCall(L, fn, 1, lua.LString(name))
	if err != nil {
		return nil, err
	}
	if results[0] == lua.LNil {
		return lua.LTrue, nil
	}
	return results[0], nil
}

// file runs a test file; it must return how many cases passed.
func (w *world) file(t *testing.T, path string) {
	t.Helper()
	code, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w.code(t, string(code), filepath.Base(path))
}

func (w *world) code(t testing.TB, code, name string) []lua.LValue {
	t.Helper()
	fn, err := w.in.Load([]byte(code), "@"+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	results, err := w.in.Call(context.Background(), fn, 1)
	if err != nil {
		var e *compat.Error
		errors.As(err, &e)
		t.Fatalf("%v\n%s", err, e.Traceback)
	}
	return results
}

// TestLua runs each library's test on our interpreter with our libraries, and on Lua with Debian's Prosody.
func TestLua(t *testing.T) {
	for _, file := range luaFiles(t, "testdata/*_test.lua") {
		name := strings.TrimSuffix(filepath.Base(file), "_test.lua")
		t.Run("ours/"+name, func(t *testing.T) { newWorld(luaTree).file(t, file) })
		t.Run("prosody/"+name, func(t *testing.T) { runProsody(t, file) })
	}
}

func luaFiles(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files like %q: %v", pattern, err)
	}
	return files
}

// runProsody runs a test file on the reference interpreter with Prosody's own libraries.
func runProsody(t *testing.T, file string) {
	t.Helper()
	needPackage(t, prosodyTree+"/util/encodings.so")
	path, err := exec.LookPath("lua5.4")
	if err != nil {
		missing(t, "lua5.4")
	}
	cmd := exec.Command(path, file)
	cmd.Env = append(os.Environ(), "LUA_INIT=", "LUA_INIT_5_4=",
		"LUA_PATH_5_4="+prosodyTree+"/?.lua;"+luaTree+"/?.lua;;", "LUA_CPATH_5_4="+prosodyTree+"/?.so;;")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func needPackage(t *testing.T, file string) {
	t.Helper()
	if _, err := os.Stat(file); err != nil {
		missing(t, file)
	}
}

// missing skips a test, except in CI, where everything has to be installed.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing: CI has to install it", what)
	}
	t.Skipf("%s is not installed", what)
}
