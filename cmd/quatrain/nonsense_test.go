package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"quatrain/spec"
)

// babbler makes stanzas that are well formed and mean little: known words in places where they may or may not belong.
type babbler struct{ r *rand.Rand }

var (
	nonsenseNamespaces = []string{"", "", "", "http://jabber.org/protocol/muc", "http://jabber.org/protocol/muc#user",
		"http://jabber.org/protocol/muc#admin", "http://jabber.org/protocol/muc#owner", "jabber:x:data", "jabber:iq:register", "vcard-temp",
		"urn:xmpp:ping", "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items", "urn:xmpp:mam:2",
		"http://jabber.org/protocol/muc#unique", "urn:xmpp:delay", "urn:xmpp:hints", "urn:example:other"}
	nonsenseNames = []string{"x", "query", "item", "invite", "decline", "reason", "destroy", "history", "password", "body", "subject", "thread",
		"status", "show", "field", "value", "vCard", "PHOTO", "BINVAL", "ping", "unique", "remove", "actor", "set", "max", "delay", "store"}
	nonsenseAttributes = []string{"affiliation", "role", "jid", "nick", "to", "from", "type", "var", "maxstanzas", "maxchars", "seconds",
		"since", "node", "code", "stamp"}
	nonsenseValues = []string{"", "0", "1", "-1", "nan", "99999999999999999999", "none", "member", "admin", "owner", "outcast", "visitor",
		"participant", "moderator", "king", "Romeo", "Juliet", "Nobody", "user@localhost", "user2@localhost", "user2@localhost/x", "@@",
		"submit", "cancel", "form", "2020-01-01T00:00:00Z", "yesterday", "\u0221", "\u2003", "&lt;&amp;", "anyone", "moderators",
		"http://jabber.org/protocol/muc#roomconfig", "http://jabber.org/protocol/muc#request", "http://jabber.org/protocol/muc#register"}
	nonsenseFields = []string{"muc#roomconfig_roomname", "muc#roomconfig_lang", "muc#roomconfig_publicroom", "muc#roomconfig_roomsecret",
		"muc#roomconfig_membersonly", "muc#roomconfig_moderatedroom", "muc#roomconfig_whois", "muc#roomconfig_historylength",
		"muc#roomconfig_defaulthistorymessages", "muc#roomconfig_presencebroadcast", "muc#roomconfig_allowpm", "muc#roomconfig_maxusers",
		"muc#roomconfig_roomadmins", "muc#roomconfig_roomowners", "muc#jid", "muc#role", "muc#request_allow", "muc#register_roomnick"}
)

func (b babbler) word(list []string) string { return list[b.r.IntN(len(list))] }

func (b babbler) element(depth int) string {
	name, attributes, content := b.word(nonsenseNames), "", ""
	if ns := b.word(nonsenseNamespaces); ns != "" {
		attributes = fmt.Sprintf(" xmlns='%s'", ns)
	}
	if b.r.IntN(2) == 0 {
		attributes += fmt.Sprintf(" %s='%s'", b.word(nonsenseAttributes), b.word(nonsenseValues))
	}
	for n := b.r.IntN(3); n > 0 && depth < 3; n-- {
		content += b.element(depth + 1)
	}
	if b.r.IntN(3) == 0 {
		content += b.word(nonsenseValues)
	}
	return fmt.Sprintf("<%s%s>%s</%s>", name, attributes, content, name)
}

func (b babbler) form() string {
	fields := ""
	for n := b.r.IntN(4); n > 0; n-- {
		fields += fmt.Sprintf("<field var='%s'><value>%s</value></field>", b.word(nonsenseFields), b.word(nonsenseValues))
	}
	return fmt.Sprintf("<x xmlns='jabber:x:data' type='%s'><field var='FORM_TYPE'><value>%s</value></field>%s</x>",
		b.word([]string{"submit", "submit", "submit", "cancel", "result"}), nonsenseValues[len(nonsenseValues)-1-b.r.IntN(3)], fields)
}

