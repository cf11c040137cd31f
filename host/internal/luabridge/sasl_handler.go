package luabridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"
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
}

// SASLFailure is what the peer is told: a condition of RFC 6120 §6.5 and a text, which may be "".
type SASLFailure struct{ Condition, Text string }

func (f *SASLFailure) Error() string { return f.Condition }

// SASLFailure is the condition and the text.
func (f *SASLFailure) SASLFailure() (condition, text string) { return f.Condition, f.Text }

// call calls a method and returns three results.
func (h *SASLHandler) call(ctx context.Context, method string, args ...lua.LValue) ([]lua.LValue, error) {
	t := h.b.in.Enter(ctx)
	defer t.Leave()
	fn := t.L.GetField(h.t, method)
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
func (h *SASLHandler) Mechanisms() []string { return h.mechanisms }

func rank(mechanism string) int {
	if at := slices.Index(strength, mechanism); at >= 0 {
		return at
	}
	return len(strength)
}

// Select starts an attempt; false if there is no such mechanism. The Lua handler is told with the first message.
func (h *SASLHandler) Select(mechanism string) bool {
	h.chosen, h.selected = mechanism, false
	return slices.Contains(h.mechanisms, mechanism)
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
	name, ok := t.L.GetField(h.t, "username").(lua.LString)
	if !ok {
		return "", errors.New("a SASL handler succeeded without a username")
	}
	return string(name), nil
}

// Username is the prepared localpart after success.
func (h *SASLHandler) Username() string { return h.username }
