package luabridge

import (
	"context"
	"fmt"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func (b *Bridge) sendMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"send":      b.send,
		"broadcast": b.broadcast,
		"send_each": b.sendEach,
		"prepare":   b.prepare,
		"send_iq":   b.sendIQ,
	}
}

func (b *Bridge) checkStanza(L *lua.LState, n int) *stanza.Element {
	st, ok := b.stanzas.Element(L.Get(n))
	if !ok {
		L.ArgError(n, "stanza expected, got "+L.Get(n).Type().String())
	}
	return st
}

// origin is argument n as a session, nil for nil. A module's own table may be one.
func (b *Bridge) origin(L *lua.LState, n int) sdk.Session {
	return b.originOf(b.in.Context(L), L.Get(n))
}

// send: stanza, origin.
func (b *Bridge) send(L *lua.LState) int {
	o := b.module(L)
	return pushOutcome(L, o.m.Send(b.in.Context(L), b.origin(L, 3), b.checkStanza(L, 2)))
}

// broadcast: recipients, stanza, iterator, except. Without an iterator they are the values of the table; with one, the first of what it
// yields, or the second where the first is a number. The keys of except get nothing.
func (b *Bridge) broadcast(L *lua.LState) int {
	o, st := b.module(L), b.checkStanza(L, 3)
	var to []string
	if iterator, ok := L.Get(4).(*lua.LFunction); ok {
		to = b.recipients(L, iterator)
	} else {
		to = b.values(L.CheckTable(2))
	}
	if except, ok := L.Get(5).(*lua.LTable); ok {
		to = slices.DeleteFunc(to, func(jid string) bool { return except.RawGetString(jid) != lua.LNil })
	}
	if err := o.m.Broadcast(b.in.Context(L), to, st); err != nil {
		raise(L, err)
	}
	L.Push(lua.LNumber(len(to)))
	return 1
}

// values are those of a table as strings.
func (b *Bridge) values(t *lua.LTable) (list []string) {
	if _, ok := compat.ObjectOf(t); ok {
		for _, v := range b.fields(t) {
			list = append(list, lua.LVAsString(v))
		}
		return list
	}
	list = make([]string, 0, t.Len())
	compat.Values(t, func(v lua.LValue) { list = append(list, lua.LVAsString(v)) })
	return list
}

// sendEach: list of stanzas, recipient. What somebody gets many of, such as who else is in a room, is handed over at once. They need not be addressed
// and may be sent again; what is sent again and again is prepared once.
func (b *Bridge) sendEach(L *lua.LState) int {
	o, stanzas, to := b.module(L), L.CheckTable(2), L.CheckString(3)
	list := make([]*stanza.Printed, 0, stanzas.Len())
	for i := 1; ; i++ {
		v := stanzas.RawGetInt(i)
		if v == lua.LNil || v == nil {
			break
		}
		p := b.printed(v)
		if p == nil {
			L.ArgError(2, fmt.Sprintf("stanzas expected, got a %s at %d", v.Type(), i))
		}
		list = append(list, p)
	}
	if err := o.m.SendEach(b.in.Context(L), to, slices.Values(list)); err != nil {
		raise(L, err)
	}
	return 0
}

// printed is a stanza for sendEach, or one that has been prepared; nil for anything else.
func (b *Bridge) printed(v lua.LValue) *stanza.Printed {
	if u, ok := v.(*lua.LUserData); ok {
		f, _ := u.Value.(foreign)
		p, _ := f.v.(*stanza.Printed)
		return p
	}
	if st, ok := b.stanzas.Element(v); ok {
		return stanza.Print(st)
	}
	return nil
}

// prepare: stanza → what sendEach takes in its place.
func (b *Bridge) prepare(L *lua.LState) int {
	b.module(L)
	L.Push(b.opaque(stanza.Print(b.checkStanza(L, 2))))
	return 1
}

// recipients runs iterator(recipients) as a generic for does.
func (b *Bridge) recipients(L *lua.LState, iterator *lua.LFunction) (to []string) {
	L.Push(iterator)
	L.Push(L.Get(2))
	L.Call(1, 3)
	return b.iterate(L)
}

// sendIQ: stanza, origin, timeout in seconds → promise of the event of the reply.
func (b *Bridge) sendIQ(L *lua.LState) int {
	o, st, origin := b.module(L), b.checkStanza(L, 2), b.origin(L, 3)
	timeout := time.Duration(float64(L.OptNumber(4, 0)) * float64(time.Second))
	promise, resolve, reject := b.newPromise(L)
	ctx := b.in.Context(L)
	o.m.SendIQ(ctx, origin, st, timeout, func(ctx context.Context, reply *sdk.Event, err error) {
		t := b.in.Enter(ctx)
		defer t.Leave()
		var failure error
		if err != nil {
			failure = b.call(t, reject, b.errorOf(t, err))
		} else {
			failure = b.call(t, resolve, b.eventValue(reply))
		}
		if failure != nil {
			logFailure(o.m.Logger(), "reply to an IQ", failure)
		}
	})
	L.Push(promise)
	return 1
}

func (b *Bridge) call(t *compat.Thread, fn lua.LValue, args ...lua.LValue) error {
	t.L.Push(fn)
	for _, a := range args {
		t.L.Push(a)
	}
	return t.PCall(len(args), 0)
}

// newPromise makes a util.promise with the functions that settle it.
func (b *Bridge) newPromise(L *lua.LState) (promise, resolve, reject lua.LValue) {
	executor := L.NewFunction(func(L *lua.LState) int {
		resolve, reject = L.Get(1), L.Get(2)
		return 0
	})
	results, err := b.in.PCall(L, L.GetField(b.require(L, "util.promise"), "new"), 1, executor)
	if err != nil {
		L.RaiseError("%s", err.Error())
	}
	return results[0], resolve, reject
}

// errorOf is an error as a util.error object: type, condition, text.
func (b *Bridge) errorOf(t *compat.Thread, err error) lua.LValue {
	e, ok := err.(*stanza.Error)
	if !ok {
		e = &stanza.Error{Type: "cancel", Condition: "internal-server-error", Text: err.Error()}
	}
	t.L.Push(t.L.GetField(b.require(t.L, "util.error"), "new"))
	spec := b.errorValue(e)
	t.L.Push(spec)
	if err := t.PCall(1, 1); err != nil {
		return spec
	}
	return t.L.Get(-1)
}

// errorValue is a stanza error as a plain table.
func (b *Bridge) errorValue(e *stanza.Error) lua.LValue {
	spec := b.in.State().CreateTable(0, fewFields)
	spec.RawSetString("type", lua.LString(e.Type))
	spec.RawSetString("condition", lua.LString(e.Condition))
	if e.Text != "" {
		spec.RawSetString("text", lua.LString(e.Text))
	}
	return spec
}
