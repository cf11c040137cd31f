package luabridge

import (
	"context"
	"errors"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// AuthProvider is the item of kind auth-provider that a Lua module added: a table of functions about the accounts of its host.
type AuthProvider struct {
	b     *Bridge
	table *lua.LTable
	name  string
}

// namedTable is the table behind an item that a Lua module added, with its name; nil if the item is no table with a name.
func namedTable(item any) (t *lua.LTable, name string) {
	o, ok := item.(*tableObject)
	if !ok {
		return nil, ""
	}
	s, ok := o.t.RawGetString("name").(lua.LString)
	if !ok {
		return nil, ""
	}
	return o.t, string(s)
}

// AuthProvider is the provider behind an item, nil if the item is no Lua table with a name.
func (b *Bridge) AuthProvider(item any) *AuthProvider {
	t, name := namedTable(item)
	if t == nil {
		return nil
	}
	b.completeProvider(t)
	return &AuthProvider{b, t, name}
}

// function is one of the provider's functions; ok is false if it has none of the name.
func (p *AuthProvider) function(L *lua.LState, name string) (fn *lua.LFunction, ok bool) {
	fn, ok = L.GetField(p.table, name).(*lua.LFunction)
	return fn, ok && fn != p.b.notImplemented
}

// Name is what the option "authentication" says.
func (p *AuthProvider) Name() string { return p.name }

// refusal is nil and a reason, as functions of modules return them.
type refusal struct{ reason string }

func (r *refusal) Error() string { return r.reason }

// IsRefusal tells whether an error of Call is what the module returned, not one that it raised.
func IsRefusal(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}

// Call calls one of the provider's functions with strings, numbers or booleans and returns its first result. ok is false if it has none of
// the name. Nil and a reason from the module is an error.
func (p *AuthProvider) Call(ctx context.Context, function string, args ...any) (result any, ok bool, err error) {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	fn, ok := p.function(t.L, function)
	if !ok {
		return nil, false, nil
	}
	t.L.Push(fn)
	for _, a := range args {
		t.L.Push(p.b.toLua(a))
	}
	if err := t.PCall(len(args), 2); err != nil {
		return nil, true, err
	}
	return p.b.toGo(t.L.Get(-2)), true, p.b.refused(t)
}

// refused is the reason on top of the stack, if there is nothing below it.
func (b *Bridge) refused(t *compat.Thread) error {
	if lua.LVAsBool(t.L.Get(-2)) || t.L.Get(-1) == lua.LNil {
		return nil
	}
	return &refusal{b.show(t.L, t.L.Get(-1))}
}

// Users are the names that the provider's users() iterates over; ok is false if it has no such function.
func (p *AuthProvider) Users(ctx context.Context) (names []string, ok bool, err error) {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	fn, ok := p.function(t.L, "users")
	if !ok {
		return nil, false, nil
	}
	collect := t.L.NewFunction(func(L *lua.LState) int {
		L.Push(fn)
		L.Call(0, 3)
		names = p.b.iterate(L)
		return 0
	})
	t.L.Push(collect)
	return names, true, t.PCall(0, 0)
}

// iterate goes through the iterator whose three values are on top of the stack, as a generic for does, and takes them off.
func (b *Bridge) iterate(L *lua.LState) (values []string) {
	next, state, control := L.Get(-3), L.Get(-2), L.Get(-1)
	L.Pop(3)
	for {
		L.Push(next)
		L.Push(state)
		L.Push(control)
		L.Call(2, 2)
		k, v := L.Get(-2), L.Get(-1)
		L.Pop(2)
		if k == lua.LNil {
			return values
		}
		control = k
		if s, ok := k.(lua.LString); ok {
			values = append(values, string(s))
		} else {
			values = append(values, lua.LVAsString(v))
		}
	}
}

// SASL is what the provider's get_sasl_handler(session) gives.
func (p *AuthProvider) SASL(ctx context.Context, s sdk.Session) (*SASLHandler, error) {
	t := p.b.in.Enter(ctx)
	defer t.Leave()
	fn, ok := p.function(t.L, "get_sasl_handler")
	if !ok {
		return nil, errors.New("the provider of accounts has no get_sasl_handler")
	}
	t.L.Push(fn)
	t.L.Push(p.b.sessionValue(s))
	if err := t.PCall(1, 1); err != nil {
		return nil, err
	}
	h, ok := t.L.Get(-1).(*lua.LTable)
	if !ok {
		return nil, errors.New("get_sasl_handler gave no handler")
	}
	handler := &SASLHandler{b: p.b, t: h}
	if err := handler.offerBinding(t); err != nil {
		return nil, err
	}
	return handler, handler.ask(ctx)
}
