package lualib

import (
	"os"
	"runtime"
	"strings"
	"syscall"

	lua "github.com/yuin/gopher-lua"
)

// limits are the resources of getrlimit that we can tell.
var resources = map[string]int{"CPU": 0, "FSIZE": 1, "DATA": 2, "STACK": 3, "CORE": 4, "NOFILE": 7, "AS": 9}

// openPposix makes util.pposix: what can be asked of the process. What would change it is refused.
func (l *library) openPposix(L *lua.LState) lua.LValue {
	number := func(f func() int) lua.LGFunction {
		return func(L *lua.LState) int {
			L.Push(lua.LNumber(f()))
			return 1
		}
	}
	functions := map[string]lua.LGFunction{
		"getpid":    number(os.Getpid),
		"getuid":    number(os.Getuid),
		"getgid":    number(os.Getgid),
		"uname":     pposixUname,
		"meminfo":   pposixMeminfo,
		"getrlimit": pposixGetrlimit,
		"mkdir": func(L *lua.LState) int {
			return pushOutcome(L, os.Mkdir(L.CheckString(1), 0o755))
		},
		"atomic_append": pposixAppend,
		"isatty": func(L *lua.LState) int {
			L.Push(lua.LFalse)
			return 1
		},
	}
	for _, name := range []string{"abort", "daemonize", "fork", "initgroups", "setenv", "setgid", "setrlimit", "setuid", "umask",
		"syslog_open", "syslog_close", "syslog_log", "syslog_setminlevel"} {
		functions[name] = l.notHere("util.pposix", name)
	}
	lib := l.table(functions)
	lib.RawSetString("ENOENT", lua.LNumber(syscall.ENOENT))
	return lib
}

// pushOutcome is true; or false and what went wrong.
func pushOutcome(L *lua.LState, err error) int {
	if err != nil {
		return pushRefusal(L, errnoText(err))
	}
	L.Push(lua.LTrue)
	return 1
}

// pposixAppend: file, data. It gives true; or nil and why not.
func pposixAppend(L *lua.LState) int {
	file := L.Get(1)
	for _, call := range [][]lua.LValue{{lua.LString("write"), L.Get(2)}, {lua.LString("flush")}} {
		L.Push(L.GetField(file, string(call[0].(lua.LString))))
		L.Push(file)
		for _, a := range call[1:] {
			L.Push(a)
		}
		L.Call(len(call), 2)
		if !lua.LVAsBool(L.Get(-2)) {
			return 2
		}
		L.Pop(2)
	}
	L.Push(lua.LTrue)
	return 1
}

func pposixUname(L *lua.LState) int {
	var u syscall.Utsname
	if err := syscall.Uname(&u); err != nil {
		return pushFailure(L, errnoText(err))
	}
	t := L.NewTable()
	for name, chars := range map[string][65]int8{
		"sysname": u.Sysname, "nodename": u.Nodename, "release": u.Release, "version": u.Version, "machine": u.Machine, "domainname": u.Domainname,
	} {
		var b strings.Builder
		for _, c := range chars {
			if c == 0 {
				break
			}
			b.WriteByte(byte(c))
		}
		t.RawSetString(name, lua.LString(b.String()))
	}
	L.Push(t)
	return 1
}

// pposixMeminfo tells of Go's memory in the words of mallinfo.
func pposixMeminfo(L *lua.LState) int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t := L.NewTable()
	for name, n := range map[string]uint64{
		"allocated": m.HeapSys, "allocated_mmap": m.Sys - m.HeapSys, "used": m.HeapAlloc, "unused": m.HeapIdle, "returnable": m.HeapIdle - m.HeapReleased,
	} {
		t.RawSetString(name, lua.LNumber(n))
	}
	L.Push(t)
	return 1
}

// pposixGetrlimit gives true and the soft and hard limit; or false and why not.
func pposixGetrlimit(L *lua.LState) int {
	resource, ok := resources[strings.ToUpper(L.CheckString(1))]
	if !ok {
		return pushRefusal(L, "invalid-resource")
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(resource, &limit); err != nil {
		return pushRefusal(L, errnoText(err))
	}
	L.Push(lua.LTrue)
	for _, n := range []uint64{limit.Cur, limit.Max} {
		if n == ^uint64(0) {
			L.Push(lua.LString("unlimited"))
		} else {
			L.Push(lua.LNumber(n))
		}
	}
	return 3
}

// openSignal makes util.signal. Handlers are accepted and not called: signals are the server's.
func (l *library) openSignal(*lua.LState) lua.LValue {
	lib := l.table(map[string]lua.LGFunction{
		"signal": func(L *lua.LState) int {
			switch v := L.Get(1).(type) {
			case lua.LString:
				if _, ok := signals[string(v)]; !ok {
					L.RaiseError("invalid signal string")
				}
			default:
				L.CheckNumber(1)
			}
			L.Push(lua.LTrue)
			return 1
		},
		"raise": l.notHere("util.signal", "raise"),
		"kill":  l.notHere("util.signal", "kill"),
	})
	for name, n := range signals {
		lib.RawSetString(name, lua.LNumber(n))
	}
	return lib
}

var signals = map[string]syscall.Signal{
	"SIGABRT": syscall.SIGABRT, "SIGALRM": syscall.SIGALRM, "SIGCHLD": syscall.SIGCHLD, "SIGCONT": syscall.SIGCONT, "SIGHUP": syscall.SIGHUP,
	"SIGINT": syscall.SIGINT, "SIGKILL": syscall.SIGKILL, "SIGPIPE": syscall.SIGPIPE, "SIGQUIT": syscall.SIGQUIT, "SIGSTOP": syscall.SIGSTOP,
	"SIGTERM": syscall.SIGTERM, "SIGTSTP": syscall.SIGTSTP, "SIGUSR1": syscall.SIGUSR1, "SIGUSR2": syscall.SIGUSR2,
}
