package muccore

import (
	"context"
	"maps"

	"quatrain/sdk"
)

// A change of few affiliations is saved without writing those of all others, where the store can do that and has the rest of the room as this
// process has written it. Whatever speaks against it, the whole room is written instead.

// writtenState is what is known of a room's record in the store.
type writtenState struct {
	record  bool     // it has been written whole by this process, and all that has changed since is known
	data    sdk.Data // Room.data as it was written
	noState bool     // there is no live state in the store
}

// savePeople is save for a change of these affiliations alone.
func (r *Room) savePeople(ctx context.Context, jids map[string]bool) error {
	patches, ok := r.s.storage.configs.(sdk.Patcher)
	if !ok || !r.isTracked || !r.canPatch() {
		return r.save(ctx, true, false)
	}
	if persistent, err := r.getFlag(ctx, "persistent"); err != nil || !persistent {
		return r.save(ctx, true, false)
	}
	if err := patches.Patch(ctx, localOf(r.jid), r.patchFor(jids)); err != nil {
		return r.save(ctx, true, false)
	}
	r.written.data = maps.Clone(r.data)
	return nil
}

// canPatch is whether the store has all of the room but a change that is known, and nobody else has a hand in how it is saved.
func (r *Room) canPatch() bool {
	return r.isStored && r.written.record && r.written.noState && !r.isSwappedOut && !r.hasLeftStore && r.replaced("save") == nil && r.replaced("freeze") == nil
}

// patchFor are these people's affiliations, and the room's data unless they are as they were written.
func (r *Room) patchFor(jids map[string]bool) sdk.Patch {
	data, affiliations := map[string]any{}, map[string]any{}
	for jid := range jids {
		data[jid], affiliations[jid] = dataOrNil(r.affiliationData[jid]), optional(r.affiliations[jid])
	}
	p := sdk.Patch{Keys: map[string]any{}, Entries: map[string]map[string]any{"_affiliation_data": data}}
	if r.s.storage.newLayout {
		p.Keys = affiliations
	} else {
		p.Entries["_affiliations"] = affiliations
	}
	if !maps.EqualFunc(r.data, r.written.data, isSameValue) {
		p.Keys["_data"] = r.data
	}
	return p
}
