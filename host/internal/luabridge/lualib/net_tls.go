package lualib

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// startTLS lets the reading goroutine shake hands when what was written before is out. It is called under the interpreter's lock.
func (c *connection) startTLS(ctx *tlsContext) {
	if ctx != nil {
		c.tls = ctx
	}
	c.table.RawSetString("starttls", lua.LFalse)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.handshake = c.tls
	if c.nc != nil {
		c.nc.SetReadDeadline(time.Unix(1, 0)) // wakes the reader
	}
	c.changed.Broadcast()
}

// secure shakes hands if TLS is to begin; false if the connection has ended.
func (c *connection) secure() bool {
	c.mu.Lock()
	ctx := c.handshake
	for ctx != nil && c.writing && !c.dead {
		c.changed.Wait()
	}
	nc, ahead, name, dead := c.nc, c.ahead, c.serverName, c.dead
	c.ahead = nil
	c.mu.Unlock()
	if ctx == nil || dead {
		return !dead
	}
	if !c.call("starttls") {
		return false
	}
	secured, err := c.shakeHands(ctx, nc, ahead, name)
	if err != nil {
		t := c.l.in.Enter(context.Background())
		defer t.Leave()
		c.fail(t.L, reason(err))
		return false
	}
	c.mu.Lock()
	c.nc, c.handshake = secured, nil
	c.mu.Unlock()
	return c.call("status", lua.LString("ssl-handshake-complete")) && c.resumeOutput()
}

// resumeOutput writes what was written during the handshake.
func (c *connection) resumeOutput() bool {
	c.flush()
	return true
}

func (c *connection) shakeHands(ctx *tlsContext, nc net.Conn, ahead []byte, name string) (net.Conn, error) {
	nc.SetReadDeadline(time.Time{})
	nc.SetWriteDeadline(time.Time{})
	if len(ahead) > 0 {
		nc = &prefixed{nc, io.MultiReader(bytes.NewReader(ahead), nc)}
	}
	secured := ctx.wrap(nc, name, c.server)
	limit, cancel := context.WithTimeout(context.Background(), handshakeTimeout)
	defer cancel()
	return secured, secured.HandshakeContext(limit)
}

// prefixed is a connection of which something was read already.
type prefixed struct {
	net.Conn
	r io.Reader
}

func (p *prefixed) Read(b []byte) (int, error) { return p.r.Read(b) }

// tlsState is the state of TLS, nil without it.
func (c *connection) tlsState() *tls.ConnectionState {
	c.mu.Lock()
	t, ok := c.nc.(*tls.Conn)
	c.mu.Unlock()
	if !ok {
		return nil
	}
	state := t.ConnectionState()
	return &state
}
