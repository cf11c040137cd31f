package session

import (
	"context"
	"net"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// output is the bounded way out of a session. Whoever appends makes sure that it is flushed: at once, or when the chain's batch ends.
type output struct {
	session *Session
	limits  Limits

	mu      sync.Mutex // guards the rest; nothing is called under it
	conn    net.Conn
	buf     []byte     // what waits; nil when nothing does
	ticket  sdk.Ticket // the newest write to a store that buf acknowledges
	batch   *batch     // that will flush; nil if none
	writing bool       // a writer goroutine is at work
	closing bool       // nothing is appended any more
	dead    bool
	idle    chan struct{} // closed when there is nothing to write; nil if nobody waits for it
}

// Buffers of up to this size are kept for other sessions.
const maxPooled = 64 << 10

var buffers = sync.Pool{New: func() any { return new([]byte) }}

func takeBuffer() []byte { return (*buffers.Get().(*[]byte))[:0] }

func giveBuffer(b []byte) {
	if cap(b) <= maxPooled {
		buffers.Put(&b)
	}
}

func (o *output) appendElement(ctx context.Context, st *stanza.Element) error {
	return o.append(ctx, func(buf []byte) []byte { return st.AppendXML(buf, stanza.NSClient) })
}

func (o *output) appendBytes(ctx context.Context, b []byte) error {
	return o.append(ctx, func(buf []byte) []byte { return append(buf, b...) })
}

// appendRendered is append for the hot path: no closure, no allocation.
func (o *output) appendRendered(ctx context.Context, r stanza.Rendered, to string) error {
	o.mu.Lock()
	if o.dead || o.closing {
		o.mu.Unlock()
		return ErrEnded
	}
	if o.buf == nil {
		o.buf = takeBuffer()
	}
	o.buf = r.AppendTo(o.buf, to)
	return o.appended(ctx)
}

func (o *output) append(ctx context.Context, f func(buf []byte) []byte) error {
	o.mu.Lock()
	if o.dead || o.closing {
		o.mu.Unlock()
		return ErrEnded
	}
	if o.buf == nil {
		o.buf = takeBuffer()
	}
	o.buf = f(o.buf)
	return o.appended(ctx)
}

// appended ends an append: it is called with mu held and releases it.
func (o *output) appended(ctx context.Context) error {
	if len(o.buf) > o.limits.Queue {
		o.mu.Unlock()
		o.overflow()
		return ErrEnded
	}
	c := sdk.ChainOf(ctx)
	if c == nil {
		o.mu.Unlock()
		o.flush()
		return nil
	}
	if t := c.Ticket(); t != nil {
		o.ticket = t
	}
	b, _ := c.Batch().(*batch)
	listed := b != nil && o.batch == b
	if b != nil {
		o.batch = b
	}
	o.mu.Unlock()
	switch {
	case b == nil:
		o.flush()
	case !listed:
		b.add(o)
	}
	return nil
}

// flush starts a writer unless one is at work.
func (o *output) flush() {
	o.mu.Lock()
	o.batch = nil
	start := !o.writing && !o.dead && len(o.buf) > 0
	if start {
		o.writing = true
	}
	o.mu.Unlock()
	if start {
		go o.write()
	}
}

// write writes until nothing is left.
func (o *output) write() {
	for {
		o.mu.Lock()
		buf, ticket, conn := o.buf, o.ticket, o.conn
		o.buf, o.ticket = nil, nil
		if len(buf) == 0 || o.dead {
			o.stopWriting()
			return
		}
		o.mu.Unlock()
		if err := o.writeOut(conn, buf, ticket); err != nil {
			o.session.log.Debug("writing failed", "err", err)
			o.destroy()
		}
		giveBuffer(buf)
	}
}

// stopWriting is called with mu held and releases it.
func (o *output) stopWriting() {
	o.writing = false
	if o.idle != nil {
		close(o.idle)
		o.idle = nil
	}
	conn, end := o.conn, o.closing && !o.dead
	o.mu.Unlock()
	if end {
		closeWrite(conn)
	}
}

// writeOut waits for what the bytes acknowledge to be durable, then writes them.
func (o *output) writeOut(conn net.Conn, buf []byte, ticket sdk.Ticket) error {
	if ticket != nil {
		if err := ticket.Wait(); err != nil {
			return err
		}
	}
	if bytes, ok := o.session.Filter(context.Background(), "bytes/out", buf).([]byte); ok {
		buf = bytes
	} else {
		return nil
	}
	conn.SetWriteDeadline(time.Now().Add(o.limits.WriteTimeout))
	_, err := conn.Write(buf)
	return err
}

// overflow ends the session of a peer that does not read: there is no use in telling it more.
func (o *output) overflow() {
	o.session.log.Warn("peer does not read, session ended", "queue", o.limits.Queue)
	o.destroy()
}

// lingering is how long a closed stream waits for the peer's end of it.
const lingering = 5 * time.Second

// close appends the end of the stream and takes nothing more.
func (o *output) close(ctx context.Context, reason *stanza.StreamError) {
	end := []byte("</stream:stream>")
	if reason != nil {
		end = append(reason.AppendXML(nil), end...)
	}
	if o.appendBytes(ctx, end) != nil {
		return
	}
	o.mu.Lock()
	o.closing = true
	conn := o.conn
	o.mu.Unlock()
	o.flush()
	conn.SetReadDeadline(time.Now().Add(lingering))
}

// destroy closes the connection and drops what waits.
func (o *output) destroy() {
	o.mu.Lock()
	had := o.dead
	o.dead = true
	o.buf, o.ticket = nil, nil
	conn := o.conn
	if !o.writing && o.idle != nil {
		close(o.idle)
		o.idle = nil
	}
	o.mu.Unlock()
	if !had {
		conn.Close()
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
	o.conn = conn
}

// closeWrite tells the peer that nothing more comes, and still lets it finish.
func closeWrite(conn net.Conn) {
	if c, ok := conn.(interface{ CloseWrite() error }); ok {
		c.CloseWrite()
	}
}
