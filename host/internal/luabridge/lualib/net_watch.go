package lualib

import (
	"context"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// watchEvery is how often a watcher looks whether it is still wanted.
const watchEvery = 200 * time.Millisecond

// fdWatch is a file descriptor that Lua reads and writes itself: a table with methods, onreadable and onwritable.
type fdWatch struct {
	l     *library
	table *lua.LTable
	fd    int
	ended bool // touched under the interpreter's lock
}

// watchFD: descriptor, or an object with getfd, onreadable(self) or nil, onwritable(self) or nil → object with close.
func (l *library) watchFD(L *lua.LState) int {
	fd := -1
	switch v := L.Get(1).(type) {
	case lua.LNumber:
		fd = int(v)
	case *lua.LTable, *lua.LUserData:
		fd = int(lua.LVAsNumber(callField(L, v, "getfd", v)))
	}
	if fd < 0 {
		return pushFailure(L, "invalid fd")
	}
	w := &fdWatch{l: l, fd: fd}
	w.table = l.object(l.net.watchClass, w)
	w.table.RawSetString("onreadable", L.Get(2))
	w.table.RawSetString("onwritable", L.Get(3))
	l.net.watches[w] = true
	go w.run()
	L.Push(w.table)
	return 1
}

func (l *library) watchMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"close": func(L *lua.LState) int {
			self[*fdWatch](L, "watcher").end()
			return 0
		},
		"getfd": func(L *lua.LState) int {
			L.Push(lua.LNumber(self[*fdWatch](L, "watcher").fd))
			return 1
		},
	}
}

func (w *fdWatch) end() {
	w.ended = true
	delete(w.l.net.watches, w)
}

// run waits beside the interpreter and calls back within it.
func (w *fdWatch) run() {
	for {
		read, write, wanted := w.wants()
		if !wanted {
			return
		}
		if !read && !write { // poll would return at once if the other side has gone
			time.Sleep(watchEvery)
			continue
		}
		readable, writable, err := poll(w.fd, read, write, watchEvery)
		if err != nil {
			w.failed(err)
			return
		}
		if readable {
			w.call("onreadable")
		}
		if writable {
			w.call("onwritable")
		}
	}
}

// wants is what to wait for; not wanted when the watcher has been closed.
func (w *fdWatch) wants() (read, write, wanted bool) {
	t := w.l.in.Enter(context.Background())
	defer t.Leave()
	return lua.LVAsBool(w.table.RawGetString("onreadable")), lua.LVAsBool(w.table.RawGetString("onwritable")), !w.ended
}

func (w *fdWatch) failed(err error) {
	t := w.l.in.Enter(context.Background())
	defer t.Leave()
	if !w.ended {
		w.l.logError("watching a file descriptor failed", err)
		w.end()
	}
}

func (w *fdWatch) call(callback string) {
	t := w.l.in.Enter(context.Background())
	defer t.Leave()
	fn := w.table.RawGetString(callback)
	if w.ended || fn == lua.LNil {
		return
	}
	if _, err := w.l.in.PCall(t.L, fn, 0, w.table); err != nil {
		w.l.logError(callback+" of a file descriptor failed", err)
		w.end()
	}
}
