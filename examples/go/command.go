package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"quatrain/plugins/muc_core/muc"
	"quatrain/xmpp/stanza"
)

// speaker is who has said a command, and where.
type speaker struct {
	room                   muc.Room
	fullJID, bareJID, nick string
	role                   muc.Role
}

// command does what a speaker wants with the room's open poll, which may be nil. The answer is for the speaker alone. An error that is a *stanza.Error tells
// the speaker why nothing was done.
type command func(p *plugin, ctx context.Context, s speaker, current *poll, rest string) (answer string, err error)

// commandOf finds the command that a message begins with, nil if it is none.
func commandOf(body string) (do command, rest string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(body), " ")
	rest = strings.TrimSpace(rest)
	switch {
	case word == "!vote":
		return (*plugin).vote, rest
	case word != "!poll":
		return nil, ""
	case rest == "":
		return (*plugin).show, rest
	case rest == "close":
		return (*plugin).close, rest
	}
	return (*plugin).ask, rest
}

// hear takes commands out of what is said. They are shown to nobody but their speaker, whose client waits for that.
func (p *plugin) hear(ctx context.Context, ev muc.Groupchat) (any, error) {
	do, rest := commandOf(ev.Stanza.ChildText("body", ""))
	if do == nil {
		return nil, nil
	}
	s, err := speakerOf(ctx, ev)
	if err != nil {
		return nil, err
	}
	current, err := p.current(ctx, s.room)
	if err != nil {
		return nil, err
	}
	answer, err := do(p, ctx, s, current, rest)
	var refusal *stanza.Error
	if errors.As(err, &refusal) {
		return ev.Refuse(ctx, refusal)
	}
	if err == nil {
		err = s.reflect(ctx, ev.Stanza)
	}
	if err == nil {
		err = tell(ctx, s.room, s.fullJID, answer)
	}
	return true, err
}

func speakerOf(ctx context.Context, ev muc.Groupchat) (s speaker, err error) {
	o := ev.Occupant()
	s.room, s.fullJID = ev.Room(), ev.FromJID()
	if s.bareJID, err = o.BareJID(ctx); err != nil {
		return s, err
	}
	if s.nick, err = o.Nick(ctx); err != nil {
		return s, err
	}
	s.role, err = o.Role(ctx)
	return s, err
}

// reflect sends the speaker's message back as if it had been sent to the room.
func (s speaker) reflect(ctx context.Context, said *stanza.Element) error {
	st := said.Clone()
	st.SetAttr("from", s.room.OccupantJIDOf(ctx, s.nick))
	st.SetAttr("to", s.fullJID)
	return s.room.Send(ctx, st)
}

// tell says something to one session only.
func tell(ctx context.Context, room muc.Room, fullJID, text string) error {
	return room.Send(ctx, stanza.Message(text, "type", "groupchat", "from", room.JID(ctx), "to", fullJID))
}

// announce says something to the whole room.
func announce(ctx context.Context, room muc.Room, text string) error {
	return room.BroadcastMessage(ctx, stanza.Message(text, "type", "groupchat", "from", room.JID(ctx)))
}

// errNoPoll is for who needs one.
var errNoPoll = stanza.NewError(stanza.ItemNotFound, "There is no poll at the moment")

func (p *plugin) show(_ context.Context, _ speaker, current *poll, _ string) (string, error) {
	if current == nil {
		return "", errNoPoll
	}
	return fmt.Sprintf("%v\nSo far %d voted.", current, len(current.votes)), nil
}

func (p *plugin) ask(ctx context.Context, s speaker, current *poll, rest string) (string, error) {
	if !s.role.AtLeast(p.askers) {
		return "", stanza.NewError(stanza.Forbidden, "You may not begin polls here")
	}
	if current != nil {
		return "", stanza.NewError(stanza.Conflict, "There is a poll already; it ends with: !poll close")
	}
	begun, refusal := parsePoll(rest, s.bareJID)
	if refusal != nil {
		return "", refusal
	}
	if err := p.keep(ctx, s.room, begun); err != nil {
		return "", err
	}
	return "Your poll has begun. It ends with: !poll close", announce(ctx, s.room, s.nick+" asks: "+begun.String())
}

func (p *plugin) vote(ctx context.Context, s speaker, current *poll, rest string) (string, error) {
	if current == nil {
		return "", errNoPoll
	}
	number, err := strconv.Atoi(rest)
	if err != nil || number < 1 || number > len(current.choices) {
		return "", stanza.NewError(stanza.BadRequest, fmt.Sprintf("Want a number from 1 to %d", len(current.choices)))
	}
	current.votes[s.bareJID] = number - 1
	return "You voted for: " + current.choices[number-1], p.keep(ctx, s.room, current)
}

// close ends a poll: one's own, or for moderators any.
func (p *plugin) close(ctx context.Context, s speaker, current *poll, _ string) (string, error) {
	if current == nil {
		return "", errNoPoll
	}
	if current.asker != s.bareJID && s.role != muc.Moderator {
		return "", stanza.NewError(stanza.Forbidden, "Only moderators may close the polls of others")
	}
	if err := p.keep(ctx, s.room, nil); err != nil {
		return "", err
	}
	return "The poll is closed.", announce(ctx, s.room, "The votes are counted: "+current.result())
}
