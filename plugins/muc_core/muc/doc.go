// Package muc is what plugins need that extend rooms (XEP-0045): rooms, occupants, affiliations and roles as types, the events of rooms with
// their fields, and how to find rooms. The rooms themselves are the plugin muc_core, in Lua or in Go, in this process or another: what is here
// works the same on all of them, and names its methods and fields as Prosody's modules know them.
//
// An extension is a plugin that belongs on the component beside muc_core:
//
//	func (p *plugin) Load(ctx context.Context, m sdk.Module) error {
//		if _, err := muc.Depend(ctx, m); err != nil {
//			return err
//		}
//		muc.On(m, 0, func(ctx context.Context, ev muc.Groupchat) (any, error) {
//			if ev.Stanza.ChildText("body", "") != "Voldemort" {
//				return nil, nil // others decide
//			}
//			return ev.Refuse(ctx, stanza.NewError(stanza.PolicyViolation, "We do not say that name here"))
//		})
//		return nil
//	}
//
// # Events
//
// On hooks the event that its handler's last parameter is a view of, so there is one type for each event; its comment says when it is fired,
// what its fields are, and what a result means. Where a result "stops", true ends the event, and the handler has answered the sender; Refuse
// does both. A handler that returns a *stanza.Error of itself lets the sender be answered with it, too, but without what clients expect of a
// room that cannot be entered.
//
// A room is held while its events fire: a handler may call it, and nobody else changes it meanwhile. So a handler must not wait for other people.
//
// # Copies
//
// Lists and maps are copies on their way between runtimes. Occupants that a room hands out are copies, too: a change counts once it went through
// Room.SaveOccupant. The occupant of an event that asks before something happens is the one that will be: changes of it count.
//
// # Errors
//
// What a room refuses is a *stanza.Error, which can be handed on to whoever asked for it. sdk.ErrGone tells that a room has ended,
// sdk.ErrNoMethod that the rooms of this service cannot do it, perhaps because the plugin that adds the method is not loaded. Every other
// error means that the owner of the rooms failed or did not answer in time.
package muc
