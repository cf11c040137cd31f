package luabridge

import (
	"context"
	"io/fs"
	"iter"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/luaapi"
	"quatrain/host/internal/luabridge/lualib"
	"quatrain/sdk"
)

// emptyServer has nothing; what is asked of it while libraries are opened is answered.
type emptyServer struct{ Server }

func (emptyServer) Version() string          { return "test" }
func (emptyServer) ConfigFile() string       { return "" }
func (emptyServer) StartTime() time.Time     { return time.Time{} }
func (emptyServer) Path(string) string       { return "" }
func (emptyServer) Hosts() []string          { return nil }
func (emptyServer) Bus(string) sdk.Bus       { return emptyBus{} }
func (emptyServer) Option(_, _ string) any   { return nil }
func (emptyServer) OptionAt(_, _ string) any { return nil }
func (emptyServer) Users() Users             { return struct{ Users }{} }
func (emptyServer) Conns() iter.Seq[Conn]    { return func(func(Conn) bool) {} }
func (emptyServer) Rosters() Rosters         { return struct{ Rosters }{} }

type emptyBus struct{ sdk.Bus }

func (emptyBus) Add(sdk.Hook) func() { return func() {} }

func emptyBridge(t *testing.T) *Bridge {
	t.Helper()
	b := New(Options{Server: emptyServer{}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Library: os.DirFS("../../../lua")})
	t.Cleanup(b.Close)
	return b
}

// listed is where the list is.
const listed = "host/internal/luabridge/luaapi/"

// The list has what the bridge has, no more and no less: it is what editors and the docs are told.
func TestListOfTheAPI(t *testing.T) {
	b := emptyBridge(t)
	list, err := luaapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("module", func(t *testing.T) {
		compareLists(t, "module", `module.toml, below [class.module.methods]`, functionsOf(b, "module", b.api), list.Class("module").Methods)
	})
	t.Run("stanza", func(t *testing.T) {
		methods := b.stanzas.Module().RawGetString("stanza_mt").(*lua.LTable).RawGetString("__index").(*lua.LTable)
		compareLists(t, "a stanza", `classes.toml, below [class.Stanza.methods]`, functionsOf(b, "stanza", methods), list.Class("Stanza").Methods)
	})
	names := libraryNames(t, b)
	for _, name := range names {
		t.Run(name, func(t *testing.T) { checkLibrary(t, b, list, name) })
	}
	for _, lib := range list.Libraries {
		if !slices.Contains(names, lib.Name) {
			t.Errorf("there is no library %q: take it out of %s%s, and say go generate ./%s", lib.Name, listed, lib.File, listed)
		}
	}
}

// unlisted are libraries of constants, and those that only the server's own files use.
var unlisted = []string{"net.http.codes", "core.clientstreams", "core.metrics", "core.tablefilters", "util.datafiles"}

// objects are fields of libraries that are objects, whose methods are listed with their class.
var objects = []string{"net.http.events", "net.http.default", "net.http.server.listener", "net.adns.dns", "net.unbound.dns"}

func checkLibrary(t *testing.T, b *Bridge, list *luaapi.List, name string) {
	thread := b.in.Enter(sdk.WithChain(context.Background()))
	defer thread.Leave()
	v, found, err := b.load(thread.L, name)
	if err != nil || !found {
		t.Fatalf("the library %q: %v", name, err)
	}
	lib := list.Library(name)
	real := functionsOf(b, name, v)
	switch {
	case lib != nil && lib.SameAs != "", slices.Contains(unlisted, name):
		return
	case lib == nil && v.Type() != lua.LTFunction && len(real) == 0:
		return // only for show
	case lib == nil:
		t.Fatalf("the library %q is not in %s: add there\n[library.%q]\ndoc = \"What it is for.\"\n[library.%q.functions]\n… and say go generate ./%s", name, listed, name, name, listed)
	}
	if callable := v.Type() == lua.LTFunction; callable && lib.Call == "" {
		t.Errorf("the library %q is a function: say in %s%s with which parameters (call)", name, listed, lib.File)
	}
	compareLists(t, name, lib.File+", below [library."+`"`+name+`".functions]`, real, lib.Functions)
}

