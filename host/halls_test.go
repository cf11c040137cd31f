package host_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// halls is a plugin in Go that owns objects: halls, and the guests in them. Lua modules hold and change them. It is for tests.
type halls struct {
	m      sdk.Module
	kind   *sdk.ObjectType // of halls
	guests *sdk.ObjectType
	class  *hallClass

	mu     sync.Mutex // guards byName
	byName map[string]*hall
}

func newHalls() *halls {
	return &halls{
		kind: &sdk.ObjectType{Name: "hall", Lasting: true, Constants: []string{"jid"}, Properties: []string{"name", "_data", "_guests", "broken"},
			Methods: []string{"enter", "leave", "get_name", "each_guest", "refuse", "fail", "visit", "greet", "same"}},
		guests: &sdk.ObjectType{Name: "guest", Constants: []string{"nick"}, Properties: []string{"role"}, Methods: []string{"get_hall", "__tostring"}},
		byName: map[string]*hall{},
	}
}

func (p *halls) Load(_ context.Context, m sdk.Module) error {
	p.m, p.class = m, &hallClass{p: p, replaced: map[string]sdk.Function{}, own: map[string]sdk.Function{}}
	for name := range hallMethods {
		p.class.own[name] = sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
			return hallMethods[name](ctx, args[0].(*hall), args[1:])
		})
	}
	m.Hook("hall-please", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		results, err := ev.Get("hall").(*hall).Call(ctx, "enter", "b")
		return results != nil, err
	})
	m.Hook("hall-crowd", 0, p.crowd)
	return nil
}

