package lualib

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// exchange is a request and its response. Lua runs on a goroutine of its own, so that a handler that waits does not keep what it has
// written, and the client's end is noticed; everything that touches the connection happens on net/http's.
type exchange struct {
	s    *httpServer
	conn *httpConn
	w    http.ResponseWriter
	r    *http.Request
	ctl  *http.ResponseController
	out  *output

	// Under the interpreter's lock.
	request, response *lua.LTable
	result            lua.LValue // of the handlers of a request without its body
	answered          bool       // something was sent

	// On net/http's goroutine.
	ahead string // the beginning of a body that is not read as a whole
	begun bool   // the head is written
	gone  bool   // the connection was taken from net/http
}

// serve is the handler of net/http.
func (s *httpServer) serve(w http.ResponseWriter, r *http.Request) {
	conn := r.Context().Value(connKey{}).(*httpConn)
	x := &exchange{s: s, conn: conn, w: w, r: r, ctl: http.NewResponseController(w), out: newOutput()}
	limit := s.bodyLimit.Load()
	whole, ok := x.readBody(limit)
	if !whole && ok {
		ok = x.early()
	}
	if !ok {
		x.leave()
		return
	}
	x.start(x.handle)
	x.work(true)
	x.leave()
}

// start runs a step of the exchange in Lua.
func (x *exchange) start(step lua.LGFunction) {
	go func() {
		x.inLua(func(th *compat.Thread) error {
			th.L.Push(th.L.NewFunction(step))
			return th.PCall(0, 0)
		})
		x.out.add(nil, operation{kind: returned})
	}()
}

// inLua runs f on a chain of its own. An error is logged and answered, on another one: the first may have used up its time.
func (x *exchange) inLua(f func(th *compat.Thread) error) (ok bool) {
	err := x.enter(f)
	if err == nil {
		return true
	}
	x.s.l.logError("HTTP request failed", err)
	err = x.enter(func(th *compat.Thread) error {
		th.L.Push(th.L.NewFunction(func(L *lua.LState) int {
			x.fail(L, errorValue(err))
			return 0
		}))
		return th.PCall(0, 0)
	})
	if err != nil {
		x.s.l.logError("HTTP error page failed", err)
		x.out.add(nil, operation{kind: endAndClose})
	}
	return false
}

func (x *exchange) enter(f func(th *compat.Thread) error) error {
	th := x.s.l.in.Enter(sdk.NewChain(context.Background()))
	defer th.Leave()
	return f(th)
}

// work does what handlers want done, until the response is finished or the client is gone: finished. Otherwise, unless toEnd, it returns when the handler does.
func (x *exchange) work(toEnd bool) (finished bool) {
	for {
		op, ok := x.out.next(x.r.Context())
		if !ok {
			x.abort()
		}
		switch {
		case op.kind == returned && !toEnd:
			return false
		case op.kind != returned && !x.do(op):
			return true
		}
	}
}

// abort ends the connection without an answer, or with half of one.
func (x *exchange) abort() {
	x.leave()
	panic(http.ErrAbortHandler)
}

// do is false with what ends the response.
func (x *exchange) do(op operation) bool {
	if op.ticket != nil {
		if err := op.ticket.Wait(); err != nil {
			x.s.l.log.Error("HTTP response withheld: what it acknowledges was not stored", "err", err)
			x.abort()
		}
	}
	var err error
	switch op.kind {
	case reply:
		x.head(op)
		err = x.write(op.data)
	case sendFile:
		x.head(op)
		err = x.copyFile(op.file)
	case taken:
		x.gone = true
		return false
	case end:
		return false
	case endAndClose:
		x.close()
		return false
	}
	if err != nil {
		x.s.l.log.Debug("HTTP response not sent", "err", err)
		x.abort()
	}
	return true
}

// close ends the connection after what was written.
func (x *exchange) close() {
	switch {
	case !x.begun:
		x.abort()
	case !x.r.Close:
		x.ctl.Flush()
		x.abort()
	}
}

func (x *exchange) head(op operation) {
	header := x.w.Header()
	for name, values := range op.header {
		header[name] = values
	}
	if header["Content-Type"] == nil {
		header["Content-Type"] = nil // not to be guessed
	}
	x.ctl.SetWriteDeadline(time.Now().Add(stallTimeout))
	x.begun = true
	x.w.WriteHeader(op.status)
}

func (x *exchange) write(data string) error {
	if data == "" || x.r.Method == http.MethodHead {
		return nil
	}
	x.ctl.SetWriteDeadline(time.Now().Add(stallTimeout))
	_, err := io.WriteString(x.w, data)
	if errors.Is(err, http.ErrBodyNotAllowed) { // 204 and 304 have none, whatever the handler gives
		return nil
	}
	return err
}

// leave ends the exchange, unless a handler goes on with the connection: a response that is not finished is told that its client is gone.
func (x *exchange) leave() {
	x.out.close()
	if x.gone {
		return
	}
	x.ctl.SetWriteDeadline(time.Time{})
	x.inLua(func(th *compat.Thread) error {
		if x.response == nil || x.conn.now != x {
			return nil
		}
		th.L.Push(th.L.NewFunction(func(L *lua.LState) int {
			x.abandon(L)
			return 0
		}))
		return th.PCall(0, 0)
	})
}

// abandon is for the end of the exchange or the connection.
func (x *exchange) abandon(L *lua.LState) {
	x.conn.now = nil
	if isFinished(x.response) {
		return
	}
	x.response.RawSetString("finished", lua.LTrue)
	x.conn.show().RawSetString(openResponse, lua.LNil)
	if destroy := x.response.RawGetString("on_destroy"); lua.LVAsBool(destroy) {
		call1(L, destroy, x.response)
	}
}
