package muccore

import (
	"container/list"
	"sync"
	"sync/atomic"
)

// roomsState are all rooms of the service. Rooms in memory are ordered by when they were last used. Nothing is called under its mutex.
type roomsState struct {
	limited bool // there are at most size rooms, and none is swapped out
	size    int  // rooms in memory
	metrics *roomMetrics

	mu      sync.Mutex               // guards the rest
	live    map[string]*list.Element // room JID → *Room in order
	order   *list.List               // used last first
	loading map[string]*loading      // room JID → somebody brings it from the store

	// crowded is whether more rooms are in memory than there should be, since others were busy.
	crowded atomic.Bool
}

// clear begins with no rooms, of which size, at least 1, are to be in memory.
func (rs *roomsState) clear(size int) {
	rs.live, rs.order, rs.loading = map[string]*list.Element{}, list.New(), map[string]*loading{}
	rs.size = max(1, size)
}

// recall is a room in memory, nil if it is not there. It is the one used last now.
func (rs *roomsState) recall(jid string) *Room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	e := rs.live[jid]
	if e == nil {
		return nil
	}
	rs.order.MoveToFront(e)
	return e.Value.(*Room)
}

// peek is recall without using it.
func (rs *roomsState) peek(jid string) *Room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if e := rs.live[jid]; e != nil {
		return e.Value.(*Room)
	}
	return nil
}

func (rs *roomsState) count() int {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return len(rs.live)
}

// put takes a room into memory; it returns another one that is there already and is not to be replaced.
func (rs *roomsState) put(r *Room, replace bool) (other *Room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if e := rs.live[r.jid]; e != nil {
		if old := e.Value.(*Room); old != r && !replace {
			return old
		}
		rs.order.Remove(e)
	}
	rs.live[r.jid] = rs.order.PushFront(r)
	return nil
}

// remove takes a room out of memory, if it is there.
func (rs *roomsState) remove(r *Room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if e := rs.live[r.jid]; e != nil && e.Value.(*Room) == r {
		rs.order.Remove(e)
		delete(rs.live, r.jid)
	}
}

// oldestFirst are the rooms in memory.
func (rs *roomsState) oldestFirst() []*Room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rooms := make([]*Room, 0, len(rs.live))
	for e := rs.order.Back(); e != nil; e = e.Prev() {
		rooms = append(rooms, e.Value.(*Room))
	}
	return rooms
}
