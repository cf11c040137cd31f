package muccore

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// A picture of the room: its vCard, set by owners, and the picture's hash for those who are there (XEP-0054, XEP-0153; M174).

// avatarState is whether rooms have pictures.
type avatarState struct {
	vcards sdk.Keyval // room node → vCard; nil if there are none
	// advertise is how occupants hear of a new one: "presence", "message", "none", "" for both.
	advertise string
}

// avatarOfRoom is what a room remembers of its picture.
type avatarOfRoom struct {
	avatarHashes string // see hashesOf
	hasHashes    bool   // it is known
}

var errDamaged = errors.New("damaged")

func (s *service) loadAvatar(ctx context.Context) (err error) {
	if !s.optionBool("muc_vcard", true) {
		return nil
	}
	s.avatar.advertise = s.optionString("muc_avatar_advertise_hashes", "")
	if s.avatar.vcards, err = openStoreAs[sdk.Keyval](ctx, s.m, "vcard_muc", sdk.KindKeyval); err != nil {
		return err
	}
	s.method("handle_vcard_get_query", (*Room).ownHandleVCardGet)
	s.method("handle_vcard_set_query", (*Room).ownHandleVCardSet)
	// As for all stanzas to rooms, below the usual priorities.
	s.m.Serve("iq-get/bare/"+nsVCard+":vCard", -2, s.roomHandler("handle_vcard_get_query"))
	s.m.Serve("iq-set/bare/"+nsVCard+":vCard", -2, s.roomHandler("handle_vcard_set_query"))
	s.addFeature(ctx, nsVCard)
	s.hook("muc-disco#info", 0, s.describeAvatar)
	// After the newcomer's own presence, before history (50) and subject (20), which end what a newcomer is sent.
	s.hook("muc-occupant-session-new", 60, s.showAvatar)
	// Before the tombstone (-10), which ends the chain.
	s.hook("muc-room-destroyed", 0, s.removeAvatar)
	// A crash ends temporary rooms without a word: a new room does not inherit the picture. When nobody objects and the room has its
	// place (-1000).
	s.hook("muc-room-pre-create", -1001, s.removeAvatar)
	return nil
}

// hashesOf are the SHA-1 of a vCard's pictures as hexadecimal digits, one a line: there may be several formats.
func hashesOf(vcard *stanza.Element) string {
	var hashes []string
	if vcard == nil {
		return ""
	}
	for photo := range vcard.ChildTags("PHOTO", "") {
		if data := decodeBase64(photo.ChildText("BINVAL", "")); len(data) > 0 {
			sum := sha1.Sum(data)
			hashes = append(hashes, hex.EncodeToString(sum[:]))
		}
	}
	return strings.Join(hashes, "\n")
}

// decodeBase64 is what a text with line breaks stands for, nil if it is not base64.
func decodeBase64(text string) []byte {
	text = strings.Join(strings.Fields(text), "")
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		data, err = base64.RawStdEncoding.DecodeString(text)
	}
	if err != nil {
		return nil
	}
	return data
}

// readVCard is the vCard of the room, nil if it has none.
func (r *Room) readVCard(ctx context.Context) (*stanza.Element, error) {
	node := localOf(r.jid)
	if node == "" {
		return nil, nil
	}
	frozen, err := r.s.avatar.vcards.Get(ctx, node)
	if frozen == nil || err != nil {
		return nil, err
	}
	vcard, ok := thawStanza(frozen)
	if !ok {
		r.s.log.Warn(fmt.Sprintf("The picture of %s is damaged and is ignored", r.jid))
		return nil, errDamaged
	}
	return vcard, nil
}

func (r *Room) hashes(ctx context.Context) string {
	if !r.hasHashes {
		vcard, err := r.readVCard(ctx)
		if err != nil {
			return "" // the next time it may work
		}
		r.avatarHashes, r.hasHashes = hashesOf(vcard), true
	}
	return r.avatarHashes
}

