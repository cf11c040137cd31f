package lualib

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// recorder runs a test file and prints how each of its cases ended.
const recorder = `
	local file = arg[1]
	local t = require "test.harness"
	local case = t.case
	t.case = function(name, f)
		return case(name, function()
			local ok, err = pcall(f)
			print((ok and "ok\t" or "failed\t") .. name .. "\t" .. tostring(not ok and err or ""):gsub("\n", " "))
		end)
	end
	local ok, err = pcall(dofile, file)
	print("end\t" .. tostring(ok) .. "\t" .. tostring(not ok and err or ""):gsub("\n", " "))
`

// outcome is how a case of a test file ended: "ok" or "failed", and the error.
type outcome struct{ result, err string }

// endOfFile stands for the file as a whole among its cases.
const endOfFile = "end of the file"

func outcomes(output string) map[string]outcome {
	m := map[string]outcome{}
	for line := range strings.Lines(output) {
		f := strings.SplitN(strings.TrimRight(line, "\n"), "\t", 3)
		switch {
		case len(f) < 3:
		case f[0] == "end":
			m[endOfFile] = outcome{f[1], f[2]}
		case f[0] == "ok" || f[0] == "failed":
			m[f[1]] = outcome{f[0], f[2]}
		}
	}
	return m
}

// inC are Prosody's libraries in C, which have to be ours, and what its package takes from others. util.xml needs a library in C.
var inC = []string{"DBI", "util.xml", "util.encodings", "util.hashes", "util.net", "util.pposix", "util.signal", "util.strbitop", "util.struct", "util.table",
	"util.time", "lfs", "lxp", "lxp.lom", "socket", "socket.url", "ltn12"}

// differ are the cases that end otherwise on our interpreter, and why.
var differ = map[string]string{
	"util_dependencies_test.lua: nothing is missing": "LuaSec is not there",
}

// TestDebiansLibraries loads the Lua libraries of the installed Prosody unmodified on our interpreter, in place of ours, and has all test
// files run on them. Each case must end as it does on a reference interpreter with the same libraries.
func TestDebiansLibraries(t *testing.T) {
	needPackage(t, prosodyTree+"/util/jid.lua")
	files := append(luaFiles(t, luaTree+"/test/*_test.lua"), luaFiles(t, "testdata/*_test.lua")...)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), "_test.lua"), func(t *testing.T) {
			newer, older := onReference(t, "lua5.4", file), onReference(t, "lua5.1", file)
			ours := onOurs(t, file)
			for name, want := range newer {
				got, old := ours[name], older[name]
				same := got.result == want.result || got.result == old.result && !strings.Contains(old.err, ".so")
				if reason, known := differ[filepath.Base(file)+": "+name]; known && same {
					t.Errorf("%s: is not different any more; it was said that %s", name, reason)
				} else if !known && !same && !endsByCase(name, got) {
					t.Errorf("%s: %s (%s), on lua5.4 %s (%s), on lua5.1 %s (%s)", name, got.result, got.err,
						want.result, want.err, old.result, old.err)
				}
			}
		})
	}
}

// endsByCase tells whether a file ended with an error only because a case did.
func endsByCase(name string, got outcome) bool {
	return name == endOfFile && strings.Contains(got.err, " failed:")
}

// onReference runs a test file with Prosody's libraries, and those of our tree that it has not.
func onReference(t *testing.T, interpreter, file string) map[string]outcome {
	t.Helper()
	path, err := exec.LookPath(interpreter)
	if err != nil {
		missing(t, interpreter)
	}
	script := filepath.Join(t.TempDir(), "recorder.lua")
	if err := os.WriteFile(script, []byte(recorder), 0o600); err != nil {
		t.Fatal(err)
	}
	file, tree := absolute(t, file), absolute(t, luaTree)
	cmd := exec.Command(path, script, file)
	cmd.Dir = t.TempDir() // some libraries write files
	search, search54 := prosodyTree+"/?.lua;"+tree+"/?.lua;;", prosodyTree+"/?.so;;"
	cmd.Env = append(os.Environ(), "LUA_INIT=", "LUA_INIT_5_4=", "LUA_PATH="+search, "LUA_PATH_5_4="+search, "LUA_CPATH="+search54, "LUA_CPATH_5_4="+search54)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return outcomes(string(out))
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

func onOurs(t *testing.T, file string) map[string]outcome {
	t.Helper()
	var out bytes.Buffer
	file, tree := absolute(t, file), absolute(t, luaTree)
	t.Chdir(t.TempDir()) // some libraries write files
	w := newWorldOn(compat.Options{Stdout: &out}, prosodyTree, tree)
	for name := range w.open {
		if !slices.Contains(inC, name) {
			delete(w.open, name)
		}
	}
	clear(w.libs)
	w.open["util.compat"] = func(L *lua.LState) lua.LValue {
		lib := L.NewTable()
		lib.RawSetString("xpcall", w.in.Globals().RawGetString("xpcall"))
		return lib
	}
	for _, name := range []string{"OURS", "drain"} {
		w.in.Globals().RawSetString(name, lua.LNil)
	}
	args := w.in.State().NewTable()
	args.Append(lua.LString(file))
	w.in.Globals().RawSetString("arg", args)
	fn, err := w.in.Load([]byte(recorder), "@recorder.lua", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.in.Call(context.Background(), fn, 0); err != nil {
		var e *compat.Error
		errors.As(err, &e)
		t.Fatalf("%v\n%s", err, e.Traceback)
	}
	return outcomes(out.String())
}

// TestLuaTree runs the tests of the libraries that are written in Lua on our interpreter, with ours beside them.
func TestLuaTree(t *testing.T) {
	for _, file := range luaFiles(t, luaTree+"/test/*_test.lua") {
		t.Run(strings.TrimSuffix(filepath.Base(file), "_test.lua"), func(t *testing.T) { newWorld(luaTree).file(t, file) })
	}
}
