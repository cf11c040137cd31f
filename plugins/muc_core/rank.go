package muccore

// Affiliations (XEP-0045 #affil): what someone is to the room. No affiliation is "", in stanzas "none".
const (
	outcast = "outcast"
	member  = "member"
	admin   = "admin"
	owner   = "owner"
)

// Roles (XEP-0045 #roles): what an occupant may do now. No role, which means to be out, is "", in stanzas "none".
const (
	visitor     = "visitor"
	participant = "participant"
	moderator   = "moderator"
)

// none stands for "" where it has to be written.
const none = "none"

// Higher ranks may more.
var (
	affiliationRanks = map[string]int{outcast: -1, none: 0, "": 0, member: 1, admin: 2, owner: 3}
	roleRanks        = map[string]int{none: 0, "": 0, visitor: 1, participant: 2, moderator: 3}
)

// written is an affiliation or role as it stands in stanzas and events that always have one.
func written(s string) string {
	if s == "" {
		return none
	}
	return s
}

// unwritten undoes written.
func unwritten(s string) string {
	if s == none {
		return ""
	}
	return s
}

// byService is the actor of what the service itself does: nobody is asked, and nobody named. Other actors are real JIDs; "" is nobody, and
// may nothing. To other plugins the service is true, or nil in events.
const byService = "*"

// actorValue is an actor as events have it.
func actorValue(actor string) any {
	if actor == byService || actor == "" {
		return nil
	}
	return actor
}