// avatarHash is the SHA-1 of the (first) picture as hexadecimal digits, "" if there is none.
func (r *Room) avatarHash(ctx context.Context) string {
	if r.s.avatar.vcards == nil {
		return ""
	}
	hash, _, _ := strings.Cut(r.hashes(ctx), "\n")
	return hash
}

func (r *Room) avatarPresence(hash string) *stanza.Element {
	x := stanza.New("x", nsVCardUpdate).TextTag("photo", "", hash)
	return stanza.Presence("from", r.jid).AddChild(x)
}

func (s *service) advertisesBy(way string) bool {
	return s.avatar.advertise == "" || s.avatar.advertise == way
}

func (r *Room) announceAvatar(ctx context.Context) error {
	if r.s.advertisesBy("presence") {
		if err := r.broadcast(ctx, r.avatarPresence(r.avatarHash(ctx)), nil); err != nil {
			return err
		}
	}
	if !r.s.advertisesBy("message") {
		return nil
	}
	return r.broadcastMessage(ctx, stanza.Message("", "type", "groupchat", "from", r.jid).AddChild(newX("104")))
}

func (r *Room) ownHandleVCardGet(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	vcard, err := r.readVCard(ctx)
	switch {
	case err != nil:
		r.s.answerError(ctx, origin, st, refuse(stanza.Wait, stanza.InternalServerError, "", r.jid))
	case vcard == nil:
		r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.ItemNotFound, "", r.jid))
	default:
		r.s.answer(ctx, origin, stanza.Reply(st).AddChild(vcard))
	}
	return true, nil
}

func (r *Room) ownHandleVCardSet(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	affiliation, err := r.affiliation(ctx, st.From())
	if err != nil {
		return false, err
	}
	if affiliation != owner {
		r.s.answerError(ctx, origin, st, refuse(stanza.Auth, stanza.Forbidden, "Only owners change the picture", r.jid))
		return true, nil
	}
	vcard, node, old := st.Tags[0], localOf(r.jid), r.hashes(ctx)
	if node == "" || r.s.avatar.vcards.Set(ctx, node, freezeStanza(vcard)) != nil {
		r.s.answerError(ctx, origin, st, refuse(stanza.Wait, stanza.InternalServerError, "", r.jid))
		return true, nil
	}
	r.avatarHashes, r.hasHashes = hashesOf(vcard), true
	r.s.answer(ctx, origin, stanza.Reply(st))
	if r.s.hooked("vcard-updated") {
		if _, err := r.s.m.Fire(ctx, sdk.StanzaEvent("vcard-updated", origin, st)); err != nil {
			return true, err
		}
	}
	if r.avatarHashes != old {
		return true, r.announceAvatar(ctx)
	}
	return true, nil
}

func (s *service) describeAvatar(ctx context.Context, ev roomEvent) (any, error) {
	addDiscoFeature(ev, nsVCard)
	if lines := ev.room.hashes(ctx); lines != "" {
		return nil, addDiscoField(ctx, ev, lines, map[string]any{
			"name": "muc#roominfo_avatarhash", "type": "text-multi", "label": "SHA-1 of the room's picture"})
	}
	return nil, nil
}

func (s *service) showAvatar(ctx context.Context, ev roomEvent) (any, error) {
	if !s.advertisesBy("presence") {
		return nil, nil
	}
	hash := ev.room.avatarHash(ctx)
	if hash == "" {
		return nil, nil
	}
	presence := ev.room.avatarPresence(hash)
	presence.SetAttr("to", ev.String("jid"))
	return nil, ev.room.routeStanza(ctx, presence)
}

func (s *service) removeAvatar(ctx context.Context, ev roomEvent) (any, error) {
	vcard, err := ev.room.readVCard(ctx)
	if vcard == nil && err == nil {
		return nil, nil
	}
	if err := s.avatar.vcards.Set(ctx, localOf(ev.room.jid), nil); err != nil {
		s.log.Error("a room's picture was not removed", "jid", ev.room.jid, "err", err)
	}
	ev.room.hasHashes = false
	return nil, nil
}
