package lualib

import (
	"encoding/binary"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func structPack(L *lua.LState) int {
	f := newStructFormat(L)
	var out []byte
	for arg := 2; ; {
		f.offset = len(out)
		x, padding, ok := f.next()
		if !ok {
			return pushString(L, string(out))
		}
		out = append(out, make([]byte, padding)...)
		if x.kind == 'x' {
			out = append(out, 0)
			continue
		}
		out = f.appendValue(out, x, arg)
		arg++
	}
}

func (f *structFormat) appendValue(out []byte, x field, arg int) []byte {
	switch x.kind {
	case 'c', 's':
		s := f.L.CheckString(arg)
		if x.size == 0 {
			x.size = len(s)
		}
		if len(s) < x.size {
			f.L.ArgError(arg, "string too short")
		}
		out = append(out, s[:x.size]...)
		if x.kind == 's' {
			out = append(out, 0)
		}
		return out
	case 'f':
		return appendUint(out, f.order, uint64(math.Float32bits(float32(f.L.CheckNumber(arg)))), 4, 0)
	case 'd':
		return appendUint(out, f.order, math.Float64bits(float64(f.L.CheckNumber(arg))), 8, 0)
	}
	n := int64(f.L.CheckNumber(arg))
	var fill byte
	if n < 0 {
		fill = 0xff
	}
	return appendUint(out, f.order, uint64(n), x.size, fill)
}

// appendUint appends size bytes; fill is what those beyond the eighth are.
func appendUint(out []byte, order binary.ByteOrder, u uint64, size int, fill byte) []byte {
	for i := range size {
		at := i
		if order == binary.BigEndian {
			at = size - 1 - i
		}
		if at >= 8 {
			out = append(out, fill)
		} else {
			out = append(out, byte(u>>(8*at)))
		}
	}
	return out
}

// structUnpack: format, data, position (default 1). It gives the values and the position behind them.
func structUnpack(L *lua.LState) int {
	f, data := newStructFormat(L), L.CheckString(2)
	f.offset = L.OptInt(3, 1) - 1
	if f.offset < 0 {
		L.ArgError(3, "offset must be 1 or greater")
	}
	n := 0
	for {
		x, padding, ok := f.next()
		if !ok {
			L.Push(lua.LNumber(f.offset + 1))
			return n + 1
		}
		f.offset += padding
		if x.kind == 'c' && x.size == 0 && n > 0 { // as long as the value before says
			x.size = int(lua.LVAsNumber(L.Get(-1)))
			L.Pop(1)
			n--
		}
		if x.size < 0 || f.offset > len(data)-x.size {
			L.ArgError(2, "data string too short")
		}
		if x.kind != 'x' {
			L.Push(f.value(x, data))
			n++
		}
		f.offset += x.size
	}
}

func (f *structFormat) value(x field, data string) lua.LValue {
	data = data[f.offset:]
	switch x.kind {
	case 'c':
		return lua.LString(data[:x.size])
	case 's':
		end := strings.IndexByte(data, 0)
		if end < 0 {
			f.L.ArgError(2, "unfinished string in data")
		}
		f.offset += end + 1
		return lua.LString(data[:end])
	}
	u := readUint(data[:x.size], f.order)
	switch x.kind {
	case 'f':
		return lua.LNumber(math.Float32frombits(uint32(u)))
	case 'd':
		return lua.LNumber(math.Float64frombits(u))
	case 'b', 'h', 'l', 'i':
		shift := 64 - 8*min(x.size, 8)
		return lua.LNumber(int64(u<<shift) >> shift)
	}
	return lua.LNumber(u)
}

func readUint(data string, order binary.ByteOrder) (u uint64) {
	for i := range len(data) {
		at := len(data) - 1 - i
		if order == binary.BigEndian {
			at = i
		}
		u = u<<8 | uint64(data[at])
	}
	return u
}
