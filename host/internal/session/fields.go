package session

import (
	"maps"

	"quatrain/xmpp/stanza"
)

// Field reads a field by the name modules know it by.
func (s *Session) Field(name string) (value any, ok bool) {
	if name == "presence" {
		return s.shownPresence(), true
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	st := &s.state
	switch name {
	case "type":
		return st.typ, true
	case "username":
		return text(st.username), true
	case "host":
		return text(st.host), true
	case "resource":
		return text(st.resource), true
	case "full_jid":
		return text(st.jid), true
	case "priority":
		if st.presence == nil {
			return nil, true
		}
		return float64(st.priority), true
	case "interested":
		return flag(st.interested), true
	case "roster":
		if st.roster == nil {
			return nil, true
		}
		return st.roster, true
	case "secure", "encrypted":
		return flag(st.secure), true
	case "ip":
		return text(st.ip), true
	case "base_type":
		return "c2s", true
	case "conn":
		if st.offline {
			return nil, true
		}
		return s.link.Load().conn, true
	case "id":
		return s.id, true
	case "role":
		return text(st.role), true
	case "hibernating":
		return st.hibernating, true
	case "sasl_handler":
		if st.claim == "" {
			return nil, true
		}
		return map[string]any{"username": st.claim}, true
	case "destroyed":
		return flag(st.typ == TypeDestroyed), true
	case "directed":
		if st.directed == nil {
			return nil, true
		}
		m := make(map[string]any, len(st.directed))
		for jid := range maps.Keys(st.directed) {
			m[jid] = true
		}
		return m, true
	}
	return nil, false
}

// shownPresence is a copy for modules, the same one each time: what they do to it must not be seen by whoever sends the presence at
// that moment.
func (s *Session) shownPresence() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := &s.state
	if st.presence == nil {
		return nil
	}
	if st.shown == nil {
		st.shown = st.presence.Clone()
	}
	return st.shown
}

// text is nil for "", as a field that is not set.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// flag is nil for false, as a field that is not set.
func flag(b bool) any {
	if !b {
		return nil
	}
	return true
}

// SetField writes a field that may be written from outside.
func (s *Session) SetField(name string, value any) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := &s.state
	switch name {
	case "presence":
		st.presence, st.shown = nil, nil
		if p, ok := value.(*stanza.Element); ok {
			st.presence, st.shown = p.Clone(), p
		}
	case "priority":
		n, _ := value.(float64)
		st.priority = int(n)
	case "interested":
		st.interested = value == true
	case "secure", "encrypted":
		st.secure = value == true
	case "role":
		st.role, _ = value.(string)
	case "hibernating":
		if st.hibernating = value; value == false {
			st.hibernating = nil
		}
	case "conn":
		s.setConn(value)
	case "ip":
		st.ip, _ = value.(string)
	case "type":
		if typ, ok := value.(string); ok && st.typ != TypeDestroyed {
			st.typ = typ
		}
	case "username":
		if value == nil && st.jid == "" { // taken back; it is given by authentication alone
			st.username = ""
		}
	case "host", "resource", "full_jid", "roster", "id", "destroyed", "base_type":
		// Identity is given by authentication and binding alone.
	default:
		return false
	}
	return true
}
