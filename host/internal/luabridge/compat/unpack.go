package compat

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func stringUnpack(L *lua.LState) int {
	p := newPacker(L, checkString(L, 1))
	data := checkString(L, 2)
	init := optInt(L, 3, 1)
	if init < 0 {
		init += len(data) + 1
	}
	pos := init - 1
	if pos < 0 || pos > len(data) {
		argError(L, 3, "initial position out of string")
	}
	n := 0
	for item, ok := p.next(pos); ok; item, ok = p.next(pos) {
		size := item.size
		if item.kind == 'X' {
			size = 0
		}
		if item.padding+size > len(data)-pos {
			argError(L, 2, "data string too short")
		}
		pos += item.padding
		v, used := p.unpack(item, data[pos:])
		pos += used
		if v != nil {
			L.Push(v)
			n++
		}
	}
	L.Push(lua.LNumber(pos + 1))
	return n + 1
}

// unpack reads one value, nil for padding.
func (p *packer) unpack(item packItem, data string) (v lua.LValue, used int) {
	switch item.kind {
	case 'i', 'u':
		return p.readInteger(data[:item.size], item.kind == 'i'), item.size
	case 'f':
		return lua.LNumber(math.Float32frombits(uint32(p.bits(data[:4])))), 4
	case 'd':
		return lua.LNumber(math.Float64frombits(p.bits(data[:8]))), 8
	case 'c':
		return lua.LString(data[:item.size]), item.size
	case 's':
		length := p.bits(data[:item.size])
		if length > uint64(len(data)-item.size) {
			argError(p.L, 2, "data string too short")
		}
		end := item.size + int(length)
		return lua.LString(data[item.size:end]), end
	case 'z':
		end := strings.IndexByte(data, 0)
		if end < 0 {
			argError(p.L, 2, "unfinished string for format 'z'")
		}
		return lua.LString(data[:end]), end + 1
	case 'x':
		return nil, 1
	}
	return nil, 0
}

// bits are the lowest 64 bits of an integer.
func (p *packer) bits(data string) (u uint64) {
	for i := range len(data) {
		at := i
		if !p.big {
			at = len(data) - 1 - i
		}
		u = u<<8 | uint64(data[at])
	}
	return u
}

func (p *packer) readInteger(data string, signed bool) lua.LValue {
	u := p.bits(data)
	if !signed {
		return lua.LNumber(u)
	}
	if len(data) < 8 {
		shift := 64 - 8*len(data)
		return lua.LNumber(int64(u<<shift) >> shift)
	}
	return lua.LNumber(int64(u))
}
