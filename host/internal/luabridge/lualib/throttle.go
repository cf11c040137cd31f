package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// openThrottle makes util.throttle: create(max, period in seconds) is a token bucket that refills max in a period. Its state is in
// fields (max, rate, balance, t) that modules read and write.
func (l *library) openThrottle(*lua.LState) lua.LValue {
	mt := l.class("throttle", map[string]lua.LGFunction{
		"update": func(L *lua.LState) int {
			L.Push(lua.LNumber(refill(L, L.CheckTable(1))))
			return 1
		},
		"peek": func(L *lua.LState) int {
			L.Push(lua.LBool(affordable(L, L.CheckTable(1), L.OptNumber(2, 1))))
			return 1
		},
		"poll": throttlePoll,
	})
	mt.RawSetString("__name", lua.LNil)
	return l.table(map[string]lua.LGFunction{"create": func(L *lua.LState) int {
		most, period := L.CheckNumber(1), L.CheckNumber(2)
		t := L.CreateTable(0, 4)
		t.RawSetString("rate", most/period)
		t.RawSetString("max", most)
		t.RawSetString("t", lua.LNumber(now()))
		t.RawSetString("balance", most)
		t.Metatable = mt
		L.Push(t)
		return 1
	}})
}

func numberField(L *lua.LState, t *lua.LTable, name string) float64 {
	n, ok := t.RawGetString(name).(lua.LNumber)
	if !ok {
		L.RaiseError("field %q of a throttle is a %s", name, t.RawGetString(name).Type())
	}
	return float64(n)
}

// refill adds what came in since the last time and returns the balance.
func refill(L *lua.LState, t *lua.LTable) float64 {
	at := now()
	balance := numberField(L, t, "balance") + numberField(L, t, "rate")*(at-numberField(L, t, "t"))
	balance = min(balance, numberField(L, t, "max"))
	t.RawSetString("t", lua.LNumber(at))
	t.RawSetString("balance", lua.LNumber(balance))
	return balance
}

func affordable(L *lua.LState, t *lua.LTable, cost lua.LNumber) bool {
	return numberField(L, t, "balance") >= float64(cost) || refill(L, t) >= float64(cost)
}

// throttlePoll: cost, whether to take what is left if it is not enough. It gives true; or false, the balance, and what was missing.
func throttlePoll(L *lua.LState) int {
	t, cost := L.CheckTable(1), L.OptNumber(2, 1)
	if affordable(L, t, cost) {
		t.RawSetString("balance", lua.LNumber(numberField(L, t, "balance"))-cost)
		L.Push(lua.LTrue)
		return 1
	}
	balance := lua.LNumber(numberField(L, t, "balance"))
	if isTrue(L, 3) {
		t.RawSetString("balance", lua.LNumber(0))
	}
	L.Push(lua.LFalse)
	L.Push(balance)
	L.Push(cost - balance)
	return 3
}
