package lualib

import (
	"encoding/binary"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// structFormat reads the format of util.struct, which is that of the library lua-struct: > < ! for byte order and alignment, x b B h H l L
// T i I c s f d for values.
type structFormat struct {
	L      *lua.LState
	format string
	order  binary.ByteOrder
	align  int
	offset int // of the next value
}

// field is one value of a format.
type field struct {
	kind byte
	size int // bytes; of "c" as the format says, of "s" unknown
}

// openStruct makes util.struct.
func (l *library) openStruct(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{"pack": structPack, "unpack": structUnpack, "size": structSize})
}

func newStructFormat(L *lua.LState) *structFormat {
	return &structFormat{L: L, format: L.CheckString(1), order: binary.LittleEndian, align: 1}
}

// next is the next value and the padding before it; ok is false at the end.
func (f *structFormat) next() (x field, padding int, ok bool) {
	for f.format != "" {
		c := f.format[0]
		f.format = f.format[1:]
		switch c {
		case ' ':
		case '>':
			f.order = binary.BigEndian
		case '<':
			f.order = binary.LittleEndian
		case '!':
			f.align = f.number(8)
		default:
			x = field{c, f.sizeOf(c)}
			return x, f.padding(x), true
		}
	}
	return field{}, 0, false
}

// number is the number that the format has here, or a default.
func (f *structFormat) number(otherwise int) int {
	n := len(f.format) - len(strings.TrimLeft(f.format, "0123456789"))
	if n == 0 {
		return otherwise
	}
	value := 0
	for _, c := range f.format[:n] {
		if value = value*10 + int(c-'0'); value > math.MaxInt32 {
			f.L.ArgError(1, "integral size overflow")
		}
	}
	f.format = f.format[n:]
	return value
}

func (f *structFormat) sizeOf(c byte) int {
	switch c {
	case 'b', 'B', 'x':
		return 1
	case 'h', 'H':
		return 2
	case 'l', 'L', 'T', 'd':
		return 8
	case 'f':
		return 4
	case 'c':
		return f.number(1)
	case 's':
		return 0
	case 'i', 'I':
		n := f.number(4)
		if n < 1 || n > 32 {
			f.L.ArgError(1, "integral size is larger than the limit of 32")
		}
		return n
	}
	f.L.ArgError(1, "invalid format option '"+string(rune(c))+"'")
	return 0
}

func (f *structFormat) padding(x field) int {
	if f.align <= 1 || x.kind == 'c' || x.kind == 's' || x.kind == 'x' || x.size == 0 {
		return 0
	}
	a := min(x.size, f.align)
	return (a - f.offset%a) % a
}

func structSize(L *lua.LState) int {
	f := newStructFormat(L)
	for {
		x, padding, ok := f.next()
		if !ok {
			break
		}
		if x.kind == 's' || x.kind == 'c' && x.size == 0 {
			L.ArgError(1, "option '"+string(rune(x.kind))+"' has no fixed size")
		}
		f.offset += padding + x.size
	}
	L.Push(lua.LNumber(f.offset))
	return 1
}
