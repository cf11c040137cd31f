package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// collection waits for several promises, whose results it gathers in a table under the same keys.
type collection struct {
	result  *promise
	values  *lua.LTable
	waiting int
}

// collector takes one settled promise into a collection.
type collector func(c *collection, key lua.LValue, state string, value lua.LValue)

func (l *library) promiseCollect(L *lua.LState, take collector) int {
	p := l.newPromise()
	if c := l.collect(L, L.CheckTable(1), p, take); c.waiting == 0 {
		l.settle(p, fulfilled, c.values)
	}
	return l.pushPromise(L, p)
}

// collect has a collector take each promise of a table as it is settled. Other values are gathered as they are.
func (l *library) collect(L *lua.LState, promises *lua.LTable, result *promise, take collector) *collection {
	c := &collection{result: result, values: L.NewTable()}
	for k, v := range fields(L, promises) {
		p := l.promiseOf(v)
		if p == nil {
			c.values.RawSet(k, v)
			continue
		}
		c.waiting++
		l.react(p, func(_ *lua.LState, state string, value lua.LValue) {
			c.waiting--
			take(c, k, state, value)
		})
	}
	return c
}

func (l *library) done(c *collection, state string) {
	if c.waiting == 0 {
		l.settle(c.result, state, c.values)
	}
}

func (l *library) collectAll(c *collection, key lua.LValue, state string, value lua.LValue) {
	if state == rejected {
		l.settle(c.result, rejected, value)
		return
	}
	c.values.RawSet(key, value)
	l.done(c, fulfilled)
}

func (l *library) collectSettled(c *collection, key lua.LValue, state string, value lua.LValue) {
	t := l.in.State().NewTable()
	t.RawSetString("status", lua.LString(state))
	if state == fulfilled {
		t.RawSetString("value", value)
	} else {
		t.RawSetString("reason", value)
	}
	c.values.RawSet(key, t)
	l.done(c, fulfilled)
}

// promiseAny follows the first promise of a table that is fulfilled; if none is, the reasons are gathered under the same keys.
func (l *library) promiseAny(L *lua.LState) int {
	p, promises := l.newPromise(), L.CheckTable(1)
	for _, v := range fields(L, promises) {
		if l.promiseOf(v) == nil {
			l.settle(p, fulfilled, v)
			return l.pushPromise(L, p)
		}
	}
	if l.collect(L, promises, p, l.collectAny).waiting == 0 {
		l.settle(p, rejected, L.NewTable())
	}
	return l.pushPromise(L, p)
}

func (l *library) collectAny(c *collection, key lua.LValue, state string, value lua.LValue) {
	if state == fulfilled {
		l.settle(c.result, fulfilled, value)
		return
	}
	c.values.RawSet(key, value)
	l.done(c, rejected)
}
