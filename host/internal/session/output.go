package session

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// output is the bounded way out of a session. Whoever appends makes sure that it is flushed: at once, or when the chain's batch ends.
type output struct {
	filters *filters
	limits  Limits
	log     *slog.Logger
	id      string  // of the session whose connection it was first
	watcher Watcher // may be nil
	rounds  *Rounds // may be nil

	pressure *Pressure   // may be nil
	late     atomic.Bool // much waits for the peer although it reads; mu guards changes

	mu      sync.Mutex // guards the rest; nothing is called under it but printing and Conn.SetDeadline
	conn    net.Conn
	raw     syscall.RawConn // of conn, nil if that is none of the system's
	bus     sdk.Bus         // on which the watcher tells; nil if it is to be asked
	buf     *buffer         // what waits; nil when nothing does
	tickets []sdk.Ticket    // the writes to stores that buf acknowledges
	batch   *batch          // that will flush; nil if none
	writing bool            // a writer is at work
	closing bool            // nothing is appended any more
	dead    bool
	held    bool          // nothing is written but the end
	idle    chan struct{} // closed when there is nothing to write; nil if nobody waits for it

	inflight int           // bytes of what is being written
	look     int           // the level at which to look whether so much may wait
	charged  int           // what was told to pressure
	moved    time.Time     // when the peer has last taken something, or the first bytes began to wait
	eased    chan struct{} // closed when the peer is no longer late; nil if nobody waits for it

	deadline time.Time // for writing, of the connection; whoever writes uses it
}

// begin takes the lock and makes room to append to; without an error, appended ends what it began.
func (o *output) begin() (*buffer, error) {
	o.mu.Lock()
	if o.dead || o.closing {
		o.mu.Unlock()
		return nil, ErrEnded
	}
	if o.buf == nil {
		o.buf = takeBuffer()
	}
	return o.buf, nil
}

func (o *output) appendElement(ctx context.Context, st *stanza.Element) error {
	buf, err := o.begin()
	if err != nil {
		return err
	}
	buf.bytes = st.AppendXML(buf.bytes, stanza.NSClient)
	return o.appended(ctx)
}

func (o *output) appendRendered(ctx context.Context, r stanza.Rendered, to string) error {
	buf, err := o.begin()
	if err != nil {
		return err
	}
	buf.bytes = r.AppendTo(buf.bytes, to)
	return o.appended(ctx)
}

func (o *output) appendBytes(ctx context.Context, b []byte) error {
	buf, err := o.begin()
	if err != nil {
		return err
	}
	buf.bytes = append(buf.bytes, b...)
	return o.appended(ctx)
}

// appended ends an append: it releases the lock, and flushes unless the chain holds back.
func (o *output) appended(ctx context.Context) error {
	if level := o.level(); level >= o.look && !o.fits(level) {
		o.overflow()
		return ErrEnded
	}
	var b *batch
	if c := sdk.ChainOf(ctx); c != nil {
		o.acknowledges(c.Ticket())
		b, _ = c.Batch().(*batch)
	}
	if b == nil {
		o.flushLocked()
		return nil
	}
	listed := o.batch == b
	o.batch = b
	o.mu.Unlock()
	if !listed {
		b.add(o)
	}
	return nil
}

// acknowledges notes that what waits must not be written before a store's write is durable.
func (o *output) acknowledges(t sdk.Ticket) {
	if t == nil {
		return
	}
	if n := len(o.tickets); n == 0 || o.tickets[n-1] != t {
		o.tickets = append(o.tickets, t)
	}
}

// watched tells whether the watcher wants to know when something is written. Called with mu held.
func (o *output) watched() bool {
	switch {
	case o.watcher == nil:
		return false
	case o.bus != nil:
		return o.bus.Has(EventDraining) || o.bus.Has(EventDrained)
	}
	return o.watcher.Watching()
}

// flush starts a writer unless one is at work.
func (o *output) flush() {
	o.mu.Lock()
	o.flushLocked()
}

// flushLocked is flush with mu held, which it releases.
func (o *output) flushLocked() {
	o.batch = nil
	start := !o.writing && o.writable()
	if start {
		o.writing = true
	}
	o.mu.Unlock()
	if start {
		go o.write()
	}
}

// writable is called with mu held.
func (o *output) writable() bool { return o.buf != nil && !o.dead && (!o.held || o.closing) }

// write writes until nothing is left.
func (o *output) write() {
	for {
		o.mu.Lock()
		if o.watched() {
			o.mu.Unlock()
			o.watcher.Draining()
			o.mu.Lock()
		}
		if !o.writable() {
			o.stopWriting()
			return
		}
		p := o.take()
		o.mu.Unlock()
		if !o.written(p, o.writeOut(p)) {
			return
		}
	}
}

// portion is what a writer has taken out of the buffer.
type portion struct {
	buf     *buffer
	tickets []sdk.Ticket
	conn    net.Conn
	timeout time.Duration
}

// take is called with mu held by the writer when there is something to write.
func (o *output) take() portion {
	p := portion{o.buf, o.tickets, o.conn, o.limits.WriteTimeout}
	o.buf, o.tickets = nil, nil
	if o.inflight = len(p.buf.bytes); o.inflight >= step {
		o.moved = time.Now() // since it has taken what came before
	}
	if o.closing {
		p.timeout = min(p.timeout, lingering)
	}
	return p
}

