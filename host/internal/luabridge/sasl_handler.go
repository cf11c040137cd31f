package luabridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// SASLHandler is one attempt to log in that a Lua handler (util.sasl) serves. Errors of Process are *SASLFailure, or what the handler
// raised.
type SASLHandler struct {
	b          *Bridge
	t          *lua.LTable
	mechanisms []string
	chosen     string
	selected   bool // the Lua handler knows what was chosen
	username   string
	binding    struct {
		kind string
		data []byte
	}
}

// channelBinding is the only kind that the server knows.
const channelBinding = "tls-exporter"

// boundTo is where the table of a handler has the SASLHandler that knows the channel.
const boundTo = "_server"

// offerBinding tells a Lua handler how to learn what the channel gives, if it wants to know.
func (h *SASLHandler) offerBinding(t *compat.Thread) error {
	add, err := h.b.field(t, h.t, lua.LString("add_cb_handler"))
	if err != nil || add == lua.LNil {
		return err
	}
	h.t.RawSetString(boundTo, &lua.LUserData{Value: h, Metatable: lua.LNil})
	t.L.Push(add)
	t.L.Push(h.t)
	t.L.Push(lua.LString(channelBinding))
	t.L.Push(t.L.NewFunction(bindingData))
	return t.PCall(3, 0)
}

// bindingData: handler → the data of its channel, nil if it cannot be bound.
func bindingData(L *lua.LState) int {
	L.Push(lua.LNil)
	t, ok := L.Get(1).(*lua.LTable)
	if !ok {
		return 1
	}
	if u, ok := t.RawGetString(boundTo).(*lua.LUserData); ok {
		if h, ok := u.Value.(*SASLHandler); ok && len(h.binding.data) > 0 {
			L.Push(lua.LString(h.binding.data))
		}
	}
	return 1
}

// Bind makes the mechanisms available that bind an exchange to the TLS connection; without data they are not.
func (h *SASLHandler) Bind(kind string, data []byte) {
	h.binding.kind, h.binding.data = kind, data
}

const plusSuffix = "-PLUS"

// SASLFailure is what the peer is told: a condition of RFC 6120 §6.5 and a text, which may be "".
type SASLFailure struct{ Condition, Text string }

func (f *SASLFailure) Error() string { return f.Condition }

// SASLFailure is the condition and the text.
func (f *SASLFailure) SASLFailure() (condition, text string) { return f.Condition, f.Text }

// call calls a method and returns three results.
func (h *SASLHandler) call(ctx context.Context, method string, args ...lua.LValue) ([]lua.LValue, error) {
	t := h.b.in.Enter(ctx)
	defer t.Leave()
	fn, err := h.b.field(t, h.t, lua.LString(method))
	if err != nil {
		return nil, err
	}
	return h.b.in.Call(ctx, fn, 3, append([]lua.LValue{h.t}, args...)...)
}

// strength orders the mechanisms that handlers are known to have; unknown ones go last.
var strength = []string{"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "EXTERNAL", "OAUTHBEARER", "PLAIN", "ANONYMOUS"}

// ask learns the mechanisms of handler:mechanisms(), a set, the strongest first.
func (h *SASLHandler) ask(ctx context.Context) error {
	results, err := h.call(ctx, "mechanisms")
	if err != nil {
		return err
	}
	set, ok := results[0].(*lua.LTable)
	if !ok {
		return errors.New("a SASL handler has no mechanisms")
	}
	t := h.b.in.Enter(ctx)
	defer t.Leave()
	for name := range h.b.fields(set) {
		h.mechanisms = append(h.mechanisms, lua.LVAsString(name))
	}
	slices.SortFunc(h.mechanisms, func(a, b string) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(a, b)) })
	return nil
}

// Mechanisms are those the peer may choose from, the strongest first.
func (h *SASLHandler) Mechanisms() []string {
	if h.binding.kind == channelBinding && len(h.binding.data) > 0 {
		return h.mechanisms
	}
	return slices.DeleteFunc(slices.Clone(h.mechanisms), func(name string) bool { return strings.HasSuffix(name, plusSuffix) })
}

// rank is the place of a mechanism by its strength; those that are bound go first.
func rank(mechanism string) int {
	name, plus := strings.CutSuffix(mechanism, plusSuffix)
	at := slices.Index(strength, name)
	switch {
	case at < 0:
		return len(strength)
	case plus:
		return at - len(strength)
	}
	return at
}

// Select starts an attempt; false if there is no such mechanism. The Lua handler is told with the first message.
func (h *SASLHandler) Select(mechanism string) bool {
	h.chosen, h.selected = mechanism, false
	return slices.Contains(h.Mechanisms(), mechanism)
}

// Process takes what the peer sent. The handler answers "challenge" with a message, "success" with or without one, or "failure" with a
// condition and a text.
func (h *SASLHandler) Process(ctx context.Context, message []byte) (reply []byte, done bool, err error) {
	if !h.selected {
		results, err := h.call(ctx, "select", lua.LString(h.chosen))
		if err != nil {
			return nil, false, err
		}
		if h.selected = lua.LVAsBool(results[0]); !h.selected {
			return nil, false, &SASLFailure{Condition: "invalid-mechanism"}
		}
	}
	var sent lua.LValue = lua.LNil
	if message != nil {
		sent = lua.LString(message)
	}
	results, err := h.call(ctx, "process", sent)
	if err != nil {
		return nil, false, err
	}
	switch status := lua.LVAsString(results[0]); status {
	case "challenge", "success":
		if s, ok := results[1].(lua.LString); ok {
			reply = []byte(s)
		}
		if status == "success" {
			h.username, err = h.nameOf(ctx)
		}
		return reply, status == "success", err
	case "failure":
		return nil, false, &SASLFailure{lua.LVAsString(results[1]), lua.LVAsString(results[2])}
	default:
		return nil, false, fmt.Errorf("a SASL handler answered %q", status)
	}
}

// nameOf is the username that the Lua handler found out.
func (h *SASLHandler) nameOf(ctx context.Context) (string, error) {
	t := h.b.in.Enter(ctx)
	defer t.Leave()
	field, err := h.b.field(t, h.t, lua.LString("username"))
	if err != nil {
		return "", err
	}
	name, ok := field.(lua.LString)
	if !ok {
		return "", errors.New("a SASL handler succeeded without a username")
	}
	return string(name), nil
}

// Username is the prepared localpart after success.
func (h *SASLHandler) Username() string { return h.username }
