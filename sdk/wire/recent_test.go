package wire

import "testing"

// Sessions are kept until they have not been used for a period; other things are not.
func TestRecentSessions(t *testing.T) {
	var im imports
	im.init()
	quiet, busy, other := &imported{id: 1}, &imported{id: 2}, &imported{id: 3}
	im.mu.Lock()
	im.use(quiet, &session{})
	im.use(busy, &session{})
	im.use(other, &function{})
	im.mu.Unlock()
	im.tire()
	im.mu.Lock()
	im.use(busy, busy.kept)
	im.mu.Unlock()
	im.tire()
	if quiet.kept != nil || busy.kept == nil || other.kept != nil || len(im.sessions) != 1 {
		t.Errorf("kept: the quiet one %v, the busy one %v, what is none %v; %d", quiet.kept != nil, busy.kept != nil, other.kept != nil, len(im.sessions))
	}
	im.tire()
	im.tire()
	if busy.kept != nil || len(im.sessions) != 0 || im.timed {
		t.Error("what is not used any more is kept")
	}
	im.mu.Lock()
	im.use(busy, &session{})
	im.mu.Unlock()
	if busy.kept == nil || !im.timed {
		t.Error("what is used again is not kept")
	}
	im.letGo()
	im.tire()
	if len(im.sessions) != 0 || im.timed {
		t.Error("what belongs to an ended stream is kept")
	}
}
