package sdk

import (
	"context"

	"quatrain/xmpp/stanza"
)

// Event is what handlers are given. Origin, Stanza and ToSelf are set for stanza events and may be nil; everything else is a named
// value (Get, Set). Handlers may change all of it, and later handlers and whoever fired the event see the change.
//
// Values that cross runtimes are: nil, bool, float64, string, []any, map[string]any, *stanza.Element, *stanza.Error, Session, Object,
// Function and Rows. Lists and maps are copied on the way, the others are not. A table of a Lua module is an Object that is Open; Items,
// Fields, Field and their like read lists, maps and such objects alike. A value that handlers are to change is a Table.
type Event struct {
	Name   string
	Origin Session
	Stanza *stanza.Element
	ToSelf bool

	values Values
	late   Finisher
}

// Values are the named values of an event. A runtime may back them with a table of its own (Event.Adopt).
type Values interface {
	Get(name string) any
	Set(name string, value any)
	// Each calls f for every value until f returns false.
	Each(f func(name string, value any) bool)
}

// FurtherValues are values of which some are not listed by Each, since a script makes them when they are asked for.
type FurtherValues interface {
	Values
	// Further is the object that Get asks for those; nil if there are none.
	Further() Object
}

// NewEvent makes an event with named values given as name, value pairs.
func NewEvent(name string, pairs ...any) *Event {
	ev := &Event{Name: name}
	if len(pairs) > 0 {
		ev.values = &namedValues{list: make([]namedValue, 0, len(pairs)/2+1)}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		ev.Set(pairs[i].(string), pairs[i+1])
	}
	return ev
}

// StanzaEvent makes the event of a stanza that origin sent.
func StanzaEvent(name string, origin Session, st *stanza.Element) *Event {
	return &Event{Name: name, Origin: origin, Stanza: st}
}

// Get is the named value, nil if there is none.
func (ev *Event) Get(name string) any {
	if ev.values == nil {
		return nil
	}
	return ev.values.Get(name)
}

// String is Get for a string; "" if the value is absent or something else.
func (ev *Event) String(name string) string {
	s, _ := ev.Get(name).(string)
	return s
}

// Bool is Get for a boolean; false if the value is absent or something else.
func (ev *Event) Bool(name string) bool {
	b, _ := ev.Get(name).(bool)
	return b
}

// Set gives the event a named value.
func (ev *Event) Set(name string, value any) {
	if ev.values == nil {
		ev.values = &namedValues{}
	}
	ev.values.Set(name, value)
}

// Values are the named values, nil if the event never had one.
func (ev *Event) Values() Values { return ev.values }

// Adopt replaces the storage of the named values. A runtime that shows the event to its handlers as a table of its own copies the
// values there and adopts the table, so that both sides go on seeing one event.
func (ev *Event) Adopt(v Values) { ev.values = v }

// As is the same event under another name: the values are shared, Origin and Stanza are those of now. It cannot be deferred.
func (ev *Event) As(name string) *Event {
	if ev.values == nil {
		ev.values = &namedValues{}
	}
	other := *ev
	other.Name, other.late = name, nil
	return &other
}

// namedValues are values in the order in which they were first set. Most events have a few, which are found faster one after the other than in
// a map.
type namedValues struct {
	list  []namedValue
	index map[string]int // into list; nil as long as there are few
}

type namedValue struct {
	name  string
	value any
}

// fewValues is up to how many values are looked for one after the other.
const fewValues = 16

func (n *namedValues) find(name string) (at int, ok bool) {
	if n.index != nil {
		at, ok = n.index[name]
		return at, ok
	}
	for i := range n.list {
		if n.list[i].name == name {
			return i, true
		}
	}
	return 0, false
}

func (n *namedValues) Get(name string) any {
	if at, ok := n.find(name); ok {
		return n.list[at].value
	}
	return nil
}

