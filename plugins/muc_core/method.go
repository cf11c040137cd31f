package muccore

import (
	"context"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Other plugins may put functions in the place of a room's methods, of one room or of all (room_mt), and from then on the room itself calls
// those. So each method that has a name for others is two functions here: x looks whether it has been replaced, and is what the core
// calls; ownX is what the room does by itself, and what the others get as the original.

// stanzaHandler is a method that handles a stanza: handle_…. handled is false if it is left to others.
type stanzaHandler func(r *Room, ctx context.Context, origin sdk.Session, st *stanza.Element) (handled bool, err error)

// replaced is what another plugin has put in the place of a method, or added under that name; nil if there is nothing. The function expects
// the room first.
func (r *Room) replaced(method string) sdk.Function {
	if f := r.replacedHere(method); f != nil {
		return f
	}
	if class := r.s.class.Load(); class != nil {
		return (*class)[method]
	}
	return nil
}

// handle calls a method that handles a stanza.
func (r *Room) handle(ctx context.Context, method string, origin sdk.Session, st *stanza.Element) (bool, error) {
	if f := r.replaced(method); f != nil {
		results, err := f.Call(ctx, r, origin, st)
		return isTrue(first(results)), err
	}
	own := r.s.handlers[method]
	if own == nil {
		return false, fmt.Errorf("room: %w: %q", sdk.ErrNoMethod, method)
	}
	return own(r, ctx, origin, st)
}

// method registers the room's own handler of stanzas under its name.
func (s *service) method(name string, h stanzaHandler) { s.handlers[name] = h }

// first is the first result of a function, nil if it has none.
func first(results []any) any { return nth(results, 0) }

func nth(results []any, i int) any {
	if i < len(results) {
		return results[i]
	}
	return nil
}

// refusedBy reads the results of a function that returns true, or nil (or false) and an error's type, condition and text.
func refusedBy(results []any, err error) error {
	if err != nil || isTrue(first(results)) {
		return err
	}
	return errorOf(nth(results, 1), nth(results, 2), nth(results, 3))
}

// errorOf is an error as Lua functions give it: type, condition, text, of which each may be nil.
func errorOf(typ, condition, message any) *stanza.Error {
	e := &stanza.Error{Type: stanza.ErrorType(text(typ)), Condition: stanza.Condition(text(condition)), Text: text(message)}
	if e.Type == "" {
		e.Type = stanza.Cancel
	}
	if e.Condition == "" {
		e.Condition = stanza.NotAllowed
	}
	return e
}