// written is called by the writer when a portion has been written, or has not; it tells whether there is more to do.
func (o *output) written(p portion, err error) (more bool) {
	giveBuffer(p.buf)
	if err != nil {
		o.log.Debug("writing failed", "session", o.id, "err", err)
		o.destroy()
	}
	return o.goOn()
}

// goOn is false when there is nothing more to write; then the writer is no longer at work.
func (o *output) goOn() bool {
	o.mu.Lock()
	o.settle()
	if !o.writable() {
		o.stopWriting()
		return false
	}
	o.mu.Unlock()
	return true
}

// stopWriting is called with mu held and releases it.
func (o *output) stopWriting() {
	o.writing = false
	if o.idle != nil {
		close(o.idle)
		o.idle = nil
	}
	conn, end, drained := o.conn, o.closing && !o.dead, o.buf == nil && !o.closing && !o.dead && o.watched()
	o.mu.Unlock()
	if end {
		closeWrite(conn)
	}
	if drained {
		o.watcher.Drained()
	}
}

// hold keeps what is sent waiting, or lets it go.
func (o *output) hold(on bool) {
	o.mu.Lock()
	o.held = on
	o.flushLocked()
}

// shut takes nothing more and ends the connection after what waits.
func (o *output) shut() {
	o.mu.Lock()
	if o.closing || o.dead {
		o.mu.Unlock()
		return
	}
	o.closing = true
	conn, waits := o.conn, o.writing || o.buf != nil
	o.flushLocked()
	if !waits {
		closeWrite(conn)
	}
	conn.SetReadDeadline(time.Now().Add(lingering))
	o.ends()
}

// until is when reading fails if the peer has said nothing; the zero time is never. The end of the stream has a time of its own.
func (o *output) until(t time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closing && !o.dead {
		o.conn.SetReadDeadline(t)
	}
}

// writeOut waits for what the bytes acknowledge to be durable, then writes them.
func (o *output) writeOut(p portion) error {
	for _, t := range p.tickets {
		if err := t.Wait(); err != nil {
			return err
		}
	}
	data := p.buf.bytes
	if o.filters.out.Load() > 0 {
		filtered, ok := o.filters.pass(context.Background(), "bytes/out", data).([]byte)
		if !ok {
			return nil
		}
		data = filtered
	}
	o.within(p)
	return o.inPieces(p.conn, data)
}

// within sets the time that the peer has to take a portion. It costs a tenth of a write, so one time is good for several.
func (o *output) within(p portion) {
	if now := time.Now(); o.deadline.Sub(now) < p.timeout*3/4 || p.timeout == lingering {
		o.deadline = now.Add(p.timeout)
		p.conn.SetWriteDeadline(o.deadline)
	}
}

// overflow ends the session of a peer that does not read, which is told why if it reads after all. It is called with mu held and
// releases it.
func (o *output) overflow() {
	o.buf.bytes = appendEnd(o.buf.bytes[:0], &stanza.StreamError{Condition: "policy-violation", Text: "Too much waits to be read"})
	o.closing = true
	o.log.Warn("peer does not read, session ends", "session", o.id, "queue", o.limits.Queue)
	conn := o.conn
	conn.SetDeadline(time.Now().Add(lingering))
	o.account(o.level())
	o.caughtUp()
	o.flushLocked()
	o.ends()
}

// ends tells whoever wants to know that nothing more can be sent.
func (o *output) ends() {
	if o.watcher != nil {
		o.watcher.Ending()
	}
}

// lingering is how long a closed stream waits for the peer's end of it.
const lingering = 5 * time.Second

// close appends the end of the stream and takes nothing more; false if it has ended already.
func (o *output) close(ctx context.Context, reason *stanza.StreamError) bool {
	buf, err := o.begin()
	if err != nil {
		return false
	}
	buf.bytes = appendEnd(buf.bytes, reason)
	o.closing = true
	if c := sdk.ChainOf(ctx); c != nil {
		o.acknowledges(c.Ticket())
	}
	conn := o.conn
	o.flushLocked()
	conn.SetReadDeadline(time.Now().Add(lingering))
	o.ends()
	return true
}

func appendEnd(dst []byte, reason *stanza.StreamError) []byte {
	if reason != nil {
		dst = reason.AppendXML(dst)
	}
	return append(dst, "</stream:stream>"...)
}

// destroy closes the connection and drops what waits.
func (o *output) destroy() {
	o.mu.Lock()
	had := o.dead
	o.dead = true
	o.buf, o.tickets = nil, nil
	o.account(o.level())
	o.caughtUp()
	conn := o.conn
	if !o.writing && o.idle != nil {
		close(o.idle)
		o.idle = nil
	}
	o.mu.Unlock()
	if !had {
		conn.Close()
		o.ends()
	}
}

// drain waits until nothing waits.
func (o *output) drain(ctx context.Context) error {
	o.flush()
	o.mu.Lock()
	if !o.writing {
		dead := o.dead
		o.mu.Unlock()
		if dead {
			return ErrEnded
		}
		return nil
	}
	if o.idle == nil {
		o.idle = make(chan struct{})
	}
	idle := o.idle
	o.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (o *output) setConn(conn net.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.conn, o.raw, o.deadline = conn, nil, time.Time{}
}

// closeWrite tells the peer that nothing more comes, and still lets it finish.
func closeWrite(conn net.Conn) {
	if c, ok := conn.(interface{ CloseWrite() error }); ok {
		c.CloseWrite()
	}
}