func (b babbler) payload() string {
	switch b.r.IntN(7) {
	case 0:
		return b.form()
	case 1:
		return "<query xmlns='http://jabber.org/protocol/muc#owner'>" + b.word([]string{"", b.form(), b.form(), b.element(1)}) + "</query>"
	case 2:
		return fmt.Sprintf("<query xmlns='http://jabber.org/protocol/muc#admin'><item %s='%s' %s='%s'/></query>",
			b.word([]string{"affiliation", "role"}), b.word(nonsenseValues), b.word([]string{"jid", "nick"}), b.word(nonsenseValues))
	case 3:
		return "<query xmlns='jabber:iq:register'>" + b.word([]string{"", "<remove/>", b.form(), b.element(1)}) + "</query>"
	case 4:
		return fmt.Sprintf("<x xmlns='http://jabber.org/protocol/muc#user'><%s to='%s'/></x>", b.word([]string{"invite", "decline", "item"}),
			b.word(nonsenseValues))
	case 5:
		return fmt.Sprintf("<x xmlns='http://jabber.org/protocol/muc'><history %s='%s'/></x>",
			b.word([]string{"maxchars", "maxstanzas", "seconds", "since"}), b.word(nonsenseValues))
	}
	return b.element(0)
}

func (b babbler) stanza(n int, service string) string {
	to := b.word([]string{"nonsense@", "nonsense@", "nonsense@", "nonsense@", "other@", ""}) + service +
		b.word([]string{"", "", "/Romeo", "/Juliet", "/Nobody", "/\u0221"})
	payload := b.payload()
	switch b.r.IntN(3) {
	case 0:
		return fmt.Sprintf("<iq to='%s' type='%s' id='n%d'>%s</iq>", to, b.word([]string{"get", "set", "set", "result"}), n, payload)
	case 1:
		kind := b.word([]string{"groupchat", "groupchat", "chat", "normal", "error", "headline"})
		return fmt.Sprintf("<message to='%s' type='%s' id='n%d'>%s</message>", to, kind, n, payload)
	}
	if b.r.IntN(3) > 0 {
		payload = "<x xmlns='http://jabber.org/protocol/muc'/>" + payload
	}
	kind := b.word([]string{"", "", "", " type='unavailable'", " type='probe'", " type='error'", " type='subscribe'"})
	return fmt.Sprintf("<presence to='%s'%s>%s</presence>", to, kind, payload)
}

// script lets two people babble. Now and then they find a room that is open to both.
func (b babbler) script(service string, stanzas int) string {
	text := "[Client] Romeo\n\tjid: user@localhost\n\tpassword: password\n\n[Client] Juliet\n\tjid: user2@localhost\n\tpassword: password\n\n" +
		"-----\n\nRomeo connects\n\nJuliet connects\n"
	for n := range stanzas {
		if n%50 == 0 {
			for _, who := range []string{"Romeo", "Juliet"} {
				text += fmt.Sprintf("\n%s sends:\n\t<presence to='nonsense@%s/%s'><x xmlns='http://jabber.org/protocol/muc'/></presence>\n",
					who, service, who)
			}
		}
		text += fmt.Sprintf("\n%s sends:\n\t%s\n", b.word([]string{"Romeo", "Juliet"}), b.stanza(n, service))
	}
	return text + "\nRomeo disconnects\n\nJuliet disconnects\n"
}

// TestNonsense says nonsense to rooms, which must find nothing to complain of: whatever it is, it is for the handlers to refuse.
func TestNonsense(t *testing.T) { forTwins(t, testNonsense) }

func testNonsense(t *testing.T, runtime string) {
	for _, played := range []struct{ config, service string }{
		{"../../plugins/muc_core/spec/plugins.toml", "conference.localhost"},
		{"../../plugins/muc_core/spec/plugins.toml", "tiny.localhost"},
		{"../../plugins/muc_register/spec/plugins.toml", "enforced.localhost"},
		{"../../plugins/muc_mam/spec/plugins.toml", "conference.localhost"},
	} {
		for seed := range uint64(3) {
			name := fmt.Sprintf("%s %d", strings.TrimPrefix(played.config, "../../plugins/")+" "+played.service, seed)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				text := babbler{rand.New(rand.NewPCG(seed, 1))}.script(played.service, 400)
				script, err := spec.Parse("nonsense.scs", []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				complaints := &logbook{}
				p := &program{stdout: io.Discard, stderr: complaints}
				if err := p.play(t.Context(), &specOptions{config: played.config, timeout: 4 * spec.DefaultTimeout, runtimes: roomsIn(runtime)}, script, text); err != nil {
					t.Error(err)
				}
				if said := complaints.String(); said != "" {
					t.Errorf("the server complains:\n%s", said)
				}
			})
		}
	}
}
