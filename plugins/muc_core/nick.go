package muccore

import (
	"context"
	"strings"

	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Which nicks are possible at all (M63, M106; RFC 7622 §3.4).

func (s *service) loadNick(context.Context) error {
	for _, name := range []string{"muc-occupant-pre-join", "muc-occupant-pre-change"} {
		// Before anybody (0) looks the nick up: what comes later may rely on a nick that is well formed, and that can be seen.
		s.hook(name, 2, checkNickPrepared)
		s.hook(name, 1, checkNickVisible)
	}
	return nil
}

// wishedNick is the nick that is wished for; ok is false if this is a mere update of presence.
func wishedNick(ev roomEvent) (nick string, ok bool) {
	if o := ev.occupant("occupant"); o != nil {
		return resourceOf(o.nick), true
	}
	if dest := ev.occupant("dest_occupant"); dest != nil && dest != ev.occupant("orig_occupant") {
		return resourceOf(dest.nick), true
	}
	return "", false
}

func checkNickPrepared(ctx context.Context, ev roomEvent) (any, error) {
	nick, ok := wishedNick(ev)
	if !ok || nick == "" {
		return nil, nil
	}
	if _, ok := jid.Resourceprep(nick, true); ok {
		return nil, nil
	}
	return ev.refuseEntry(ctx, refuse(stanza.Modify, stanza.JIDMalformed, "This nickname has characters that are not allowed", ev.room.jid))
}

func checkNickVisible(ctx context.Context, ev roomEvent) (any, error) {
	nick, ok := wishedNick(ev)
	if !ok || nick == "" || !isBlank(nick) {
		return nil, nil
	}
	return ev.refuseEntry(ctx, refuse(stanza.Modify, stanza.NotAllowed, "A nickname needs characters that can be seen", ev.room.jid))
}

// isBlank tells whether a nick has nothing that can be seen.
func isBlank(nick string) bool { return strings.Trim(nick, " \t\n\v\f\r") == "" }
