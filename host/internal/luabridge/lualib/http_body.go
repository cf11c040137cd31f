package lualib

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

const bodyChunk = 64 << 10 // bytes

// nextRead gives the client time for the next piece.
func (x *exchange) nextRead() { x.ctl.SetReadDeadline(time.Now().Add(stallTimeout)) }

// patient is a request's body; the client may take its time as long as there is progress.
type patient struct{ x *exchange }

func (p patient) Read(b []byte) (int, error) {
	p.x.nextRead()
	return p.x.r.Body.Read(b)
}

// readBody reads a body for the handlers if it has at most limit bytes: whole. What cannot be read is answered and ends the exchange: not ok.
func (x *exchange) readBody(limit int64) (whole, ok bool) {
	switch {
	case x.r.ContentLength == 0:
		return true, x.setBody("")
	case x.r.ContentLength > limit:
		return false, true
	}
	var b strings.Builder
	b.Grow(int(min(max(x.r.ContentLength, 0), bodyChunk)))
	n, err := io.Copy(&b, io.LimitReader(patient{x}, limit+1))
	x.ctl.SetReadDeadline(time.Time{})
	switch {
	case err != nil:
		x.refuse(http.StatusBadRequest)
		return false, false
	case n > limit:
		x.ahead = b.String()
		return false, true
	}
	return true, x.setBody(b.String())
}

func (x *exchange) setBody(body string) bool {
	return x.inLua(func(th *compat.Thread) error {
		x.open(th.L)
		x.request.RawSetString("partial", lua.LNil)
		x.request.RawSetString("body", lua.LString(body))
		return nil
	})
}

// early asks handlers about a request whose body is too large: they may answer it, or set request.body_sink to take the body in pieces. It is
// false when the exchange is over.
func (x *exchange) early() bool {
	x.inLua(func(th *compat.Thread) error {
		x.open(th.L)
		x.request.RawSetString("partial", lua.LTrue)
		if x.r.ContentLength >= 0 {
			x.request.RawSetString("body_length", lua.LNumber(x.r.ContentLength))
		}
		return nil
	})
	x.start(x.handleEarly)
	if x.work(false) {
		return false
	}
	var sink, result lua.LValue
	x.inLua(func(*compat.Thread) error {
		sink, result = x.request.RawGetString("body_sink"), x.result
		return nil
	})
	switch {
	case sink != lua.LNil:
		return x.pour(sink)
	case result != lua.LNil: // answered later
		x.work(true)
	default:
		x.refuse(http.StatusRequestEntityTooLarge)
	}
	return false
}

// refuse answers with an error page.
func (x *exchange) refuse(code int) {
	x.start(func(L *lua.LState) int {
		x.open(L)
		x.answer(L, lua.LNumber(code))
		return 0
	})
	x.work(true)
}

var errSink = errors.New("a handler refused the body of its request")

// pour writes the body into request.body_sink, an object with a method write that returns something true as long as it wants more.
func (x *exchange) pour(sink lua.LValue) bool {
	body, chunk := io.MultiReader(strings.NewReader(x.ahead), patient{x}), make([]byte, bodyChunk)
	for {
		n, err := body.Read(chunk)
		if n > 0 && !x.pourChunk(sink, string(chunk[:n])) {
			return x.spoiled(errSink)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return x.spoiled(err)
		}
	}
	x.ctl.SetReadDeadline(time.Time{})
	x.inLua(func(*compat.Thread) error {
		x.request.RawSetString("partial", lua.LNil)
		return nil
	})
	return true
}

func (x *exchange) pourChunk(sink lua.LValue, data string) (more bool) {
	ok := x.inLua(func(th *compat.Thread) error {
		L := th.L
		L.Push(L.NewFunction(func(L *lua.LState) int {
			more = lua.LVAsBool(call1(L, L.GetField(sink, "write"), sink, lua.LString(data)))
			return 0
		}))
		return th.PCall(0, 0)
	})
	return ok && more
}

// spoiled ends an exchange whose body did not come to its end. It is always false.
func (x *exchange) spoiled(err error) bool {
	x.s.l.log.Debug("HTTP upload failed", "err", err)
	x.refuse(http.StatusInternalServerError)
	return false
}

// copyFile sends what the method read of an object gives, until it gives nil.
func (x *exchange) copyFile(file lua.LValue) error {
	for {
		chunk, ok := x.readChunk(file)
		if !ok {
			return errSink
		}
		if chunk == "" {
			return nil
		}
		if err := x.write(chunk); err != nil {
			x.closeFile(file)
			return err
		}
	}
}

// readChunk is the next piece; at the end, when it is "", the file is closed and the response done.
func (x *exchange) readChunk(file lua.LValue) (chunk string, ok bool) {
	ok = x.inLua(func(th *compat.Thread) error {
		th.L.Push(th.L.NewFunction(func(L *lua.LState) int {
			chunk = lua.LVAsString(call1(L, L.GetField(file, "read"), file, lua.LNumber(bodyChunk)))
			if chunk == "" {
				closeFile(L, file)
				callMethod(L, x.response, "done")
			}
			return 0
		}))
		return th.PCall(0, 0)
	})
	return chunk, ok
}

func (x *exchange) closeFile(file lua.LValue) {
	x.inLua(func(th *compat.Thread) error {
		th.L.Push(th.L.NewFunction(func(L *lua.LState) int {
			closeFile(L, file)
			return 0
		}))
		return th.PCall(0, 0)
	})
}

func closeFile(L *lua.LState, file lua.LValue) {
	if f := L.GetField(file, "close"); f != lua.LNil {
		call1(L, f, file)
	}
}

// callMethod calls object:name().
func callMethod(L *lua.LState, object lua.LValue, name string) {
	call1(L, L.GetField(object, name), object)
}
