package muc

// Affiliation is what somebody is to a room, present or not (XEP-0045 #affil).
type Affiliation string

const (
	Owner   Affiliation = "owner"
	Admin   Affiliation = "admin"
	Member  Affiliation = "member"
	None    Affiliation = "none"
	Outcast Affiliation = "outcast"
)

// Rank orders affiliations: higher ones may more. Outcasts have -1, whoever is nothing has 0.
func (a Affiliation) Rank() int {
	switch a {
	case Owner:
		return 3
	case Admin:
		return 2
	case Member:
		return 1
	case Outcast:
		return -1
	}
	return 0
}

// Valid is whether there is such an affiliation.
func (a Affiliation) Valid() bool { return a == None || a.Rank() != 0 }

// AtLeast is whether a may as much as b.
func (a Affiliation) AtLeast(b Affiliation) bool { return a.Rank() >= b.Rank() }

// value is how methods of rooms expect it: nothing is nil.
func (a Affiliation) value() any {
	if a == None || a == "" {
		return nil
	}
	return string(a)
}

// affiliationOf reads what methods and events say; nothing is None.
func affiliationOf(v any) Affiliation {
	if s := text(v); s != "" {
		return Affiliation(s)
	}
	return None
}
