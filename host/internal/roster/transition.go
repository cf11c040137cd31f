package roster

import (
	"context"
	"fmt"

	"quatrain/xmpp/stanza"
)

// The changes of a subscription, by the names that modules know them by from Prosody's rostermanager.
const (
	PendingIn           = "set_contact_pending_in"                    // RequestIn
	PendingOut          = "set_contact_pending_out"                   // RequestOut
	Subscribed          = "subscribed"                                // ApproveOut
	Unsubscribe         = "unsubscribe"                               // UnsubscribeOut
	Unsubscribed        = "unsubscribed"                              // CancelOut
	InboundApproval     = "process_inbound_subscription_approval"     // SubscribedIn
	InboundCancellation = "process_inbound_subscription_cancellation" // CancelledIn
	InboundUnsubscribe  = "process_inbound_unsubscribe"               // UnsubscribeIn
	OutboundRequest     = "process_outbound_subscription_request"     // RequestOut
	OutboundApproval    = "process_outbound_subscription_approval"    // ApproveOut
)

// Transition applies a change by its name, stores the roster and pushes the item if it changed.
func (m *Manager) Transition(ctx context.Context, name, username, host, contact string, st *stanza.Element) (changed bool, err error) {
	r, err := m.Roster(ctx, username, host)
	if err != nil {
		return false, err
	}
	before := fmt.Sprint(r.Item(contact))
	if changed, err = m.apply(ctx, name, username, host, contact, st); err != nil {
		return changed, err
	}
	if after := fmt.Sprint(r.Item(contact)); after == before {
		return changed, nil
	}
	return changed, m.Push(ctx, username, host, contact)
}

func (m *Manager) apply(ctx context.Context, name, username, host, contact string, st *stanza.Element) (changed bool, err error) {
	switch name {
	case PendingIn:
		return m.RequestIn(ctx, username, host, contact, st)
	case PendingOut, OutboundRequest:
		return m.RequestOut(ctx, username, host, contact)
	case Subscribed, OutboundApproval:
		_, changed, err = m.ApproveOut(ctx, username, host, contact)
	case Unsubscribe:
		return m.UnsubscribeOut(ctx, username, host, contact)
	case Unsubscribed:
		pending, subscribed, err := m.CancelOut(ctx, username, host, contact)
		return pending || subscribed, err
	case InboundApproval:
		return m.SubscribedIn(ctx, username, host, contact)
	case InboundCancellation:
		return m.CancelledIn(ctx, username, host, contact)
	case InboundUnsubscribe:
		pending, subscribed, err := m.UnsubscribeIn(ctx, username, host, contact)
		return pending || subscribed, err
	default:
		err = fmt.Errorf("there is no change of a subscription named %q", name)
	}
	return changed, err
}
