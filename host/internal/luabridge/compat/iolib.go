package compat

import (
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// fileLibrary is the state of the io library.
type fileLibrary struct {
	meta          *lua.LTable
	input, output *lua.LUserData
}

// openIO makes the io library: Lua 5.1 §5.7, taking formats with and without the asterisk (5.3) and "L" (5.2). popen is missing.
func (it *Interp) openIO() {
	f := &it.lib.files
	f.meta = it.base.NewTable()
	methods := it.base.NewTable()
	for name, fn := range map[string]lua.LGFunction{
		"close": fileClose, "flush": fileFlush, "lines": fileLines, "read": fileRead, "seek": fileSeek, "setvbuf": fileSetVBuf,
		"write": fileWrite,
	} {
		methods.RawSetString(name, it.base.NewFunction(fn))
	}
	f.meta.RawSetString("__index", methods)
	f.meta.RawSetString("__tostring", it.base.NewFunction(fileToString))
	f.meta.RawSetString("__name", lua.LString("FILE*"))
	lib := it.register("io", map[string]lua.LGFunction{
		"close": ioClose, "input": ioInput, "lines": ioLines, "open": ioOpen, "output": ioOutput, "read": ioRead, "tmpfile": ioTmpFile,
		"type": ioType, "write": ioWrite,
	})
	f.input = it.newFile(&luaFile{r: os.Stdin, std: true})
	f.output = it.newFile(&luaFile{w: it.opts.Stdout, std: true})
	lib.RawSetString("stdin", f.input)
	lib.RawSetString("stdout", f.output)
	lib.RawSetString("stderr", it.newFile(&luaFile{w: os.Stderr, std: true}))
}

func (it *Interp) newFile(f *luaFile) *lua.LUserData {
	ud := it.base.NewUserData()
	ud.Value = f
	ud.Metatable = it.lib.files.meta
	return ud
}

func ioOpen(L *lua.LState) int {
	name, mode := checkString(L, 1), optString(L, 2, "r")
	flags, ok := map[string]int{
		"r": os.O_RDONLY, "r+": os.O_RDWR, "w": os.O_WRONLY | os.O_CREATE | os.O_TRUNC, "w+": os.O_RDWR | os.O_CREATE | os.O_TRUNC,
		"a": os.O_WRONLY | os.O_CREATE | os.O_APPEND, "a+": os.O_RDWR | os.O_CREATE | os.O_APPEND,
	}[strings.Replace(mode, "b", "", 1)]
	if !ok {
		argError(L, 2, "invalid mode")
	}
	file, err := os.OpenFile(name, flags, 0o666)
	if err != nil {
		return pushSuccess(L, name, err)
	}
	L.Push(Of(L).newFile(openFile(file, flags)))
	return 1
}

func ioTmpFile(L *lua.LState) int {
	file, err := os.CreateTemp("", "lua_")
	if err != nil {
		return pushSuccess(L, "", err)
	}
	os.Remove(file.Name())
	L.Push(Of(L).newFile(openFile(file, os.O_RDWR)))
	return 1
}

func ioType(L *lua.LState) int {
	ud, ok := checkAny(L, 1).(*lua.LUserData)
	var f *luaFile
	if ok {
		f, ok = ud.Value.(*luaFile)
	}
	switch {
	case !ok:
		L.Push(lua.LNil)
	case f.closed:
		L.Push(lua.LString("closed file"))
	default:
		L.Push(lua.LString("file"))
	}
	return 1
}

func ioClose(L *lua.LState) int {
	if L.GetTop() == 0 {
		L.Push(Of(L).lib.files.output)
	}
	return fileClose(L)
}

func ioInput(L *lua.LState) int { return ioRedirect(L, &Of(L).lib.files.input, os.O_RDONLY) }
func ioOutput(L *lua.LState) int {
	return ioRedirect(L, &Of(L).lib.files.output, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
}

func ioRedirect(L *lua.LState, current **lua.LUserData, flags int) int {
	switch v := L.Get(1).(type) {
	case *lua.LNilType:
	case *lua.LUserData:
		checkFile(L, 1)
		*current = v
	default:
		name := checkString(L, 1)
		file, err := os.OpenFile(name, flags, 0o666)
		if err != nil {
			raisef(L, "%s", errorText(name, err))
		}
		*current = Of(L).newFile(openFile(file, flags))
	}
	L.Push(*current)
	return 1
}

func ioRead(L *lua.LState) int {
	L.Insert(Of(L).lib.files.input, 1)
	return fileRead(L)
}

func ioWrite(L *lua.LState) int {
	L.Insert(Of(L).lib.files.output, 1)
	return fileWrite(L)
}

func ioLines(L *lua.LState) int {
	if isNoneOrNil(L, 1) {
		if L.GetTop() > 0 {
			L.Remove(1)
		}
		L.Insert(Of(L).lib.files.input, 1)
		return fileLines(L)
	}
	name := checkString(L, 1)
	file, err := os.Open(name)
	if err != nil {
		raisef(L, "%s", errorText(name, err))
	}
	f := openFile(file, os.O_RDONLY)
	formats := checkFormats(L, 2)
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if f.closed {
			raisef(L, "file is already closed")
		}
		n := f.read(L, formats)
		if L.Get(-n) == lua.LNil {
			f.close()
		}
		return n
	}))
	return 1
}
