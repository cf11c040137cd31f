package lualib

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// openLFS makes lfs (LuaFileSystem 1.8). The working directory cannot be changed, since it is everybody's.
func (l *library) openLFS(L *lua.LState) lua.LValue {
	functions := map[string]lua.LGFunction{
		"attributes":        lfsAttributes(os.Stat),
		"symlinkattributes": lfsAttributes(os.Lstat),
		"dir":               l.lfsDir,
		"mkdir":             func(L *lua.LState) int { return pushDone(L, os.Mkdir(L.CheckString(1), 0o755)) },
		"rmdir":             func(L *lua.LState) int { return pushDone(L, syscall.Rmdir(L.CheckString(1))) },
		"touch":             lfsTouch,
		"currentdir": func(L *lua.LState) int {
			dir, err := os.Getwd()
			if err != nil {
				return pushErr(L, "", err)
			}
			return pushString(L, dir)
		},
	}
	for _, name := range []string{"chdir", "link", "lock", "lock_dir", "setmode", "unlock"} {
		functions[name] = l.notHere("lfs", name)
	}
	lib := l.table(functions)
	lib.RawSetString("_VERSION", lua.LString("LuaFileSystem 1.8.0"))
	return lib
}

// errnoText is an error of the operating system in its own words.
func errnoText(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		s := []byte(errno.Error())
		if len(s) > 0 && 'a' <= s[0] && s[0] <= 'z' {
			s[0] -= 'a' - 'A'
		}
		return string(s)
	}
	return err.Error()
}

// pushErr is nil, the error after some words, and its number.
func pushErr(L *lua.LState, words string, err error) int {
	pushFailure(L, words+errnoText(err))
	var errno syscall.Errno
	errors.As(err, &errno)
	L.Push(lua.LNumber(errno))
	return 3
}

// pushDone is true, or as pushErr.
func pushDone(L *lua.LState, err error) int {
	if err != nil {
		return pushErr(L, "", err)
	}
	L.Push(lua.LTrue)
	return 1
}

// lfsAttributes: path, and the name of one attribute or a table to fill.
func lfsAttributes(stat func(string) (fs.FileInfo, error)) lua.LGFunction {
	return func(L *lua.LState) int {
		path := L.CheckString(1)
		info, err := stat(path)
		if err != nil {
			return pushErr(L, "cannot obtain information from file '"+path+"': ", err)
		}
		into, ok := L.Get(2).(*lua.LTable)
		if !ok {
			into = L.NewTable()
		}
		fillAttributes(into, info)
		if name, ok := L.Get(2).(lua.LString); ok {
			v := into.RawGetString(string(name))
			if v == lua.LNil {
				L.ArgError(2, "invalid attribute name '"+string(name)+"'")
			}
			L.Push(v)
			return 1
		}
		L.Push(into)
		return 1
	}
}

func fillAttributes(t *lua.LTable, info fs.FileInfo) {
	t.RawSetString("mode", lua.LString(fileMode(info.Mode())))
	t.RawSetString("size", lua.LNumber(info.Size()))
	t.RawSetString("permissions", lua.LString(info.Mode().Perm().String()[1:]))
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	for name, n := range map[string]int64{
		"dev": int64(s.Dev), "ino": int64(s.Ino), "nlink": int64(s.Nlink), "uid": int64(s.Uid), "gid": int64(s.Gid), "rdev": int64(s.Rdev),
		"access": s.Atim.Sec, "modification": s.Mtim.Sec, "change": s.Ctim.Sec, "blocks": s.Blocks, "blksize": int64(s.Blksize),
	} {
		t.RawSetString(name, lua.LNumber(n))
	}
}

func fileMode(m fs.FileMode) string {
	switch {
	case m.IsRegular():
		return "file"
	case m.IsDir():
		return "directory"
	case m&fs.ModeSymlink != 0:
		return "link"
	case m&fs.ModeSocket != 0:
		return "socket"
	case m&fs.ModeNamedPipe != 0:
		return "named pipe"
	case m&fs.ModeCharDevice != 0:
		return "char device"
	case m&fs.ModeDevice != 0:
		return "block device"
	}
	return "other"
}

// lfsDir gives an iterator over the names in a directory, and the object with the methods next and close that it is called with.
func (l *library) lfsDir(L *lua.LState) int {
	path := L.CheckString(1)
	entries, err := os.ReadDir(path)
	if err != nil {
		L.RaiseError("cannot open %s: %s", path, errnoText(err))
	}
	names := []string{".", ".."}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	next := L.NewFunction(func(L *lua.LState) int {
		if len(names) == 0 {
			return 0
		}
		name := names[0]
		names = names[1:]
		return pushString(L, name)
	})
	mt := l.class("directory", map[string]lua.LGFunction{"close": func(*lua.LState) int {
		names = nil
		return 0
	}})
	mt.RawGetString("__index").(*lua.LTable).RawSetString("next", next)
	L.Push(next)
	L.Push(&lua.LUserData{Metatable: mt})
	return 2
}

// lfsTouch: path, time of access, time of change.
func lfsTouch(L *lua.LState) int {
	at := time.Now()
	if L.Get(2) != lua.LNil {
		at = time.Unix(int64(L.CheckNumber(2)), 0)
	}
	changed := at
	if L.Get(3) != lua.LNil {
		changed = time.Unix(int64(L.CheckNumber(3)), 0)
	}
	return pushDone(L, os.Chtimes(L.CheckString(1), at, changed))
}
