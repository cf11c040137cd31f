package sdk_test

import (
	"slices"
	"testing"

	"quatrain/sdk"
)

// tool is something a chain holds.
type tool struct {
	name string
	log  *[]string
	held bool
}

func (h *tool) Release(*sdk.Chain) func() {
	if !h.held {
		return nil
	}
	h.held = false
	*h.log = append(*h.log, "-"+h.name)
	return func() {
		h.held = true
		*h.log = append(*h.log, "+"+h.name)
	}
}

// TestChainWait: what a chain holds is let go of while it waits, newest first, and taken back in the order it was taken, also when the wait panics.
func TestChainWait(t *testing.T) {
	var log []string
	c := sdk.NewChain(t.Context())
	lua, room := &tool{"lua", &log, true}, &tool{"room", &log, true}
	c.Hold(lua)
	c.Hold(room)
	c.Wait(func() {
		inner := &tool{"inner", &log, true}
		c.Hold(inner)
		c.Wait(func() { log = append(log, "wait") })
		c.Drop()
	})
	c.Drop()
	func() {
		defer func() { recover() }()
		c.Wait(func() { panic("x") })
	}()
	want := []string{"-room", "-lua", "-inner", "wait", "+inner", "+lua", "+room", "-lua", "+lua"}
	if !slices.Equal(log, want) {
		t.Errorf("%q, want %q", log, want)
	}
}

func TestChainIDs(t *testing.T) {
	first, second := sdk.NewChain(t.Context()), sdk.NewChain(t.Context())
	if first.ID() == 0 || first.ID() == second.ID() {
		t.Errorf("ids %d and %d", first.ID(), second.ID())
	}
	if c := sdk.ContinueChain(t.Context(), 7); c.ID() != 7 || sdk.ChainOf(c) != c {
		t.Errorf("a continued chain has id %d", c.ID())
	}
}
