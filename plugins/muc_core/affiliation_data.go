package muccore

import (
	"context"
	"maps"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// What is kept with affiliations besides them: reasons, reserved nicks, hats, and whatever other plugins keep there (M140).

func (s *service) loadAffiliationData(context.Context) error { return nil }

// getAffiliationData is what is kept with the affiliation of a bare JID: all of it if key is "", or the value of one key. nil if there is
// nothing. Not to be changed.
func (r *Room) getAffiliationData(ctx context.Context, bareJID, key string) (any, error) {
	if f := r.replaced("get_affiliation_data"); f != nil {
		results, err := f.Call(ctx, r, bareJID, optional(key))
		if err != nil {
			return nil, err
		}
		return sdk.Plain(ctx, first(results))
	}
	return r.ownAffiliationData(bareJID, key), nil
}

func (r *Room) ownAffiliationData(bareJID, key string) any {
	data := r.affiliationData[bareJID]
	switch {
	case data == nil:
		return nil
	case key == "":
		return data
	}
	return data[key]
}

// ownSetAffiliationData changes one value of what is kept with an affiliation; nil removes it. The error is a *stanza.Error if it cannot be
// saved.
func (r *Room) ownSetAffiliationData(ctx context.Context, bareJID, key string, value any) error {
	if key == "" {
		return refuse(stanza.Modify, "invalid key", "", "")
	}
	old := r.affiliationData[bareJID]
	if old == nil && value == nil {
		return nil
	}
	kept, err := sdk.Plain(ctx, value)
	if err != nil {
		return err
	}
	return r.changeTogether(ctx, func(ctx context.Context) error {
		r.affiliationData[bareJID] = withValue(old, key, kept)
		r.unlessSaved(func(context.Context) error {
			r.putAffiliation(bareJID, r.affiliations[bareJID], old)
			return nil
		})
		r.savePersonLater(bareJID)
		if isSameValue(old[key], kept) {
			return nil
		}
		return r.onceSaved(ctx, func(ctx context.Context) error {
			return r.tell(ctx, "muc-set-affiliation-data/"+key, nil, nil,
				"jid", bareJID, "key", key, "value", shown(kept), "old_value", shown(old[key]))
		})
	})
}

func withValue(data sdk.Data, key string, value any) sdk.Data {
	changed := maps.Clone(data)
	if changed == nil {
		changed = sdk.Data{}
	}
	if value == nil {
		delete(changed, key)
	} else {
		changed[key] = value
	}
	return changed
}

// isSameValue compares what is no table; two tables are never the same.
func isSameValue(a, b any) bool {
	switch a.(type) {
	case nil, bool, float64, string:
		return a == b
	}
	return false
}
