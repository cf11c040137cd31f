package lualib

import (
	"cmp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// maxRouted is how many paths that somebody asked for are remembered with their handlers.
const maxRouted = 10000

// wildcards makes the handlers of "GET host/files/*" handlers of every event that begins with "GET host/files/". Of the handlers of an event
// those of the deeper name run first, then those of the exact name, then by priority.
type wildcards struct {
	known map[string]*eventHandlers // what was found for an event
}

func (w *wildcards) forget() { clear(w.known) }

// of are the handlers of an event, nil if there are none.
func (w *wildcards) of(ev *events, event string) *eventHandlers {
	if h, ok := w.known[event]; ok {
		return h
	}
	h := w.match(ev, event)
	if len(w.known) >= maxRouted {
		w.forget()
	}
	w.known[event] = h
	return h
}

type matched struct {
	eventHandler
	depth int
	exact bool
}

func (w *wildcards) match(ev *events, event string) *eventHandlers {
	if strings.HasSuffix(event, "/*") {
		return nil
	}
	var all []matched
	for key, h := range ev.handlers {
		name := lua.LVAsString(key)
		prefix, wild := strings.CutSuffix(name, "*")
		if name != event && !(wild && strings.HasSuffix(prefix, "/") && strings.HasPrefix(event, prefix)) {
			continue
		}
		for _, x := range h.list {
			all = append(all, matched{x, strings.Count(name, "/"), name == event})
		}
	}
	if all == nil {
		return nil
	}
	slices.SortStableFunc(all, func(a, b matched) int {
		if a.depth != b.depth {
			return cmp.Compare(b.depth, a.depth)
		}
		if a.exact != b.exact {
			if a.exact {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.priority, a.priority)
	})
	h := &eventHandlers{}
	for _, m := range all {
		h.list = append(h.list, m.eventHandler)
	}
	return h
}
