package lualib

import (
	"context"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// timer is what add_task returns an id for.
type timer struct {
	callback, param lua.LValue
	id              *lua.LUserData
	clock           *time.Timer
	round           int // counts how often it was armed, so that a firing that was overtaken does nothing
	armed           bool
}

// openTimer makes util.timer: add_task(delay in seconds, f, param) calls f(now, id, param) on a chain of its own; a number that f returns
// arms it again.
func (l *library) openTimer(*lua.LState) lua.LValue {
	class := l.in.State().NewTable()
	class.RawSetString("__name", lua.LString("timer"))
	return l.table(map[string]lua.LGFunction{
		"add_task": func(L *lua.LState) int {
			delay := L.CheckNumber(1)
			t := &timer{callback: L.CheckAny(2), param: L.Get(3)}
			t.id = &lua.LUserData{Value: t, Metatable: class}
			l.arm(t, float64(delay))
			L.Push(t.id)
			return 1
		},
		"stop":       timerStop,
		"reschedule": l.timerReschedule,
	})
}

// timerOf is the timer of the id in the first argument, or nil: modules also stop what they never started.
func timerOf(L *lua.LState) *timer {
	u, ok := L.Get(1).(*lua.LUserData)
	if !ok {
		return nil
	}
	t, _ := u.Value.(*timer)
	return t
}

func (t *timer) disarm() {
	t.round++
	t.armed = false
	if t.clock != nil {
		t.clock.Stop()
	}
}

func (l *library) arm(t *timer, delay float64) {
	t.disarm()
	round := t.round
	t.armed = true
	t.clock = time.AfterFunc(duration(delay), func() { l.fireTimer(t, round) })
}

// duration of seconds; what is no positive number is none, what is too long is a century.
func duration(seconds float64) time.Duration {
	const century = 100 * 365 * 24 * time.Hour
	switch {
	case !(seconds > 0):
		return 0
	case seconds > century.Seconds():
		return century
	}
	return time.Duration(seconds * float64(time.Second))
}

func (l *library) fireTimer(t *timer, round int) {
	th := l.in.Enter(context.Background())
	defer th.Leave()
	if t.round != round {
		return
	}
	t.armed = false
	for _, v := range []lua.LValue{t.callback, lua.LNumber(now()), t.id, t.param} {
		th.L.Push(v)
	}
	if err := th.PCall(3, 1); err != nil {
		l.logError("timer failed", err)
		return
	}
	if again, ok := th.L.Get(-1).(lua.LNumber); ok && t.round == round {
		l.arm(t, float64(again))
	}
}

// timerStop gives whether the timer was waiting, and its function.
func timerStop(L *lua.LState) int {
	t := timerOf(L)
	if t == nil {
		return 0
	}
	waiting := t.armed
	t.disarm()
	if !waiting {
		return 0
	}
	L.Push(lua.LTrue)
	L.Push(t.callback)
	return 2
}

// timerReschedule: id, delay in seconds from now.
func (l *library) timerReschedule(L *lua.LState) int {
	delay := L.CheckNumber(2)
	if t := timerOf(L); t != nil && t.armed {
		l.arm(t, float64(delay))
	}
	L.SetTop(1)
	return 1
}
