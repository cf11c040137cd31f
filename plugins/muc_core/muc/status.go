package muc

import (
	"strconv"

	"quatrain/xmpp/stanza"
)

// Status is a code in the <x/> of muc#user (XEP-0045 #registrar-statuscodes).
type Status int

const (
	StatusNonAnonymous       Status = 100 // everybody sees the real JIDs here
	StatusAffiliationChanged Status = 101 // while the user was not in the room
	StatusShowsUnavailable   Status = 102 // the room now shows absent people
	StatusHidesUnavailable   Status = 103
	StatusConfigChanged      Status = 104
	StatusSelf               Status = 110 // the presence is one's own
	StatusLogged             Status = 170 // the room is archived
	StatusNotLogged          Status = 171
	StatusNowNonAnonymous    Status = 172
	StatusNowSemiAnonymous   Status = 173
	StatusCreated            Status = 201
	StatusNickChanged        Status = 210 // by the service
	StatusBanned             Status = 301
	StatusNewNick            Status = 303
	StatusKicked             Status = 307
	StatusAffiliationLost    Status = 321 // and therefore removed
	StatusMembersOnly        Status = 322 // the room has become so, and therefore removed
	StatusShutdown           Status = 332
	StatusError              Status = 333 // removed because of an error
)

// String is the code as it is written.
func (s Status) String() string { return strconv.Itoa(int(s)) }

// X makes the <x/> of muc#user with status codes, to be added to presence and messages.
func X(codes ...Status) *stanza.Element {
	x := stanza.New("x", NSUser)
	for _, code := range codes {
		x.AddChild(stanza.New("status", "", "code", code.String()))
	}
	return x
}

// HasStatus is whether a stanza carries a status code.
func HasStatus(st *stanza.Element, code Status) bool {
	x := st.Child("x", NSUser)
	return x != nil && x.ChildWithAttr("status", "", "code", code.String(), nil) != nil
}
