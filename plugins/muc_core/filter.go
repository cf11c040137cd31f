package muccore

import (
	"context"
	"maps"
	"sync/atomic"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// filteredState are the namespaces of payloads that only the room may write. Safe for concurrent use.
type filteredState struct {
	namespaces atomic.Pointer[map[string]bool] // replaced as a whole
}

var alwaysFiltered = map[string]bool{nsMUC: true, nsUser: true}

func (f *filteredState) all() map[string]bool {
	if p := f.namespaces.Load(); p != nil {
		return *p
	}
	return alwaysFiltered
}

// addFilteredNamespace has payloads of that namespace taken out of what clients send.
func (s *service) addFilteredNamespace(ns string) {
	for {
		old := s.filtered.namespaces.Load()
		all := maps.Clone(s.filtered.all())
		all[ns] = true
		if s.filtered.namespaces.CompareAndSwap(old, &all) {
			return
		}
	}
}

// filteredNamespaces is the key of the items by which other plugins have payloads filtered: add_filtered_namespace of muc/util offers them.
const filteredNamespaces = "muc-filtered-namespace"

// takeFilteredNamespaces takes over what other plugins have offered, or will.
func (s *service) takeFilteredNamespaces() {
	take := func(item any) {
		if ns := text(item); ns != "" {
			s.addFilteredNamespace(ns)
		}
	}
	for _, item := range s.m.Items(filteredNamespaces) {
		take(item)
	}
	s.m.Hook("item-added/"+filteredNamespaces, 0, func(_ context.Context, ev *sdk.Event) (any, error) {
		take(ev.Get("item"))
		return nil, nil
	})
}

// filterMUC takes payloads that only the room may write out of a stanza, and returns it.
func (s *service) filterMUC(st *stanza.Element) *stanza.Element {
	namespaces := s.filtered.all()
	for _, child := range st.Tags {
		if namespaces[child.NS()] {
			return st.MapTags(func(c *stanza.Element) *stanza.Element {
				if namespaces[c.NS()] {
					return nil
				}
				return c
			})
		}
	}
	return st
}

// kickable are the conditions which say that an occupant's session is gone for good, not that it disliked one message (M104).
var kickable = map[stanza.Condition]bool{
	stanza.Gone: true, stanza.InternalServerError: true, stanza.ItemNotFound: true, stanza.JIDMalformed: true,
	stanza.RecipientUnavailable: true, stanza.Redirect: true, stanza.RemoteServerNotFound: true, stanza.RemoteServerTimeout: true,
	stanza.ServiceUnavailable: true,
}

// isKickable is whether an error ends the session it comes from.
func isKickable(st *stanza.Element) bool {
	e := stanza.ParseError(st)
	return e == nil || kickable[e.Condition]
}