func compareLists(t *testing.T, what, where string, real []string, entries []luaapi.Entry) {
	t.Helper()
	var known []string
	for _, e := range entries {
		known = append(known, e.Name)
	}
	for _, name := range real {
		if !slices.Contains(known, name) {
			t.Errorf("%s has the function %s, which is not in the list: add to %s%s\n%s = [\"(parameter: type): type\", \"What it does.\"]\nand say go generate ./%s", what, name, listed, where, quotedKey(name), listed)
		}
	}
	for _, name := range known {
		if !slices.Contains(real, name) {
			t.Errorf("%s has no function %s: take it out of %s%s, and say go generate ./%s", what, name, listed, where, listed)
		}
	}
}

func quotedKey(name string) string {
	if strings.Contains(name, ".") {
		return `"` + name + `"`
	}
	return name
}

// functionsOf are the functions of a table, and of tables in it, that do not only fail. What begins with "_" is for the server's own files.
func functionsOf(b *Bridge, library string, v lua.LValue) (names []string) {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	t.ForEach(func(k, v lua.LValue) {
		if isReal(v) {
			names = append(names, k.String())
		}
		inner, ok := v.(*lua.LTable)
		if _, isObject := compat.ObjectOf(v); !ok || isObject || slices.Contains(objects, library+"."+k.String()) || isLibrary(b, inner) {
			return
		}
		inner.ForEach(func(name, v lua.LValue) {
			if isReal(v) {
				names = append(names, k.String()+"."+name.String())
			}
		})
	})
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "_") })
	slices.Sort(names)
	return names
}

// isLibrary is whether a table is listed as a library of its own.
func isLibrary(b *Bridge, t *lua.LTable) bool {
	for _, v := range b.libs {
		if v == t {
			return true
		}
	}
	return false
}

func isReal(v lua.LValue) bool {
	f, ok := v.(*lua.LFunction)
	return ok && !lualib.IsStandIn(f)
}

// libraryNames are all that the bridge and the library tree have.
func libraryNames(t *testing.T, b *Bridge) []string {
	t.Helper()
	names := slices.Collect(maps.Keys(b.native))
	err := fs.WalkDir(b.library, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".lua") && !strings.HasPrefix(path, "test/") && !strings.HasPrefix(path, "types/") {
			names = append(names, strings.ReplaceAll(strings.TrimSuffix(path, ".lua"), "/", "."))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// The files for editors are those that are made from the list, and Lua.
func TestTypesAreMadeFromTheList(t *testing.T) {
	list, err := luaapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	types, err := list.Types()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]string{}
	root := os.DirFS("../../../lua/types")
	err = fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, path)
		there[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(there, types) {
		t.Errorf("lua/types is not what the list says: say go generate ./%s", listed)
	}
	b := emptyBridge(t)
	for name, text := range types {
		if err := b.Compiles([]byte(text), name); err != nil {
			t.Error(err)
		}
	}
}

// The table of the docs names the methods of module that there are.
func TestDocsNameTheMethods(t *testing.T) {
	text, err := os.ReadFile(filepath.FromSlash("../../../docs/module-api.md"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := luaapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, word := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		named[word[1]] = true
	}
	_, kinds, _ := strings.Cut(string(text), "`get_option` and its kinds: ")
	kinds, _, _ = strings.Cut(kinds, "|")
	for _, kind := range regexp.MustCompile("[a-z_]+").FindAllString(kinds, -1) {
		named["get_option_"+kind] = true
	}
	for _, m := range list.Class("module").Methods {
		if !named[m.Name] {
			t.Errorf("docs/module-api.md does not name the method %s", m.Name)
		}
	}
}
