package muccore

import (
	"context"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// occupantFace is what others have hung on an occupant.
type occupantFace struct {
	sdk.WithFace
	table *openTable // its sessions; nil until asked for
}

// occupantMethod is a method of occupants for other plugins. The chain is in the room.
type occupantMethod func(o *Occupant, a arguments) ([]any, error)

func occupantMethods() map[string]occupantMethod {
	return map[string]occupantMethod{
		"each_session": func(o *Occupant, _ arguments) ([]any, error) {
			rows := make(sdk.Rows, 0, len(o.sessions))
			for _, session := range o.sessions {
				rows = append(rows, []any{session.jid, session.presence})
			}
			return []any{rows}, nil
		},
		"get_presence": func(o *Occupant, a arguments) ([]any, error) {
			if a.at(0) == nil {
				return oneStanza(o.primaryPresence(), nil)
			}
			return oneStanza(o.presence(a.text(0)), nil)
		},
		"choose_new_primary": func(o *Occupant, _ arguments) ([]any, error) { return []any{optional(o.availableSession())}, nil },
		"has_other_session":  func(o *Occupant, a arguments) ([]any, error) { return []any{o.hasOtherSession(a.text(0))}, nil },
		"set_session": func(o *Occupant, a arguments) ([]any, error) {
			return withStanza(a, 1, func(presence *stanza.Element) error {
				o.setSession(a.text(0), presence, a.flag(2))
				return nil
			})
		},
		"remove_session": func(o *Occupant, a arguments) ([]any, error) {
			o.removeSession(a.text(0))
			return nil, nil
		},
	}
}

// Type implements sdk.Object.
func (o *Occupant) Type() *sdk.ObjectType { return o.room.s.faces().occupant }

// Get is the value of a field, or a method as a function that expects the occupant first.
func (o *Occupant) Get(ctx context.Context, property string) (v any, err error) {
	if property == "bare_jid" {
		return o.bareJID, nil
	}
	err = o.room.inside(ctx, func() error { v = o.field(property); return nil })
	return v, err
}

func (o *Occupant) field(name string) any {
	switch name {
	case "nick":
		return o.nick
	case "role":
		return optional(o.role)
	case "jid":
		return optional(o.jid)
	case "stable_id":
		return optional(o.stableID)
	case "sessions":
		if o.table == nil {
			o.table = o.room.newTable(sessionRows{o})
		}
		return o.table
	}
	if f := o.room.s.faces().ofOccupants[name]; f != nil {
		return f
	}
	return nil
}

// occupantFunction is a method as a function that expects the occupant first.
func occupantFunction(name string) sdk.Function {
	return sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
		self, ok := first(args).(*Occupant)
		if !ok {
			return nil, fmt.Errorf("%s: want an occupant, got a %s", name, typeOf(first(args)))
		}
		return self.Call(ctx, name, args[1:]...)
	})
}

// Set writes a field. For an occupant that is a copy it counts when the room is told (save_occupant).
func (o *Occupant) Set(ctx context.Context, property string, value any) error {
	if property == "sessions" {
		return o.setSessions(ctx, value)
	}
	return o.room.inside(ctx, func() error {
		switch property {
		case "nick":
			o.nick = text(value)
		case "role":
			o.role = unwritten(text(value))
		case "jid":
			o.jid = text(value)
		case "stable_id":
			o.stableID = text(value)
		default:
			return sdk.MethodError(o, property, sdk.ErrNoProperty)
		}
		o.touched()
		return nil
	})
}

// touched keeps a change of somebody who is in the room, and no copy.
func (o *Occupant) touched() {
	if o.room.occupants[o.nick] == o {
		o.shown = nil
		o.room.occupantChanged(o.nick)
	}
}

// setSessions takes the sessions of another occupant, or a table of the same shape.
func (o *Occupant) setSessions(ctx context.Context, value any) error {
	t := o.room.newTable(sessionRows{o})
	kept, err := keptRows(ctx, t, value)
	if err != nil {
		return err
	}
	return o.room.inside(ctx, func() error {
		o.sessions = nil
		for _, key := range sortedKeys(kept) {
			if err := t.set(key, kept[key]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Call calls a method.
func (o *Occupant) Call(ctx context.Context, method string, args ...any) (results []any, err error) {
	own := o.room.s.faces().occupantMethods[method]
	if own == nil {
		return nil, sdk.MethodError(o, method, sdk.ErrNoMethod)
	}
	err = o.room.inside(ctx, func() error {
		results, err = own(o, args)
		if err == nil {
			o.touched()
		}
		return err
	})
	return results, err
}

// sessionRows are the sessions of an occupant: full JID → presence.
type sessionRows struct{ o *Occupant }

func (s sessionRows) get(key any) any {
	if p := s.o.presence(text(key)); p != nil {
		return p
	}
	return nil
}

func (s sessionRows) set(key, value any) error {
	presence, ok := value.(*stanza.Element)
	switch {
	case ok:
		s.o.putSession(text(key), presence)
	case value == nil:
		jid := s.o.jid
		s.o.removeSession(text(key))
		s.o.jid = jid // whoever writes here looks after the primary session
	default:
		return fmt.Errorf("want a presence, got a %s", typeOf(value))
	}
	s.o.touched()
	return nil
}

func (s sessionRows) each() (keys, values []any) {
	for _, session := range s.o.sessions {
		keys, values = append(keys, session.jid), append(values, session.presence)
	}
	return keys, values
}

func (s sessionRows) keep(_ context.Context, value any) (any, error) { return value, nil }

var (
	_ sdk.Object = (*Occupant)(nil)
	_ sdk.Faced  = (*Occupant)(nil)
)
