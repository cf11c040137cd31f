package muccore

import (
	"slices"

	"quatrain/xmpp/stanza"
)

// Occupant is someone in a room under a nick, with one or more sessions (M74, M75). What rooms hand out are copies: a change counts once
// it went through saveOccupant. It belongs to the chain that is in the room.
type Occupant struct {
	room     *Room
	bareJID  string
	nick     string // the occupant JID
	role     string // "" for none
	jid      string // full JID of the primary session, whose presence stands for the occupant; "" if there is none
	sessions []occupantSession
	stableID string // XEP-0421, "" until asked for
	arrival  uint64 // later occupants of the room have a greater one; 0 for one that is not there

	shown *shownPresence // see occupant_list.go; may be nil

	occupantFace // what other plugins hang on it
}

// occupantSession is a session and its latest presence, which is never changed in place. Sessions stand in order of joining.
type occupantSession struct {
	jid      string // full
	presence *stanza.Element
}

func newOccupant(r *Room, bareJID, nick string) *Occupant {
	return &Occupant{room: r, bareJID: bareJID, nick: nick}
}

// copy leaves out sessions that have ended: they would pile up. But the primary's last presence is still to be shown.
func (o *Occupant) copy() *Occupant {
	c := &Occupant{room: o.room, bareJID: o.bareJID, nick: o.nick, role: o.role, jid: o.jid, stableID: o.stableID, arrival: o.arrival}
	c.sessions = make([]occupantSession, 0, len(o.sessions)+1)
	for _, s := range o.sessions {
		if s.presence.Type() != "unavailable" || s.jid == o.jid {
			c.sessions = append(c.sessions, s)
		}
	}
	return c
}

// presence is the latest of a session, nil if there is none.
func (o *Occupant) presence(fullJID string) *stanza.Element {
	for _, s := range o.sessions {
		if s.jid == fullJID {
			return s.presence
		}
	}
	return nil
}

// primaryPresence is that of the primary session, nil if there is none.
func (o *Occupant) primaryPresence() *stanza.Element { return o.presence(o.jid) }

func (o *Occupant) isAvailable(fullJID string) bool {
	p := o.presence(fullJID)
	return p != nil && p.Type() == ""
}

// availableSession is an available session, "" if there is none.
func (o *Occupant) availableSession() string {
	for _, s := range o.sessions {
		if s.presence.Type() == "" {
			return s.jid
		}
	}
	return ""
}

// hasOtherSession is whether a session other than this one is available.
func (o *Occupant) hasOtherSession(fullJID string) bool {
	return slices.ContainsFunc(o.sessions, func(s occupantSession) bool {
		return s.jid != fullJID && s.presence.Type() == ""
	})
}

// setSession remembers a session's presence. New sessions do not take over: the primary stays until it goes unavailable, so that others
// see one steady presence.
func (o *Occupant) setSession(fullJID string, presence *stanza.Element, replacePrimary bool) {
	p := o.room.s.filterMUC(presence.Clone())
	p.SetAttr("from", o.nick)
	p.SetAttr("to", fullJID)
	o.putSession(fullJID, p)
	primaryLeft := o.jid == fullJID && p.Type() == "unavailable"
	switch {
	case replacePrimary:
		o.jid = fullJID
	case o.jid == "" || primaryLeft:
		if o.jid = o.availableSession(); o.jid == "" {
			o.jid = fullJID
		}
	}
}

func (o *Occupant) putSession(fullJID string, presence *stanza.Element) {
	for i := range o.sessions {
		if o.sessions[i].jid == fullJID {
			o.sessions[i].presence = presence
			return
		}
	}
	o.sessions = append(o.sessions, occupantSession{fullJID, presence})
}

func (o *Occupant) removeSession(fullJID string) {
	o.sessions = slices.DeleteFunc(slices.Clone(o.sessions), func(s occupantSession) bool { return s.jid == fullJID })
	if o.jid == fullJID {
		o.jid = o.availableSession()
	}
}