func (n *namedValues) Set(name string, value any) {
	if at, ok := n.find(name); ok {
		n.list[at].value = value
		return
	}
	n.list = append(n.list, namedValue{name, value})
	switch {
	case n.index != nil:
		n.index[name] = len(n.list) - 1
	case len(n.list) > fewValues:
		n.index = make(map[string]int, len(n.list))
		for i := range n.list {
			n.index[n.list[i].name] = i
		}
	}
}

func (n *namedValues) Each(f func(string, any) bool) {
	for i := range n.list {
		if !f(n.list[i].name, n.list[i].value) {
			return
		}
	}
}

// Handler answers an event. A result other than nil (false, too) stops the event and is what Fire returns; by convention true means
// "handled, the sender has been answered". An error ends this handler only: it is logged, and the hook's OnError decides about the event.
// A *stanza.Error is no failure but what the sender is to be told, and is not logged.
type Handler func(ctx context.Context, ev *Event) (any, error)

// Wrapper surrounds the handling of an event: it decides whether and how to call next.
type Wrapper func(ctx context.Context, ev *Event, next Handler) (any, error)

// OnError says what becomes of an event whose handler failed.
type OnError int

const (
	// Reject ends the event; Fire returns the error, and a stanza is answered internal-server-error.
	Reject OnError = iota
	// Continue goes on with the next handler.
	Continue
)

// Hook is one registration on a bus.
type Hook struct {
	Event    string
	Priority float64 // higher runs first; equal priorities run in order of hooking
	Handler  Handler
	Plugin   string // for logs and listings
	OnError  OnError
	// Delivery marks the core's own last step for a stanza. While an event has no other hooks, fan-out skips the bus and delivers.
	Delivery bool
	// Order is given by the bus: a later hook has a greater one.
	Order uint64
	// Tag lets an adapter that registered the hook recognise it; nil for others.
	Tag any
}

// Before tells whether h runs before other, of the same event.
func (h Hook) Before(other Hook) bool {
	if h.Priority != other.Priority {
		return h.Priority > other.Priority
	}
	return h.Order < other.Order
}

// Bus carries the events of one host, or the global ones. The handler list of a firing is fixed when it begins. No lock is held while
// handlers run. Safe for concurrent use.
type Bus interface {
	// Has tells whether anybody would see the event: the cheap question to ask before building one.
	Has(event string) bool
	// Add registers a hook; remove undoes it and may be called more than once.
	Add(h Hook) (remove func())
	// Wrap surrounds one event, or all events if event is "". Wrappers of an event run first, the newest outermost.
	Wrap(event, plugin string, w Wrapper) (remove func())
	// Fire runs the handlers of ev.Name. The error is that of a failed handler whose hook rejects.
	Fire(ctx context.Context, ev *Event) (any, error)
	// FirePart is Fire for the hooks that pick chooses, without wrappers: for whoever runs the others himself.
	FirePart(ctx context.Context, ev *Event, pick func(h Hook) bool) (any, error)
	// Hooks lists the hooks of an event in the order they run, or of all events if event is "".
	Hooks(event string) []Hook
	// Watch calls f with the hooks of an event in the order they run, and whether the event has wrappers: at once, and after each change,
	// in order. f must not use the bus and must not block.
	Watch(event string, f func(hooks []Hook, wrapped bool)) (stop func())
	// SetTracer installs a function that is called instead of each handler and is expected to call it; nil removes it.
	SetTracer(t Tracer)
}

// DirectBus is a Bus that shows how an event runs, for a runtime that calls handlers of its own without leaving itself.
type DirectBus interface {
	Bus
	// Direct are the hooks of an event in the order they run. It is not ok if firing it is more than that: with wrappers, or a tracer. The list
	// must not be changed.
	Direct(event string) (hooks []Hook, ok bool)
	// Run runs some of them as Fire does.
	Run(ctx context.Context, ev *Event, hooks []Hook) (any, error)
	// Failed logs the failure of a handler as Fire does. It is what that means for the event: an error ends it.
	Failed(h *Hook, err error) error
}

// Tracer is called in place of every handler of a bus.
type Tracer func(ctx context.Context, ev *Event, h Handler) (any, error)
