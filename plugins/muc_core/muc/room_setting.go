package muc

import "context"

// The settings of a room. Setters act at once and tell whether that is a change; it is for the caller to Save, or to tell that the
// configuration has changed.

// Name, Description and Language are what the room says about itself; "" if it does not.
func (r Room) Name(ctx context.Context) (string, error) { return r.textOf(ctx, "get_name") }
func (r Room) Description(ctx context.Context) (string, error) {
	return r.textOf(ctx, "get_description")
}
func (r Room) Language(ctx context.Context) (string, error) { return r.textOf(ctx, "get_language") }

func (r Room) SetName(ctx context.Context, v string) (bool, error) {
	return r.change(ctx, "set_name", v)
}
func (r Room) SetDescription(ctx context.Context, v string) (bool, error) {
	return r.change(ctx, "set_description", v)
}
func (r Room) SetLanguage(ctx context.Context, v string) (bool, error) {
	return r.change(ctx, "set_language", v)
}

// Password is what one has to know to enter, "" if nothing.
func (r Room) Password(ctx context.Context) (string, error) { return r.textOf(ctx, "get_password") }

func (r Room) SetPassword(ctx context.Context, v string) (bool, error) {
	return r.change(ctx, "set_password", v)
}

// Hidden rooms are not in the list of rooms.
func (r Room) Hidden(ctx context.Context) (bool, error) { return r.flag(ctx, "get_hidden") }

func (r Room) SetHidden(ctx context.Context, v bool) (bool, error) {
	return r.change(ctx, "set_hidden", v)
}

// MembersOnly rooms let only people with an affiliation enter. Setting it removes the others.
func (r Room) MembersOnly(ctx context.Context) (bool, error) { return r.flag(ctx, "get_members_only") }

func (r Room) SetMembersOnly(ctx context.Context, v bool) (bool, error) {
	return r.change(ctx, "set_members_only", v)
}

// AllowMemberInvites: in rooms for members only, members may invite.
func (r Room) AllowMemberInvites(ctx context.Context) (bool, error) {
	return r.flag(ctx, "get_allow_member_invites")
}

func (r Room) SetAllowMemberInvites(ctx context.Context, v bool) (bool, error) {
	return r.change(ctx, "set_allow_member_invites", v)
}

// Moderated rooms give people without an affiliation no voice.
func (r Room) Moderated(ctx context.Context) (bool, error) { return r.flag(ctx, "get_moderated") }

func (r Room) SetModerated(ctx context.Context, v bool) (bool, error) {
	return r.change(ctx, "set_moderated", v)
}

// Persistent rooms outlast their last occupant.
func (r Room) Persistent(ctx context.Context) (bool, error) { return r.flag(ctx, "get_persistent") }

func (r Room) SetPersistent(ctx context.Context, v bool) (bool, error) {
	return r.change(ctx, "set_persistent", v)
}

// ChangeSubject: participants may change the subject.
func (r Room) ChangeSubject(ctx context.Context) (bool, error) {
	return r.flag(ctx, "get_changesubject")
}

func (r Room) SetChangeSubject(ctx context.Context, v bool) (bool, error) {
	return r.change(ctx, "set_changesubject", v)
}

// Subject is the subject and the JID that it is from.
func (r Room) Subject(ctx context.Context) (from, subject string, err error) {
	results, err := call(ctx, r.Object, "get_subject")
	return text(at(results, 0)), text(at(results, 1)), err
}

// SetSubject changes the subject on behalf of an occupant JID or the room's, saves, and tells everybody. changed is false if it was the same.
func (r Room) SetSubject(ctx context.Context, from, subject string) (changed bool, err error) {
	results, err := call(ctx, r.Object, "set_subject", from, subject)
	if err != nil || at(results, 0) == false {
		return false, err
	}
	return truthy(at(results, 0)), refusal(results)
}

// Whois values.
const (
	WhoisModerators = "moderators" // only moderators see real JIDs: the room is semi-anonymous
	WhoisAnyone     = "anyone"     // non-anonymous
)

// Whois is who sees real JIDs.
func (r Room) Whois(ctx context.Context) (string, error) { return r.textOf(ctx, "get_whois") }

func (r Room) SetWhois(ctx context.Context, v string) (bool, error) {
	return r.change(ctx, "set_whois", v)
}

// HistoryLength is how many of the latest messages the room keeps.
func (r Room) HistoryLength(ctx context.Context) (int, error) {
	v, err := ask(ctx, r.Object, "get_historylength")
	n, _ := v.(float64)
	return int(n), err
}

func (r Room) SetHistoryLength(ctx context.Context, n int) (bool, error) {
	return r.change(ctx, "set_historylength", float64(n))
}

// textOf, flag and change call getters and setters.
func (r Room) textOf(ctx context.Context, getter string) (string, error) {
	v, err := ask(ctx, r.Object, getter)
	return text(v), err
}

func (r Room) flag(ctx context.Context, getter string) (bool, error) {
	v, err := ask(ctx, r.Object, getter)
	return truthy(v), err
}

func (r Room) change(ctx context.Context, setter string, value any) (bool, error) {
	v, err := ask(ctx, r.Object, setter, value)
	return truthy(v), err
}
