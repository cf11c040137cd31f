package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// promises is the state of util.promise.
type promises struct {
	class *lua.LTable
	ticks ticks
}

// openPromise makes util.promise. The tick function that set_nexttick takes is not needed: ticks have a queue of their own.
func (l *library) openPromise(L *lua.LState) lua.LValue {
	l.promiseClass()
	return l.table(map[string]lua.LGFunction{
		"new":          l.promiseNew,
		"resolve":      l.promiseResolve,
		"reject":       l.promiseReject,
		"all":          func(L *lua.LState) int { return l.promiseCollect(L, l.collectAll) },
		"all_settled":  func(L *lua.LState) int { return l.promiseCollect(L, l.collectSettled) },
		"any":          l.promiseAny,
		"race":         l.promiseRace,
		"join":         l.promiseJoin,
		"try":          l.promiseTry,
		"set_nexttick": func(*lua.LState) int { return 0 },
		"is_promise": func(L *lua.LState) int {
			L.Push(lua.LBool(l.promiseOf(L.Get(1)) != nil))
			return 1
		},
	})
}

// promiseClass makes the metatable of promises, which util.async needs too.
func (l *library) promiseClass() {
	if l.promise.class != nil {
		return
	}
	l.promise.class = l.class("promise", map[string]lua.LGFunction{
		"next": func(L *lua.LState) int {
			return l.pushPromise(L, l.then(self[*promise](L, "promise"), L.Get(2), L.Get(3)))
		},
		"catch": func(L *lua.LState) int {
			return l.pushPromise(L, l.then(self[*promise](L, "promise"), lua.LNil, L.Get(2)))
		},
		"finally": l.promiseFinally,
	})
	l.promise.class.RawSetString("__tostring", l.in.State().NewFunction(promiseString))
}

func (l *library) pushPromise(L *lua.LState, p *promise) int {
	L.Push(p.table)
	return 1
}

func (l *library) promiseNew(L *lua.LState) int {
	p := l.newPromise()
	if isTrue(L, 1) {
		l.construct(L, p, L.Get(1))
	}
	return l.pushPromise(L, p)
}

func (l *library) promiseResolve(L *lua.LState) int {
	p := l.newPromise()
	l.resolve(p, L.Get(1))
	return l.pushPromise(L, p)
}

func (l *library) promiseReject(L *lua.LState) int {
	p := l.newPromise()
	l.settle(p, rejected, L.Get(1))
	return l.pushPromise(L, p)
}

// promiseTry is the promise of what a function returns.
func (l *library) promiseTry(L *lua.LState) int {
	p := l.newPromise()
	l.resolve(p, lua.LNil)
	fn := L.Get(1)
	return l.pushPromise(L, l.then(p, L.NewFunction(func(L *lua.LState) int {
		L.Push(call1(L, fn))
		return 1
	}), lua.LNil))
}

// promiseFinally: the function is called without arguments, and its error alone counts.
func (l *library) promiseFinally(L *lua.LState) int {
	p, fn := self[*promise](L, "promise"), L.Get(2)
	result := l.newPromise()
	l.react(p, func(L *lua.LState, state string, value lua.LValue) {
		if _, err := l.in.PCall(L, fn, 0); err != nil {
			state, value = rejected, errorValue(err)
		}
		l.settle(result, state, value)
	})
	return l.pushPromise(L, result)
}

// promiseRace follows the first promise of a list that is settled.
func (l *library) promiseRace(L *lua.LState) int {
	result := l.newPromise()
	for _, v := range list(L, L.CheckTable(1)) {
		p := l.promiseOf(v)
		if p == nil {
			l.settle(result, fulfilled, v)
			break
		}
		l.react(p, func(_ *lua.LState, state string, value lua.LValue) { l.settle(result, state, value) })
	}
	return l.pushPromise(L, result)
}

// promiseJoin: function, promises. It is the promise of what the function makes of all their values.
func (l *library) promiseJoin(L *lua.LState) int {
	fn, n := L.Get(1), L.GetTop()-1
	all := L.NewTable()
	for i := 1; i <= n; i++ {
		all.RawSetInt(i, L.Get(i+1))
	}
	values := l.newPromise()
	if c := l.collect(L, all, values, l.collectAll); c.waiting == 0 {
		l.settle(values, fulfilled, c.values)
	}
	return l.pushPromise(L, l.then(values, L.NewFunction(func(L *lua.LState) int {
		results := L.CheckTable(1)
		args := make([]lua.LValue, n)
		for i := range args {
			args[i] = results.RawGetInt(i + 1)
		}
		L.Push(call1(L, fn, args...))
		return 1
	}), lua.LNil))
}
