package muccore

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Requests from one occupant to another, and the room's own answer to self-pings (XEP-0045 #impl-service-iq, XEP-0410; M134a, M134b).

// accountNamespaces ask about the person, not the client: the account answers, so that avatars work through the room.
var accountNamespaces = map[string]bool{nsVCard: true, nsPubsub: true, nsVCard4: true}

func (s *service) loadPrivateIQ(context.Context) error {
	s.method("handle_iq_to_occupant", (*Room).handleIQToOccupant)
	return nil
}

// hmacSHA256 is the HMAC of a message.
func hmacSHA256(key, message string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(message))
	return string(h.Sum(nil))
}

// proof shows that a request came from this session, without the room remembering it.
func proof(salt, fullJID string) string { return hmacSHA256(salt, fullJID)[:8] }

func encodeID(salt, recipientJID, id, senderJID string) string {
	return base64.StdEncoding.EncodeToString([]byte(recipientJID + "\x00" + id + "\x00" + proof(salt, senderJID)))
}

// decodeID is the recipient's full JID, the original id and the proof; ok is false if it is none of our ids.
func decodeID(encoded string) (recipientJID, id, proof string, ok bool) {
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", "", "", false
	}
	recipientJID, rest, found := strings.Cut(string(decoded), "\x00")
	if !found {
		return "", "", "", false
	}
	id, proof, ok = strings.Cut(rest, "\x00")
	return recipientJID, id, proof, ok
}

// relay sends a stanza with other addresses and puts the old ones back.
func (r *Room) relay(ctx context.Context, st *stanza.Element, from, to, id string) error {
	oldFrom, oldTo, oldID := st.From(), st.To(), st.ID()
	defer func() {
		st.SetAttr("from", oldFrom)
		st.SetAttr("to", oldTo)
		st.SetAttr("id", oldID)
	}()
	st.SetAttr("from", from)
	st.SetAttr("to", to)
	st.SetAttr("id", id)
	return r.routeStanza(ctx, st)
}

// handleReply brings an answer to the session that asked. Anything that does not answer a request is left alone.
func (r *Room) handleReply(ctx context.Context, st *stanza.Element, asker *Occupant) (bool, error) {
	askedJID, id, expected, ok := decodeID(st.ID())
	if asker == nil || !ok || st.From() != askedJID && st.From() != bareOf(askedJID) {
		return false, nil
	}
	from := r.occupantJID(askedJID)
	if from == "" {
		return false, nil
	}
	salt, err := r.salt(ctx)
	if err != nil {
		return false, err
	}
	for _, session := range asker.sessions {
		if proof(salt, session.jid) == expected {
			return true, r.relay(ctx, st, from, session.jid, id)
		}
	}
	return false, nil
}

func (r *Room) handleRequest(ctx context.Context, origin sdk.Session, st *stanza.Element, recipient *Occupant) error {
	senderJID := r.occupantJID(st.From())
	switch {
	case senderJID == "":
		r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.NotAcceptable, "You are not in this room", r.jid))
		return nil
	case recipient == nil:
		r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.ItemNotFound, "Nobody here has this nickname", r.jid))
		return nil
	case st.To() == senderJID && st.Type() == "get" && st.Child("ping", nsPing) != nil:
		return r.routeStanza(ctx, stanza.Reply(st))
	}
	salt, err := r.salt(ctx)
	if err != nil {
		return err
	}
	to := recipient.jid
	id := encodeID(salt, to, st.ID(), st.From())
	if len(st.Tags) > 0 && accountNamespaces[st.Tags[0].NS()] {
		to = bareOf(to)
	}
	return r.relay(ctx, st, senderJID, to, id)
}

func (r *Room) handleIQToOccupant(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	if _, has := st.LookupAttr("id"); !has {
		return false, nil // other servers may send such
	}
	o := r.occupantByNick(st.To())
	if !st.IsRequest() {
		return r.handleReply(ctx, st, o)
	}
	return true, r.handleRequest(ctx, origin, st, o)
}