// crowd lets guests in beside each other, each in a chain of its own.
func (p *halls) crowd(ctx context.Context, ev *sdk.Event) (any, error) {
	rounds, _ := ev.Get("rounds").(float64)
	var wg sync.WaitGroup
	failed := make(chan error, 2)
	for i := range 2 {
		wg.Go(func() {
			for range int(rounds) {
				if _, err := p.hall("great").Call(sdk.NewChain(ctx), "enter", fmt.Sprint("go ", i)); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	sdk.Wait(ctx, wg.Wait)
	select {
	case err := <-failed:
		return nil, err
	default:
		return true, nil
	}
}

// Export implements sdk.Exporter.
func (p *halls) Export(_ context.Context, name string) (any, error) {
	switch name {
	case "get_hall":
		return sdk.Func(func(_ context.Context, args ...any) ([]any, error) { return []any{p.hall(args[0].(string))}, nil }), nil
	case "hall_mt":
		return p.class, nil
	case "version":
		return 2.0, nil
	case "moody":
		return nil, stanza.NewError(stanza.PolicyViolation, "not today")
	}
	return nil, nil
}

func (p *halls) hall(jid string) *hall {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.byName[jid]
	if h == nil {
		h = &hall{p: p, jid: jid, replaced: map[string]sdk.Function{}, guests: map[string]*guest{}}
		h.data = sdk.NewTable(nil, map[string]any{"number": 1.0})
		p.byName[jid] = h
	}
	return h
}

// chainLock lets one chain in at a time, and that one again and again.
type chainLock struct {
	mu    sync.Mutex // guards the rest
	owner *sdk.Chain
	depth int
	free  chan struct{} // is closed when the owner goes
}

func (l *chainLock) lock(ctx context.Context) {
	for chain := sdk.ChainOf(ctx); !l.take(chain); {
		l.mu.Lock()
		free := l.free
		l.mu.Unlock()
		sdk.Wait(ctx, func() { <-free })
	}
}

func (l *chainLock) take(chain *sdk.Chain) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.depth > 0 && l.owner != chain {
		return false
	}
	if l.depth == 0 {
		l.owner, l.free = chain, make(chan struct{})
	}
	l.depth++
	return true
}

func (l *chainLock) unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.depth--; l.depth == 0 {
		l.owner = nil
		close(l.free)
	}
}

// hall is a Lasting object.
type hall struct {
	sdk.WithFace
	p    *halls
	jid  string
	lock chainLock // around everything else
	name string
	data *sdk.Table

	guests   map[string]*guest
	replaced map[string]sdk.Function
}

func (h *hall) Type() *sdk.ObjectType { return h.p.kind }

func (h *hall) Get(ctx context.Context, property string) (any, error) {
	h.lock.lock(ctx)
	defer h.lock.unlock()
	switch property {
	case "jid":
		return h.jid, nil
	case "name":
		return h.name, nil
	case "_data":
		return h.data, nil
	case "_guests":
		return &guestTable{h}, nil
	}
	if f := h.replaced[property]; f != nil {
		return f, nil
	}
	return h.p.class.Get(ctx, property)
}

func (h *hall) Set(ctx context.Context, property string, value any) error {
	h.lock.lock(ctx)
	defer h.lock.unlock()
	switch property {
	case "name":
		h.name, _ = value.(string)
		return nil
	case "greet":
		h.replaced[property], _ = value.(sdk.Function)
		return nil
	}
	return sdk.MethodError(h, property, sdk.ErrNoProperty)
}

func (h *hall) Call(ctx context.Context, method string, args ...any) ([]any, error) {
	h.lock.lock(ctx)
	defer h.lock.unlock()
	for _, replaced := range []map[string]sdk.Function{h.replaced, h.p.class.replaced} {
		if f := replaced[method]; f != nil {
			return f.Call(ctx, append([]any{h}, args...)...)
		}
	}
	own := hallMethods[method]
	if own == nil {
		return nil, sdk.MethodError(h, method, sdk.ErrNoMethod)
	}
	return own(ctx, h, args)
}

// Range implements sdk.Ranger.
func (h *hall) Range(ctx context.Context, f func(key, value any) bool) error {
	for _, name := range []string{"jid", "name", "_data"} {
		if v, _ := h.Get(ctx, name); !f(name, v) {
			break
		}
	}
	return nil
}

// hallMethods are the halls' own methods. They run under the hall's lock.
var hallMethods map[string]func(ctx context.Context, h *hall, args []any) ([]any, error)

func init() {
	hallMethods = map[string]func(ctx context.Context, h *hall, args []any) ([]any, error){
		"get_name": func(_ context.Context, h *hall, _ []any) ([]any, error) { return []any{h.name}, nil },
		"enter": func(ctx context.Context, h *hall, args []any) ([]any, error) {
			g := &guest{h: h, nick: args[0].(string), role: "visitor"}
			ev := sdk.NewEvent("hall-enter", "hall", h, "guest", g, "codes", sdk.NewTable(nil, map[string]any{"110": true}), "extra", nil)
			if len(args) > 1 {
				ev.Set("extra", args[1])
			}
			result, err := h.p.m.Fire(ctx, ev)
			if err != nil || result != nil {
				return []any{nil, result}, err
			}
			h.guests[g.nick] = g
			codes, err := sdk.Fields(ctx, ev.Get("codes"))
			return []any{g, slices.Sorted(maps.Keys(codes))}, err
		},
		"leave": func(_ context.Context, h *hall, args []any) ([]any, error) {
			delete(h.guests, args[0].(string))
			return nil, nil
		},
		"each_guest": func(_ context.Context, h *hall, _ []any) ([]any, error) {
			var rows sdk.Rows
			for _, nick := range slices.Sorted(maps.Keys(h.guests)) {
				rows = append(rows, []any{nick, h.guests[nick], h.guests[nick].role})
			}
			return []any{rows}, nil
		},
		"refuse": func(context.Context, *hall, []any) ([]any, error) {
			return []any{nil, stanza.NewError(stanza.NotAllowed, "no")}, nil
		},
		"fail": func(context.Context, *hall, []any) ([]any, error) { return nil, fmt.Errorf("the roof has come down") },
		// visit takes the halls in turn and fires an event in the last.
		"visit": func(ctx context.Context, h *hall, args []any) ([]any, error) {
			if len(args) > 0 {
				return args[0].(*hall).Call(ctx, "visit", args[1:]...)
			}
			return h.Call(ctx, "enter", "visitor")
		},
		"greet": func(ctx context.Context, h *hall, args []any) ([]any, error) {
			return []any{"Welcome to " + h.jid + ", " + args[0].(string)}, nil
		},
		"same": func(_ context.Context, _ *hall, args []any) ([]any, error) { return args, nil },
	}
}

// guest is an object that lives only as long as somebody holds it.
type guest struct {
	h          *hall
	nick, role string
}

func (g *guest) Type() *sdk.ObjectType { return g.h.p.guests }

func (g *guest) Get(_ context.Context, property string) (any, error) {
	switch property {
	case "nick":
		return g.nick, nil
	case "role":
		return g.role, nil
	}
	return nil, nil
}

func (g *guest) Set(_ context.Context, property string, value any) error {
	if role, ok := value.(string); ok && property == "role" {
		g.role = role
		return nil
	}
	return fmt.Errorf("a role is a string, not a %T", value)
}

func (g *guest) Call(_ context.Context, method string, _ ...any) ([]any, error) {
	switch method {
	case "get_hall":
		return []any{g.h}, nil
	case "__tostring":
		return []any{"guest " + g.nick}, nil
	}
	return nil, sdk.MethodError(g, method, sdk.ErrNoMethod)
}

// guestTable is hall._guests.
type guestTable struct{ h *hall }

var guestTableType = &sdk.ObjectType{Name: "guests", Open: true}

func (t *guestTable) Type() *sdk.ObjectType { return guestTableType }

func (t *guestTable) Get(ctx context.Context, nick string) (any, error) {
	t.h.lock.lock(ctx)
	defer t.h.lock.unlock()
	if g := t.h.guests[nick]; g != nil {
		return g, nil
	}
	return nil, nil
}

func (t *guestTable) Set(ctx context.Context, nick string, value any) error {
	t.h.lock.lock(ctx)
	defer t.h.lock.unlock()
	if value != nil {
		return sdk.MethodError(t, nick, sdk.ErrNoProperty)
	}
	delete(t.h.guests, nick)
	return nil
}

func (t *guestTable) Call(context.Context, string, ...any) ([]any, error) {
	return nil, sdk.ErrNoMethod
}

func (t *guestTable) Range(_ context.Context, f func(key, value any) bool) error {
	for _, nick := range slices.Sorted(maps.Keys(t.h.guests)) {
		if !f(nick, t.h.guests[nick]) {
			break
		}
	}
	return nil
}

// hallClass is the class of halls: greet may be replaced for all, other methods not.
type hallClass struct {
	p        *halls
	own      map[string]sdk.Function
	replaced map[string]sdk.Function
}

func (c *hallClass) Type() *sdk.ObjectType { return c.p.kind }

func (c *hallClass) Get(_ context.Context, name string) (any, error) {
	if f := c.replaced[name]; f != nil {
		return f, nil
	}
	if f := c.own[name]; f != nil {
		return f, nil
	}
	return nil, nil
}

func (c *hallClass) Set(_ context.Context, name string, value any) error {
	f, _ := value.(sdk.Function)
	switch {
	case name != "greet" && name != "get_name":
		return sdk.MethodError(c, name, sdk.ErrNoProperty)
	case f == nil || f == c.own[name]:
		delete(c.replaced, name)
	default:
		c.replaced[name] = f
	}
	return nil
}

func (c *hallClass) Call(_ context.Context, method string, _ ...any) ([]any, error) {
	return nil, sdk.MethodError(c, method, sdk.ErrNoMethod)
}

var (
	_ sdk.Exporter = (*halls)(nil)
	_ sdk.Ranger   = (*hall)(nil)
	_ sdk.Faced    = (*hall)(nil)
	_ sdk.Ranger   = (*guestTable)(nil)
)
