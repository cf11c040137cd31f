package compat

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// packer reads a format of string.pack (Lua 5.3 §6.4.2), item by item.
type packer struct {
	L      *lua.LState
	format string
	pos    int
	big    bool
	align  int
}

// packItem is one item of a format: its kind is 'i' signed, 'u' unsigned, 'f' float, 'd' double, 'c' fixed string, 's' counted string,
// 'z' zero-terminated string, 'x' a byte of padding, 'X' alignment only.
type packItem struct {
	kind    byte
	size    int
	padding int
}

func newPacker(L *lua.LState, format string) *packer {
	return &packer{L: L, format: format, align: 1}
}

// next is the item at offset bytes from the start; ok is false at the end of the format.
func (p *packer) next(offset int) (item packItem, ok bool) {
	for p.pos < len(p.format) {
		c := p.format[p.pos]
		p.pos++
		switch c {
		case ' ':
		case '<', '=':
			p.big = false
		case '>':
			p.big = true
		case '!':
			p.align = p.number(8)
		default:
			item = p.item(c)
			item.padding = p.padding(item, offset)
			return item, true
		}
	}
	return item, false
}

func (p *packer) item(c byte) packItem {
	switch c {
	case 'b', 'h', 'l', 'j', 'i':
		return packItem{kind: 'i', size: p.width(c)}
	case 'B', 'H', 'L', 'J', 'T', 'I':
		return packItem{kind: 'u', size: p.width(lower(c))}
	case 'f':
		return packItem{kind: 'f', size: 4}
	case 'd', 'n':
		return packItem{kind: 'd', size: 8}
	case 's':
		return packItem{kind: 's', size: p.number(8)}
	case 'z':
		return packItem{kind: 'z'}
	case 'x':
		return packItem{kind: 'x', size: 1}
	case 'c':
		n := p.digits()
		if n < 0 {
			raisef(p.L, "missing size for format option 'c'")
		}
		return packItem{kind: 'c', size: n}
	case 'X':
		if p.pos >= len(p.format) {
			raisef(p.L, "invalid next option for option 'X'")
		}
		p.pos++
		return packItem{kind: 'X', size: p.item(p.format[p.pos-1]).size}
	}
	raisef(p.L, "invalid format option '%c'", c)
	return packItem{}
}

func (p *packer) width(c byte) int {
	switch c {
	case 'b':
		return 1
	case 'h':
		return 2
	case 'i':
		return p.number(4)
	}
	return 8
}

// number is an optional size from 1 to 16.
func (p *packer) number(otherwise int) int {
	n := p.digits()
	if n < 0 {
		return otherwise
	}
	if n < 1 || n > 16 {
		raisef(p.L, "integral size (%d) out of limits [1,16]", n)
	}
	return n
}

func (p *packer) digits() int {
	n := -1
	for p.pos < len(p.format) && '0' <= p.format[p.pos] && p.format[p.pos] <= '9' {
		n = min(max(n, 0)*10+int(p.format[p.pos]-'0'), math.MaxInt32)
		p.pos++
	}
	return n
}

func (p *packer) padding(item packItem, offset int) int {
	if strings.IndexByte("iufdsX", item.kind) < 0 {
		return 0
	}
	align := min(item.size, p.align)
	if align <= 1 {
		return 0
	}
	if align&(align-1) != 0 {
		argError(p.L, 1, "format asks for alignment not power of 2")
	}
	return (align - offset&(align-1)) & (align - 1)
}

func stringPack(L *lua.LState) int {
	p := newPacker(L, checkString(L, 1))
	var out []byte
	arg := 1
	for item, ok := p.next(0); ok; item, ok = p.next(len(out)) {
		out = append(out, make([]byte, item.padding)...)
		if item.kind != 'x' && item.kind != 'X' {
			arg++
		}
		out = p.pack(out, item, arg)
		checkSize(L, len(out))
	}
	L.Push(lua.LString(out))
	return 1
}

func (p *packer) pack(out []byte, item packItem, arg int) []byte {
	switch item.kind {
	case 'i', 'u':
		n := checkNumber(p.L, arg)
		u := uint64(toInt(n))
		if item.kind == 'u' && n >= math.MaxInt64 {
			u = uint64(n)
		}
		p.checkRange(item, n, arg)
		return p.integer(out, u, item.size, item.kind == 'i' && n < 0)
	case 'f':
		return p.integer(out, uint64(math.Float32bits(float32(checkNumber(p.L, arg)))), 4, false)
	case 'd':
		return p.integer(out, math.Float64bits(checkNumber(p.L, arg)), 8, false)
	case 'x':
		return append(out, 0)
	case 'X':
		return out
	}
	return p.text(out, item, arg)
}

func (p *packer) text(out []byte, item packItem, arg int) []byte {
	s := checkString(p.L, arg)
	switch item.kind {
	case 'c':
		if len(s) > item.size {
			argError(p.L, arg, "string longer than given size")
		}
		checkSize(p.L, len(out)+item.size)
		return append(append(out, s...), make([]byte, item.size-len(s))...)
	case 's':
		if item.size < 8 && len(s) >= 1<<(8*item.size) {
			argError(p.L, arg, "string length does not fit in given size")
		}
		return append(p.integer(out, uint64(len(s)), item.size, false), s...)
	}
	if strings.IndexByte(s, 0) >= 0 {
		argError(p.L, arg, "string contains zeros")
	}
	return append(append(out, s...), 0)
}

func (p *packer) checkRange(item packItem, n float64, arg int) {
	if item.size >= 8 {
		return
	}
	limit := math.Ldexp(1, 8*item.size)
	if item.kind == 'i' && (n < -limit/2 || n >= limit/2) {
		argError(p.L, arg, "integer overflow")
	}
	if item.kind == 'u' && (n >= limit || n < 0) {
		argError(p.L, arg, "unsigned overflow")
	}
}

func (p *packer) integer(out []byte, u uint64, size int, negative bool) []byte {
	start := len(out)
	for i := range size {
		switch {
		case i < 8:
			out = append(out, byte(u>>(8*i)))
		case negative:
			out = append(out, 0xff)
		default:
			out = append(out, 0)
		}
	}
	if p.big {
		for i, j := start, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

func stringPackSize(L *lua.LState) int {
	p := newPacker(L, checkString(L, 1))
	size := 0
	for item, ok := p.next(0); ok; item, ok = p.next(size) {
		if item.kind == 's' || item.kind == 'z' {
			argError(L, 1, "variable-length format")
		}
		size += item.padding
		if item.kind != 'X' {
			size += item.size
		}
	}
	L.Push(lua.LNumber(size))
	return 1
}
