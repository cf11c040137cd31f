package luabridge

import (
	"context"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

func (b *Bridge) timerMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"add_timer": b.addTimer,
		"cron":      func(L *lua.LState) int { return b.task(L, L.CheckTable(2)) },
		"hourly":    b.periodic("hourly"),
		"daily":     b.periodic("daily"),
		"weekly":    b.periodic("weekly"),
	}
}

func seconds(n lua.LNumber) time.Duration { return time.Duration(float64(n) * float64(time.Second)) }

// addTimer: delay in seconds, function(now, …), arguments. A number that the function returns arms the timer again.
func (b *Bridge) addTimer(L *lua.LState) int {
	o, delay, fn := b.module(L), L.CheckNumber(2), L.CheckFunction(3)
	var args []lua.LValue
	for i := 4; i <= L.GetTop(); i++ {
		args = append(args, L.Get(i))
	}
	L.Push(b.timerValue(b.startTimer(o, delay, fn, args)))
	return 1
}

func (b *Bridge) startTimer(o *moduleObject, delay lua.LNumber, fn *lua.LFunction, args []lua.LValue) sdk.Timer {
	return o.m.AddTimer(seconds(delay), func(ctx context.Context) time.Duration {
		t := b.in.Enter(ctx)
		defer t.Leave()
		if o.ended { // while this waited for the interpreter
			return 0
		}
		t.L.Push(fn)
		t.L.Push(fromTime(time.Now()))
		for _, a := range args {
			t.L.Push(a)
		}
		if err := t.PCall(1+len(args), 1); err != nil {
			logFailure(o.m.Logger(), "timer failed", err)
			return 0
		}
		if again, ok := t.L.Get(-1).(lua.LNumber); ok {
			return max(seconds(again), time.Nanosecond)
		}
		return 0
	})
}

// timerValue is the handle: stop, disarm, reschedule(delay).
func (b *Bridge) timerValue(timer sdk.Timer) *lua.LTable {
	stop := func(*lua.LState) int {
		timer.Stop()
		return 0
	}
	return b.table(map[string]lua.LGFunction{
		"stop":   stop,
		"disarm": stop,
		"reschedule": func(L *lua.LState) int {
			timer.Reschedule(seconds(L.CheckNumber(2)))
			return 0
		},
	})
}

// periodic: name, function; or only the function.
func (b *Bridge) periodic(when string) lua.LGFunction {
	return func(L *lua.LState) int {
		spec := L.NewTable()
		name, run := L.Get(2), L.Get(3)
		if f, ok := name.(*lua.LFunction); ok {
			name, run = lua.LString(when), f
		}
		spec.RawSetString("name", name)
		spec.RawSetString("when", lua.LString(when))
		spec.RawSetString("run", run)
		return b.task(L, spec)
	}
}

// task adds a job for the cron plugin.
func (b *Bridge) task(L *lua.LState, spec *lua.LTable) int {
	o := b.module(L)
	if _, err := o.m.Depends(b.in.Context(L), "cron", true); err != nil {
		L.RaiseError("%s", err.Error())
	}
	b.addItem(L, o, "task", spec)
	return 0
}
