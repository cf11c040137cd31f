package compat

import (
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const defaultPath = "./?.lua;/usr/local/share/lua/5.1/?.lua;/usr/local/share/lua/5.1/?/init.lua;/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua"

// Loader finds what `require` is asked for: ok is false if it knows no such module. An error is one of loading a module it does know.
type Loader func(L *lua.LState, name string) (v lua.LValue, ok bool, err error)

// SetLoader sets the loader that require asks after package.preload and before package.path.
func (it *Interp) SetLoader(load Loader) { it.loader = load }

// Loaded is package.loaded: what require gives without asking anybody.
func (it *Interp) Loaded() *lua.LTable { return it.lib.loaded }

// openPackage makes require and package: Lua 5.1 §5.3, with searchers and searchpath (5.2). There are no C libraries.
func (it *Interp) openPackage() {
	it.lib.loaded = it.base.NewTable()
	it.lib.preload = it.base.NewTable()
	lib := it.register("package", map[string]lua.LGFunction{
		"loadlib":    packageLoadLib,
		"searchpath": packageSearchPath,
		"seeall":     packageSeeAll,
	})
	searchers := it.base.NewTable()
	for _, search := range []lua.LGFunction{searchPreload, searchLoader, searchFile} {
		searchers.Append(it.base.NewFunction(search))
	}
	lib.RawSetString("config", lua.LString("/\n;\n?\n!\n-\n"))
	lib.RawSetString("cpath", lua.LString(""))
	lib.RawSetString("loaded", it.lib.loaded)
	lib.RawSetString("loaders", searchers)
	lib.RawSetString("path", lua.LString(defaultPath))
	lib.RawSetString("preload", it.lib.preload)
	lib.RawSetString("searchers", searchers)
	it.lib.pkg = lib
	it.Globals().RawSetString("require", it.base.NewFunction(baseRequire))
}

// publish enters the standard libraries into package.loaded.
func (it *Interp) publish() {
	it.lib.loaded.RawSetString("_G", it.Globals())
	it.Globals().ForEach(func(k, v lua.LValue) {
		if _, ok := v.(*lua.LTable); ok {
			it.lib.loaded.RawSet(k, v)
		}
	})
}

func baseRequire(L *lua.LState) int {
	name := checkString(L, 1)
	loaded := Of(L).lib.loaded
	if v := L.GetField(loaded, name); lua.LVAsBool(v) {
		L.Push(v)
		return 1
	}
	load, extra := findLoader(L, name)
	v := call1(L, load, lua.LString(name), extra)
	if v != lua.LNil {
		L.SetField(loaded, name, v)
	} else if L.GetField(loaded, name) == lua.LNil {
		L.SetField(loaded, name, lua.LTrue)
	}
	L.Push(L.GetField(loaded, name))
	return 1
}

// findLoader asks each searcher for a function that loads the module.
func findLoader(L *lua.LState, name string) (load, extra lua.LValue) {
	searchers, ok := Of(L).lib.pkg.RawGetString("loaders").(*lua.LTable)
	if !ok {
		raisef(L, "'package.loaders' must be a table")
	}
	var tried strings.Builder
	for i := 1; ; i++ {
		search := getInt(L, searchers, i)
		if search == lua.LNil {
			raisef(L, "module '%s' not found:%s", name, tried.String())
		}
		L.Push(search)
		L.Push(lua.LString(name))
		L.Call(1, 2)
		load, extra = L.Get(-2), L.Get(-1)
		L.Pop(2)
		switch v := load.(type) {
		case *lua.LFunction:
			return load, extra
		case lua.LString:
			tried.WriteString(string(v))
		}
	}
}

func searchPreload(L *lua.LState) int {
	name := checkString(L, 1)
	if v := L.GetField(Of(L).lib.preload, name); v != lua.LNil {
		L.Push(v)
		return 1
	}
	L.Push(lua.LString("\n\tno field package.preload['" + name + "']"))
	return 1
}

func searchLoader(L *lua.LState) int {
	it := Of(L)
	if it.loader == nil {
		return 0
	}
	name := checkString(L, 1)
	v, ok, err := it.loader(L, name)
	if err != nil {
		Raise(L, err)
	}
	if !ok {
		L.Push(lua.LString("\n\tno module '" + name + "' in the server"))
		return 1
	}
	L.Push(L.NewFunction(func(L *lua.LState) int {
		L.Push(v)
		return 1
	}))
	return 1
}

func searchFile(L *lua.LState) int {
	it := Of(L)
	name := checkString(L, 1)
	path, ok := it.lib.pkg.RawGetString("path").(lua.LString)
	if !ok {
		raisef(L, "'package.path' must be a string")
	}
	file, tried := searchPath(name, string(path), ".", "/")
	if file == "" {
		L.Push(lua.LString(tried))
		return 1
	}
	src, err := os.ReadFile(file)
	if err != nil {
		raisef(L, "error loading module '%s' from file '%s':\n\t%s", name, file, errorText(file, err))
	}
	fn, err := it.Load(src, "@"+file, nil)
	if err != nil {
		raisef(L, "error loading module '%s' from file '%s':\n\t%s", name, file, err)
	}
	L.Push(fn)
	L.Push(lua.LString(file))
	return 2
}

// searchPath is the first readable file that name gives in path, or what was tried.
func searchPath(name, path, sep, rep string) (file, tried string) {
	if sep != "" {
		name = strings.ReplaceAll(name, sep, rep)
	}
	for template := range strings.SplitSeq(path, ";") {
		if template == "" {
			continue
		}
		file := strings.ReplaceAll(template, "?", name)
		if f, err := os.Open(file); err == nil {
			f.Close()
			return file, ""
		}
		tried += "\n\tno file '" + file + "'"
	}
	return "", tried
}

func packageSearchPath(L *lua.LState) int {
	file, tried := searchPath(checkString(L, 1), checkString(L, 2), optString(L, 3, "."), optString(L, 4, "/"))
	if file == "" {
		L.Push(lua.LNil)
		L.Push(lua.LString(tried))
		return 2
	}
	L.Push(lua.LString(file))
	return 1
}

func packageLoadLib(L *lua.LState) int {
	L.Push(lua.LNil)
	L.Push(lua.LString("C libraries are not supported"))
	L.Push(lua.LString("absent"))
	return 3
}

func packageSeeAll(L *lua.LState) int {
	tb := checkTable(L, 1)
	mt, ok := tb.Metatable.(*lua.LTable)
	if !ok {
		mt = L.NewTable()
		setMetatable(L, tb, mt)
	}
	mt.RawSetString("__index", Of(L).Globals())
	return 0
}
