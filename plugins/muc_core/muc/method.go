package muc

import (
	"context"
	"errors"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Method is a method that a plugin gives to all rooms. args are what the caller passes after the room; results are those of a Lua function.
type Method func(ctx context.Context, room Room, args []any) (results []any, err error)

// AddMethod gives a method to all rooms, also to those that exist: other plugins call it as room:name(…) in Lua, and by Room.Call in Go. In the
// place of a method that rooms have it takes over, for the rooms themselves, too. RemoveMethods, to be called in Unload, takes all of them
// back.
func (s *Rooms) AddMethod(ctx context.Context, name string, f Method) error {
	class, err := s.class(ctx)
	if err != nil {
		return err
	}
	method := sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
		room := roomOf(at(args, 0))
		if room.IsZero() {
			return nil, fmt.Errorf("%s: %w", name, errNothing)
		}
		return f(ctx, room, args[1:])
	})
	if err := class.Set(ctx, name, method); err != nil {
		return fmt.Errorf("method %q: %w", name, err)
	}
	s.added[name] = method
	return nil
}

// RemoveMethods takes back what AddMethod has added.
func (s *Rooms) RemoveMethods(ctx context.Context) error {
	class, err := s.class(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for name := range s.added {
		errs = append(errs, class.Set(ctx, name, nil))
	}
	clear(s.added)
	return errors.Join(errs...)
}

// class is what all rooms have in common.
func (s *Rooms) class(ctx context.Context) (sdk.Object, error) {
	v, err := s.exports.Export(ctx, "room_mt")
	if err != nil {
		return nil, err
	}
	class, ok := v.(sdk.Object)
	if !ok {
		return nil, fmt.Errorf("muc_core: %w: %q", sdk.ErrNoProperty, "room_mt")
	}
	return class, nil
}

// StanzaMethod is a method that handles a stanza to a room. true tells that it has been answered, false leaves it to others. A *stanza.Error
// is sent to the sender as the answer of the room.
type StanzaMethod func(ctx context.Context, room Room, origin sdk.Session, st *stanza.Element) (handled bool, err error)

// HookStanza gives all rooms a method and calls it for the stanzas of an event, such as "iq/bare/urn:example:thing:query", that are sent to a
// room. Where there is no such room, or a damaged one, muc_core answers. The rooms' own handlers have priority -2; so should such ones that
// others may want to come before.
func (s *Rooms) HookStanza(ctx context.Context, m sdk.Module, event string, priority float64, method string, f StanzaMethod) error {
	handler, err := s.StanzaHandler(ctx, method, f)
	if err == nil {
		m.Hook(event, priority, handler)
	}
	return err
}

// StanzaHandler is HookStanza without the hook: it gives all rooms the method, and returns a handler of stanza events that calls it.
func (s *Rooms) StanzaHandler(ctx context.Context, method string, f StanzaMethod) (sdk.Handler, error) {
	if err := s.AddMethod(ctx, method, f.method); err != nil {
		return nil, err
	}
	results, err := s.call(ctx, "room_handler", method)
	if err != nil {
		return nil, err
	}
	handler, ok := at(results, 0).(sdk.Function)
	if !ok {
		return nil, fmt.Errorf("room_handler(%q) is no function", method)
	}
	return func(ctx context.Context, ev *sdk.Event) (any, error) {
		results, err := handler.Call(ctx, map[string]any{"origin": ev.Origin, "stanza": ev.Stanza})
		return at(results, 0), err
	}, nil
}

// method is f as rooms call it: origin and stanza → true, or nil.
func (f StanzaMethod) method(ctx context.Context, room Room, args []any) ([]any, error) {
	origin, _ := at(args, 0).(sdk.Session)
	st, _ := at(args, 1).(*stanza.Element)
	if st == nil {
		return nil, errors.New("a stanza is expected")
	}
	handled, err := f(ctx, room, origin, st)
	var refused *stanza.Error
	switch {
	case errors.As(err, &refused):
		answer(ctx, origin, st, room.JID(ctx), refused)
		return []any{true}, nil
	case err != nil || !handled:
		return nil, err
	}
	return []any{true}, nil
}

// answer sends an error to whom a stanza came from, as a room. Who wants to enter gets the <x/> of the request back (XEP-0045 #enter-pw and the
// other refusals there): without it some clients wait for ever. A session that has ended hears nothing.
func answer(ctx context.Context, origin sdk.Session, st *stanza.Element, roomJID string, refusal *stanza.Error) {
	e := *refusal
	if e.By == "" {
		e.By = roomJID
	}
	reply := stanza.ErrorReply(st, &e)
	if reply == nil || origin == nil {
		return
	}
	if st.Name == "presence" && st.Child("x", NS) != nil {
		reply.AddChild(stanza.New("x", NS))
	}
	_ = origin.Send(ctx, reply)
}
