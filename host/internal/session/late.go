package session

import (
	"context"
	"net"
	"time"

	"quatrain/xmpp/stanza"
)

// send queues a stanza, and remembers who sends to a peer that is late.
func (o *output) send(ctx context.Context, st *stanza.Element) error {
	err := o.appendElement(ctx, st)
	if o.late.Load() {
		o.pressure.press(st.From(), o)
	}
	return err
}

// level is how much waits for the peer, what is being written included. Called with mu held.
func (o *output) level() int {
	if o.buf == nil {
		return o.inflight
	}
	return len(o.buf.bytes) + o.inflight
}

// fits looks, not for each stanza, whether so much may wait. Called with mu held.
func (o *output) fits(level int) bool {
	limit := o.pressure.room(o.limits.Queue)
	if level > limit {
		return false
	}
	o.account(level)
	o.judge(level)
	return true
}

// account tells the server how much waits here, and says when to look again. Called with mu held.
func (o *output) account(level int) {
	charged := level - level%step
	o.pressure.charge(charged - o.charged)
	o.charged = charged
	o.look = min(charged+step, o.limits.Queue+1)
}

// judge says whether the peer is late: whether much waits for it although it reads. Called with mu held.
func (o *output) judge(level int) {
	limit := o.pressure.room(o.limits.Queue)
	switch {
	case level > limit/lateAt && !o.closing && !o.dead && time.Since(o.moved) < stall:
		o.late.Store(true)
	case level < limit/caughtUpAt || o.closing || o.dead:
		o.caughtUp()
	}
}

// caughtUp lets go on who waits for the peer. Called with mu held.
func (o *output) caughtUp() {
	if !o.late.Load() {
		return
	}
	o.late.Store(false)
	o.pressure.forget(o)
	if o.eased != nil {
		close(o.eased)
		o.eased = nil
	}
}

// settle is called with mu held when the writer has nothing in hand.
func (o *output) settle() {
	o.inflight = 0
	if o.charged > 0 || o.late.Load() {
		level := o.level()
		o.account(level)
		o.judge(level)
	}
}

// maxPiece is how much is written at once, so that it shows whether the peer reads.
const maxPiece = 128 << 10

// inPieces writes what has been taken from the buffer.
func (o *output) inPieces(conn net.Conn, data []byte) error {
	for len(data) > maxPiece {
		n, err := conn.Write(data[:maxPiece])
		if err != nil {
			return err
		}
		data = data[n:]
		o.wrote(len(data))
	}
	_, err := conn.Write(data)
	return err
}

// wrote notes that the peer has taken a piece; left is what remains to be written.
func (o *output) wrote(left int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.inflight, o.moved = left, time.Now()
	level := o.level()
	o.account(level)
	o.judge(level)
}

// awaitPeer waits until the peer is no longer late, or has stopped to read.
func (o *output) awaitPeer(ctx context.Context) {
	end := time.Now().Add(maxHold)
	for {
		eased, left := o.easing()
		left = min(left, time.Until(end))
		if eased == nil || left <= 0 {
			return
		}
		timer := time.NewTimer(left)
		select {
		case <-eased:
		case <-ctx.Done():
			end = time.Time{}
		case <-timer.C:
		}
		timer.Stop()
	}
}

// easing is closed when the peer is no longer late, nil if it is not now; left is until when it has to have read something.
func (o *output) easing() (eased <-chan struct{}, left time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.late.Load() {
		return nil, 0
	}
	if left = stall - time.Since(o.moved); left <= 0 {
		o.caughtUp()
		return nil, 0
	}
	if o.eased == nil {
		o.eased = make(chan struct{})
	}
	return o.eased, left
}
