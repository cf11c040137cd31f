package roster

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// The methods of this file are the changes of a subscription, RFC 6121 appendix A. All take the user's name and host and the contact's
// bare JID, and tell whether there was something to change; the changed roster has been stored then, and nobody told.

// RequestOut notes that the user asks for the contact's presence (§A.2.1; set_contact_pending_out).
func (m *Manager) RequestOut(ctx context.Context, username, host, contact string) (bool, error) {
	return m.item(ctx, username, host, contact, true, func(it *sdk.RosterItem) bool {
		if it.Ask || it.Subscription == To || it.Subscription == Both {
			return false
		}
		it.Ask = true
		return true
	})
}

// UnsubscribeOut ends what the user gets of the contact, or asked for (§A.2.2; unsubscribe).
func (m *Manager) UnsubscribeOut(ctx context.Context, username, host, contact string) (bool, error) {
	return m.item(ctx, username, host, contact, false, loseTo)
}

// ApproveOut lets the contact have the user's presence if a request is pending (§A.2.3); approved tells so. Otherwise it notes the
// approval for a request to come (§3.4), unless the contact is subscribed (subscribed).
func (m *Manager) ApproveOut(ctx context.Context, username, host, contact string) (approved, changed bool, err error) {
	changed, err = m.edit(ctx, username, host, func(c *contents) bool {
		it := c.itemOrNew(contact)
		if _, approved = c.pending[contact]; approved {
			gainFrom(&it)
			delete(c.pending, contact)
		} else if it.Subscription == From || it.Subscription == Both || it.Approved {
			return false
		} else {
			it.Approved = true
		}
		c.items[contact] = it
		return true
	})
	return approved && changed, changed, err
}

// CancelOut takes the user's presence back from the contact, and denies a request (§A.2.4; unsubscribed). A pre-approval ends, too.
func (m *Manager) CancelOut(ctx context.Context, username, host, contact string) (pending, subscribed bool, err error) {
	_, err = m.edit(ctx, username, host, func(c *contents) bool {
		_, pending = c.pending[contact]
		delete(c.pending, contact)
		it, had := c.items[contact]
		subscribed = loseFrom(&it)
		preapproved := it.Approved
		it.Approved = false
		if had {
			c.items[contact] = it
		}
		return pending || subscribed || preapproved
	})
	return pending, subscribed, err
}

// RequestIn notes that the contact asks for the user's presence (§A.3.1; set_contact_pending_in). It changes nothing if the contact
// has it or the request is pending already.
func (m *Manager) RequestIn(ctx context.Context, username, host, contact string, st *stanza.Element) (bool, error) {
	return m.edit(ctx, username, host, func(c *contents) bool {
		s := c.items[contact].Subscription
		if _, waits := c.pending[contact]; waits || s == From || s == Both {
			return false
		}
		if st != nil {
			st = st.Clone()
		}
		c.pending[contact] = st
		return true
	})
}

// ApprovedIn gives a contact who was approved in advance the user's presence, and uses the approval up (§3.4.2).
func (m *Manager) ApprovedIn(ctx context.Context, username, host, contact string) (bool, error) {
	return m.edit(ctx, username, host, func(c *contents) bool {
		it, ok := c.items[contact]
		if !ok || !it.Approved {
			return false
		}
		gainFrom(&it)
		c.items[contact] = it
		delete(c.pending, contact)
		return true
	})
}

// UnsubscribeIn ends what the contact gets of the user, or asked for (§A.3.2; process_inbound_unsubscribe).
func (m *Manager) UnsubscribeIn(ctx context.Context, username, host, contact string) (pending, subscribed bool, err error) {
	_, err = m.edit(ctx, username, host, func(c *contents) bool {
		_, pending = c.pending[contact]
		delete(c.pending, contact)
		it, had := c.items[contact]
		subscribed = loseFrom(&it)
		if had {
			c.items[contact] = it
		}
		return pending || subscribed
	})
	return pending, subscribed, err
}

// SubscribedIn is the contact's consent to a request of the user (§A.3.3; process_inbound_subscription_approval). Without a request it
// changes nothing.
func (m *Manager) SubscribedIn(ctx context.Context, username, host, contact string) (bool, error) {
	return m.item(ctx, username, host, contact, false, func(it *sdk.RosterItem) bool {
		if !it.Ask {
			return false
		}
		it.Ask = false
		if it.Subscription == From || it.Subscription == Both {
			it.Subscription = Both
		} else {
			it.Subscription = To
		}
		return true
	})
}

// CancelledIn is the contact's refusal, or end, of a subscription of the user's (§A.3.4; process_inbound_subscription_cancellation).
func (m *Manager) CancelledIn(ctx context.Context, username, host, contact string) (bool, error) {
	return m.item(ctx, username, host, contact, false, loseTo)
}

// item edits one item; without one, f sees an empty one if create is true.
func (m *Manager) item(ctx context.Context, username, host, contact string, create bool, f func(it *sdk.RosterItem) bool) (bool, error) {
	return m.edit(ctx, username, host, func(c *contents) bool {
		it := c.itemOrNew(contact)
		if _, had := c.items[contact]; !had && !create || !f(&it) {
			return false
		}
		c.items[contact] = it
		return true
	})
}

func (c *contents) itemOrNew(contact string) sdk.RosterItem {
	if it, ok := c.items[contact]; ok {
		return it
	}
	return sdk.RosterItem{JID: contact, Subscription: None}
}

// gainFrom adds the contact's half of a subscription.
func gainFrom(it *sdk.RosterItem) {
	it.Approved = false
	if it.Subscription == To || it.Subscription == Both {
		it.Subscription = Both
	} else {
		it.Subscription = From
	}
}

// loseFrom takes the contact's half away.
func loseFrom(it *sdk.RosterItem) bool {
	switch it.Subscription {
	case From:
		it.Subscription = None
	case Both:
		it.Subscription = To
	default:
		return false
	}
	return true
}

// loseTo takes the user's half away, and a request for it.
func loseTo(it *sdk.RosterItem) bool {
	asked := it.Ask
	it.Ask = false
	switch it.Subscription {
	case To:
		it.Subscription = None
	case Both:
		it.Subscription = From
	default:
		return asked
	}
	return true
}

// Pending tells whether a request of the contact's waits for the user (in), or one of the user's for the contact (out).
func (m *Manager) Pending(ctx context.Context, username, host, contact string) (in, out bool, err error) {
	r, err := m.Roster(ctx, username, host)
	if err != nil {
		return false, false, err
	}
	item, _ := r.Item(contact)
	return r.IsPending(contact), item.Ask, nil
}
