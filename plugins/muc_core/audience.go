package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

// audience is who hears what a room says: the full JIDs of all sessions as plain lists, kept up to date on joining and leaving, so that
// saying something is a single delivery however many listen. Moderators have a list of their own, since in semi-anonymous rooms they see
// another version of each presence.
type audience struct {
	everyone   *hearers
	moderators *hearers
	others     *hearers
	partOf     map[string]*hearers          // full JID → moderators or others
	accounts   map[string]map[string]string // bare JID → full JID → occupant JID
}

func newAudience() audience {
	return audience{newHearers(), newHearers(), newHearers(), map[string]*hearers{}, map[string]map[string]string{}}
}

// sessionsOf are the sessions of an account: full JID → occupant JID. Not to be changed.
func (a *audience) sessionsOf(bareJID string) map[string]string { return a.accounts[bareJID] }

// set makes a session of an occupant known, with the occupant's role.
func (a *audience) set(fullJID string, o *Occupant) {
	part := a.others
	if o.role == moderator {
		part = a.moderators
	}
	if old := a.partOf[fullJID]; old != part {
		if old != nil {
			old.remove(fullJID)
		} else {
			a.everyone.add(fullJID)
		}
		part.add(fullJID)
		a.partOf[fullJID] = part
	}
	sessions := a.accounts[o.bareJID]
	if sessions == nil {
		sessions = map[string]string{}
		a.accounts[o.bareJID] = sessions
	}
	sessions[fullJID] = o.nick
}

// remove forgets a session of an account.
func (a *audience) remove(fullJID, bareJID string) {
	part := a.partOf[fullJID]
	if part == nil {
		return
	}
	delete(a.partOf, fullJID)
	part.remove(fullJID)
	a.everyone.remove(fullJID)
	delete(a.accounts[bareJID], fullJID)
	if len(a.accounts[bareJID]) == 0 {
		delete(a.accounts, bareJID)
	}
}

// hearers are full JIDs in no particular order.
type hearers struct {
	jids  []string
	index map[string]int // full JID → place
	// lent is whether somebody is sending to jids. Delivery may come back into the room (a bounce ends a session), so what is lent is left
	// alone, and a copy takes its place.
	lent bool
}

func newHearers() *hearers { return &hearers{index: map[string]int{}} }

func (l *hearers) makeWritable() {
	if l.lent {
		l.jids = append(make([]string, 0, len(l.jids)+1), l.jids...)
		l.lent = false
	}
}

func (l *hearers) add(fullJID string) {
	l.makeWritable()
	l.index[fullJID] = len(l.jids)
	l.jids = append(l.jids, fullJID)
}

// remove lets the last take the free place: nobody promised an order, and moving all the others would make leaving a large room slow.
func (l *hearers) remove(fullJID string) {
	l.makeWritable()
	place, last := l.index[fullJID], len(l.jids)-1
	moved := l.jids[last]
	l.jids[place], l.index[moved] = moved, place
	l.jids[last] = ""
	l.jids = l.jids[:last]
	delete(l.index, fullJID)
}

// send delivers to all.
func (l *hearers) send(ctx context.Context, r *Room, st *stanza.Element) error {
	jids, outer := l.jids, l.lent
	l.lent = true
	err := r.deliver(ctx, jids, st)
	if l.lent { // otherwise jids has been replaced
		l.lent = outer
	}
	return err
}

// sendExcept delivers to all but those that are keys of excluded.
func (l *hearers) sendExcept(ctx context.Context, r *Room, st *stanza.Element, excluded map[string]string) error {
	affected := false
	for jid := range excluded {
		if _, ok := l.index[jid]; ok {
			affected = true
		}
	}
	if !affected {
		return l.send(ctx, r, st)
	}
	others := make([]string, 0, len(l.jids))
	for _, jid := range l.jids {
		if _, ok := excluded[jid]; !ok {
			others = append(others, jid)
		}
	}
	return r.deliver(ctx, others, st)
}
