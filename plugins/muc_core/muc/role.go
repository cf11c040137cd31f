package muc

// Role is what an occupant may do at the moment (XEP-0045 #roles).
type Role string

const (
	Moderator   Role = "moderator"
	Participant Role = "participant"
	Visitor     Role = "visitor"
	NoRole      Role = "none" // out of the room
)

// Rank orders roles: higher ones may more. NoRole has 0.
func (r Role) Rank() int {
	switch r {
	case Moderator:
		return 3
	case Participant:
		return 2
	case Visitor:
		return 1
	}
	return 0
}

// Valid is whether there is such a role.
func (r Role) Valid() bool { return r == NoRole || r.Rank() != 0 }

// AtLeast is whether r may as much as other.
func (r Role) AtLeast(other Role) bool { return r.Rank() >= other.Rank() }

// value is how methods of rooms expect it: no role is nil.
func (r Role) value() any {
	if r == NoRole || r == "" {
		return nil
	}
	return string(r)
}

// roleOf reads what methods and events say; nothing is NoRole.
func roleOf(v any) Role {
	if s := text(v); s != "" {
		return Role(s)
	}
	return NoRole
}
