package muc

import (
	"context"
)

// Data is what is kept with an affiliation: reserved nick, reason, hats, and whatever plugins keep there. It is saved with the room.
type Data = map[string]any

// Affiliate is somebody with an affiliation.
type Affiliate struct {
	JID         string // bare, or a domain that is banned
	Affiliation Affiliation
	Data        Data // nil if there is none
}

// Affiliation is that of a JID, or of its domain if that is banned.
func (r Room) Affiliation(ctx context.Context, jid string) (Affiliation, error) {
	v, err := ask(ctx, r.Object, "get_affiliation", jid)
	return affiliationOf(v), err
}

// Affiliates are all who have an affiliation, in no order; only those with the given one, unless it is "" (each_affiliation).
func (r Room) Affiliates(ctx context.Context, with Affiliation) ([]Affiliate, error) {
	results, err := call(ctx, r.Object, "each_affiliation", optional(string(with)))
	if err != nil {
		return nil, err
	}
	var all []Affiliate
	for row, err := range rows(ctx, results) {
		if err != nil {
			return nil, err
		}
		data, err := table(ctx, at(row, 2))
		if err != nil {
			return nil, err
		}
		all = append(all, Affiliate{text(at(row, 0)), affiliationOf(at(row, 1)), data})
	}
	return all, nil
}

// SetAffiliation changes an affiliation, as far as the actor may: a real JID, or Service. Whom it concerns may get another role or have to
// leave, it is saved, and everybody is told. data replaces what is kept with the affiliation: nil leaves it, an empty map clears it. It goes
// with the affiliation. The error is a *stanza.Error if the actor may not, a handler of PreSetAffiliation refuses, or it cannot be saved; then
// nothing has happened.
func (r Room) SetAffiliation(ctx context.Context, actor, bareJID string, a Affiliation, reason string, data Data) error {
	return do(ctx, r.Object, "set_affiliation", actorValue(actor), bareJID, a.value(), optional(reason), dataValue(data))
}

// actorValue: Service is true.
func actorValue(actor string) any {
	if actor == Service {
		return true
	}
	return actor
}

// dataValue: an empty map is false.
func dataValue(data Data) any {
	switch {
	case data == nil:
		return nil
	case len(data) == 0:
		return false
	}
	return data
}

// AffiliationData is what is kept with the affiliation of a bare JID, nil if nothing. It is a copy.
func (r Room) AffiliationData(ctx context.Context, bareJID string) (Data, error) {
	v, err := ask(ctx, r.Object, "get_affiliation_data", bareJID)
	if err != nil {
		return nil, err
	}
	return table(ctx, v)
}

// AffiliationValue is one value of it, nil if there is none.
func (r Room) AffiliationValue(ctx context.Context, bareJID, key string) (any, error) {
	return ask(ctx, r.Object, "get_affiliation_data", bareJID, key)
}

// SetAffiliationValue changes one value of it, nil removes it, and saves. AffiliationDataSet events tell others.
func (r Room) SetAffiliationValue(ctx context.Context, bareJID, key string, value any) error {
	return do(ctx, r.Object, "set_affiliation_data", bareJID, key, value)
}
