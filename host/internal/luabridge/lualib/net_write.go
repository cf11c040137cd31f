package lualib

import (
	"context"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// write appends to what is to be written, and starts writing. It is called under the interpreter's lock.
func (c *connection) write(L *lua.LState, data string) {
	if c.ended || c.closing {
		return
	}
	if !c.append([]byte(data), c.l.in.Chain(L).Ticket()) {
		c.fail(L, "write buffer full")
	}
}

// append adds data, which goes out after ticket if that is not nil. It is false if the peer does not read and too much waits already.
func (c *connection) append(data []byte, ticket sdk.Ticket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead {
		return true
	}
	if len(c.out)+len(data) > maxUnsent {
		return false
	}
	c.out = append(c.out, data...)
	if ticket != nil && (len(c.tickets) == 0 || c.tickets[len(c.tickets)-1] != ticket) {
		c.tickets = append(c.tickets, ticket)
	}
	c.startWriting()
	return true
}

// flush starts writing if there is something to write.
func (c *connection) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.startWriting()
}

func (c *connection) startWriting() {
	if c.writing || c.holdWrites || c.dead || c.nc == nil || len(c.out) == 0 || c.handshake != nil {
		return
	}
	c.writing = true
	go c.drain()
}

// announce calls onpredrain before something is written: what is sent there goes along.
func (c *connection) announce() {
	c.mu.Lock()
	nothing := len(c.out) == 0 || c.holdWrites || c.dead
	c.mu.Unlock()
	if nothing {
		return
	}
	t := c.l.in.Enter(context.Background())
	defer t.Leave()
	if !c.ended && !c.closing {
		c.on(t.L, "predrain")
	}
}

// drain is the writing goroutine.
func (c *connection) drain() {
	for {
		c.announce()
		c.mu.Lock()
		data, tickets, nc := c.out, c.tickets, c.nc
		if len(data) == 0 || c.holdWrites || c.dead {
			c.writing = false
			c.mu.Unlock()
			c.changed.Broadcast()
			c.emptied()
			return
		}
		c.out, c.tickets = nil, nil
		c.mu.Unlock()
		err := durable(tickets)
		if err == nil {
			nc.SetWriteDeadline(time.Now().Add(sendTimeout))
			_, err = nc.Write(data)
		}
		if err != nil {
			c.writeFailed(err)
			return
		}
	}
}

func durable(tickets []sdk.Ticket) error {
	for _, t := range tickets {
		if err := t.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func (c *connection) writeFailed(err error) {
	t := c.l.in.Enter(context.Background())
	defer t.Leave()
	c.mu.Lock()
	c.writing, c.out = false, nil
	c.mu.Unlock()
	c.changed.Broadcast()
	why := reason(err)
	if why == "timeout" {
		why = "write timeout"
	}
	c.fail(t.L, why)
}

// emptied is called when everything is written: ondrain, or the end that was waiting for it.
func (c *connection) emptied() {
	t := c.l.in.Enter(context.Background())
	defer t.Leave()
	c.mu.Lock()
	more := c.writing || len(c.out) > 0
	c.mu.Unlock()
	switch {
	case more || c.ended:
	case c.closing:
		c.finish(t.L)
	default:
		c.on(t.L, "drain")
	}
}

// drained waits until what was appended is written; false if the connection has ended.
func (c *connection) drained() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for (c.writing || len(c.out) > 0) && !c.dead {
		c.changed.Wait()
	}
	return !c.dead
}
