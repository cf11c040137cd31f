package muc

import (
	"context"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// PreSetAffiliation is fired before a change of affiliation. Handlers may change the data and Veto; results mean nothing. The change may still
// fail, or be taken back with others that belong to it: see OnceSaved.
type PreSetAffiliation struct{ RoomEvent }

func (PreSetAffiliation) EventName() string { return "muc-pre-set-affiliation" }

// Actor is the real JID of who does it, Service for the service. JID is whose affiliation it is: a bare JID or a domain.
func (e PreSetAffiliation) Actor() string { return e.String("actor") }
func (e PreSetAffiliation) JID() string   { return e.String("jid") }

func (e PreSetAffiliation) Affiliation() Affiliation { return affiliationOf(e.Get("affiliation")) }
func (e PreSetAffiliation) Previous() Affiliation {
	return affiliationOf(e.Get("previous_affiliation"))
}
func (e PreSetAffiliation) Reason() string { return e.String("reason") }

// Data is what is to be kept with the affiliation, nil for what has been kept so far, which is PreviousData.
func (e PreSetAffiliation) Data(ctx context.Context) (Data, error) { return table(ctx, e.Get("data")) }

func (e PreSetAffiliation) PreviousData(ctx context.Context) (Data, error) {
	return table(ctx, e.Get("previous_data"))
}

// SetData replaces it; an empty map keeps nothing.
func (e PreSetAffiliation) SetData(data Data) { e.Set("data", data) }

// Veto refuses the change; whoever wants it is told the type and condition.
func (e PreSetAffiliation) Veto(refusal *stanza.Error) {
	e.Set("allowed", false)
	e.Set("error", map[string]any{"type": string(refusal.Type), "condition": string(refusal.Condition)})
}

// Vetoed is whether some handler has refused the change.
func (e PreSetAffiliation) Vetoed() bool { return e.Get("allowed") == false }

// OnceSaved calls f when the change is saved, before others hear of it; never if it is not made. For what the change entails.
func (e PreSetAffiliation) OnceSaved(ctx context.Context, f func(ctx context.Context) error) error {
	later, ok := e.Get("once_saved").(sdk.Function)
	if !ok {
		return fmt.Errorf("%s: %w: %q", e.Name, sdk.ErrNoMethod, "once_saved")
	}
	_, err := later.Call(ctx, action(f))
	return err
}

// AffiliationSet is fired after a change of affiliation. Fields are those of PreSetAffiliation.
type AffiliationSet struct{ RoomEvent }

func (AffiliationSet) EventName() string { return "muc-set-affiliation" }

func (e AffiliationSet) Actor() string            { return e.String("actor") }
func (e AffiliationSet) JID() string              { return e.String("jid") }
func (e AffiliationSet) Affiliation() Affiliation { return affiliationOf(e.Get("affiliation")) }
func (e AffiliationSet) Previous() Affiliation    { return affiliationOf(e.Get("previous_affiliation")) }
func (e AffiliationSet) Reason() string           { return e.String("reason") }

// InRoom is whether somebody whom it concerns is in the room, or was until now.
func (e AffiliationSet) InRoom() bool { return e.Bool("in_room") }

// AffiliationDataSet is fired when a value that is kept with an affiliation has changed by itself (Room.SetAffiliationValue). Hook it with OnPart:
// there is an event for each key.
type AffiliationDataSet struct{ RoomEvent }

func (AffiliationDataSet) EventName() string { return "muc-set-affiliation-data" }

func (e AffiliationDataSet) JID() string   { return e.String("jid") }
func (e AffiliationDataSet) Key() string   { return e.String("key") }
func (e AffiliationDataSet) Value() any    { return e.Get("value") }
func (e AffiliationDataSet) OldValue() any { return e.Get("old_value") }

// PreSetRole is fired before somebody changes an occupant's role; not for what the service does. Handlers may decide: Allow and Veto take the
// place of the room's own rules.
type PreSetRole struct{ RoomEvent }

func (PreSetRole) EventName() string { return "muc-pre-set-role" }

// Actor is a real JID.
func (e PreSetRole) Actor() string      { return e.String("actor") }
func (e PreSetRole) Occupant() Occupant { return e.occupant("occupant") }
func (e PreSetRole) Role() Role         { return roleOf(e.Get("role")) }

func (e PreSetRole) Allow() { e.Set("allowed", true) }

func (e PreSetRole) Veto(refusal *stanza.Error) {
	e.Set("allowed", false)
	e.Set("error", string(refusal.Type))
	e.Set("condition", string(refusal.Condition))
}
