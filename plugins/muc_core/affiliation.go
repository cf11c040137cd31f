package muccore

import (
	"context"
	"iter"

	"quatrain/sdk"
)

func (s *service) loadAffiliation(context.Context) error { return nil }

// affiliation is that of the bare JID, or of the whole domain if that is banned (M136); "" for none.
func (r *Room) affiliation(ctx context.Context, jid string) (string, error) {
	if f := r.replaced("get_affiliation"); f != nil {
		results, err := f.Call(ctx, r, jid)
		return unwritten(text(first(results))), err
	}
	return r.ownAffiliation(ctx, jid)
}

func (r *Room) ownAffiliation(ctx context.Context, jid string) (string, error) {
	return r.affiliations[bareOf(jid)], nil // FIXME declared only
}

// eachAffiliation are JID and data of all with an affiliation, of any if it is "". They may be changed meanwhile.
func (r *Room) eachAffiliation(affiliation string) iter.Seq2[string, sdk.Data] {
	return func(yield func(string, sdk.Data) bool) {} // FIXME declared only
}

// isOnlyOwner is whether this bare JID is an owner, and nobody else is.
func (r *Room) isOnlyOwner(bareJID string) bool {
	return false // FIXME declared only
}

// maySetAffiliation is whether an actor (a real JID, or byService) may give a bare JID an affiliation (M138): nil, or a *stanza.Error.
func (r *Room) maySetAffiliation(ctx context.Context, actor, bareJID, affiliation string) error {
	return nil // FIXME declared only
}
