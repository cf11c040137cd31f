package wire

import "time"

// recent keeps the sessions that were used lately: somebody who talks is told of with each stanza, and what stands for him would be made anew each
// time. imports.mu guards it.
type recent struct {
	period   uint64 // of now, from 1
	sessions []*imported
	timer    *time.Timer
	timed    bool // whether it runs
}

// keeping is how long a session that is not used is kept, and at most twice as long.
const keeping = 5 * time.Second

// use keeps a session, whose reference has come. Called with mu held.
func (im *imports) use(e *imported, x proxied) {
	if _, is := x.(*session); !is {
		return
	}
	if e.used == 0 {
		e.kept = x
		im.sessions = append(im.sessions, e)
	}
	e.used = im.period
	if im.timed {
		return
	}
	if im.timed = true; im.timer == nil {
		im.timer = time.AfterFunc(keeping, im.tire)
		return
	}
	im.timer.Reset(keeping)
}

// tire lets go of the sessions that have not been used for a period.
func (im *imports) tire() {
	im.mu.Lock()
	defer im.mu.Unlock()
	left := im.sessions[:0]
	for _, e := range im.sessions {
		if e.used == im.period {
			left = append(left, e)
			continue
		}
		e.kept, e.used = nil, 0
	}
	clear(im.sessions[len(left):])
	im.sessions = left
	im.period++
	if im.timed = len(left) > 0; im.timed {
		im.timer.Reset(keeping)
	}
}
