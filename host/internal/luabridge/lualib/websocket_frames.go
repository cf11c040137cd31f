package lualib

import (
	"crypto/rand"
	"encoding/binary"

	lua "github.com/yuin/gopher-lua"
)

// maxFrameHeader is how many bytes a frame's header may have (RFC 6455 §5.2).
const maxFrameHeader = 14

// openWebsocketFrames makes net.websocket.frames. Frames are tables {FIN, RSV1, RSV2, RSV3, opcode, MASK, key, length, data}; they are read from
// text or from a util.dbuffer.
func (l *library) openWebsocketFrames(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"parse": parseFrame, "parse_header": parseFrameHeader, "parse_body": parseFrameBody,
		"build": func(L *lua.LState) int { return pushString(L, buildFrame(L, L.CheckTable(1))) },
		"parse_close": func(L *lua.LState) int {
			data := L.CheckString(1)
			if len(data) < 2 {
				return 0
			}
			L.Push(lua.LNumber(binary.BigEndian.Uint16([]byte(data))))
			if len(data) > 2 {
				return 1 + pushString(L, data[2:])
			}
			return 1
		},
		"build_close": buildClose,
	})
}

// bytesAt are at most n bytes from the 0-based offset on, of a string or a buffer.
func bytesAt(L *lua.LState, source lua.LValue, offset, n int) string {
	if s, ok := source.(lua.LString); ok {
		offset = min(offset, len(s))
		return string(s[offset:min(offset+n, len(s))])
	}
	return lua.LVAsString(callField(L, source, "sub", source, lua.LNumber(offset+1), lua.LNumber(offset+n)))
}

func lengthOf(L *lua.LState, source lua.LValue) int {
	if s, ok := source.(lua.LString); ok {
		return len(s)
	}
	return int(lua.LVAsNumber(callField(L, source, "length", source)))
}

// frameHeader is nil if the header is not complete; size is that of the header.
func frameHeader(L *lua.LState, source lua.LValue) (header *lua.LTable, size int) {
	b := []byte(bytesAt(L, source, 0, maxFrameHeader))
	if len(b) < 2 {
		return nil, 0
	}
	masked, length := b[1]&0x80 != 0, uint64(b[1]&0x7f)
	size = 2
	switch length {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	end := size
	if masked {
		end += 4
	}
	if len(b) < end {
		return nil, 0
	}
	switch size {
	case 4:
		length = uint64(binary.BigEndian.Uint16(b[2:]))
	case 10:
		length = binary.BigEndian.Uint64(b[2:])
	}
	header = L.CreateTable(0, 9)
	for name, bit := range map[string]byte{"FIN": 0x80, "RSV1": 0x40, "RSV2": 0x20, "RSV3": 0x10} {
		header.RawSetString(name, lua.LBool(b[0]&bit != 0))
	}
	header.RawSetString("opcode", lua.LNumber(b[0]&0x0f))
	header.RawSetString("MASK", lua.LBool(masked))
	header.RawSetString("length", lua.LNumber(length))
	if masked {
		header.RawSetString("key", lua.LString(b[size:end]))
	}
	return header, end
}

func frameBody(L *lua.LState, source lua.LValue, header *lua.LTable, offset int) lua.LString {
	data := []byte(bytesAt(L, source, offset, int(lua.LVAsNumber(header.RawGetString("length")))))
	if lua.LVAsBool(header.RawGetString("MASK")) {
		mask(data, lua.LVAsString(header.RawGetString("key")))
	}
	return lua.LString(data)
}

func mask(data []byte, key string) {
	for i := range data {
		data[i] ^= key[i%len(key)]
	}
}

// parseFrame gives a frame and how many bytes it has; nil, nil and the header alone if the rest is not there yet.
func parseFrame(L *lua.LState) int {
	source := L.Get(1)
	header, size := frameHeader(L, source)
	if header == nil {
		return 0
	}
	length := float64(lua.LVAsNumber(header.RawGetString("length")))
	if float64(lengthOf(L, source)) < float64(size)+length {
		L.Push(lua.LNil)
		L.Push(lua.LNil)
		L.Push(header)
		return 3
	}
	header.RawSetString("data", frameBody(L, source, header, size))
	L.Push(header)
	L.Push(lua.LNumber(float64(size) + length))
	return 2
}

func parseFrameHeader(L *lua.LState) int {
	header, size := frameHeader(L, L.Get(1))
	if header == nil {
		return 0
	}
	L.Push(header)
	L.Push(lua.LNumber(size))
	return 2
}

// parseFrameBody: bytes, header, place of the first byte (from 1).
func parseFrameBody(L *lua.LState) int {
	L.Push(frameBody(L, L.Get(1), L.CheckTable(2), L.CheckInt(3)-1))
	return 1
}

// buildFrame is the bytes of a frame. Control frames are short (RFC 6455 §5.5).
func buildFrame(L *lua.LState, frame *lua.LTable) string {
	data := []byte(lua.LVAsString(frame.RawGetString("data")))
	opcode, ok := frame.RawGetString("opcode").(lua.LNumber)
	if !ok || opcode < 0 || opcode > 15 {
		L.RaiseError("invalid WebSocket opcode")
	}
	if opcode >= 8 && len(data) > 125 {
		L.RaiseError("a WebSocket control frame may have 125 bytes of data, not %d", len(data))
	}
	first := byte(opcode)
	for name, bit := range map[string]byte{"FIN": 0x80, "RSV1": 0x40, "RSV2": 0x20, "RSV3": 0x10} {
		if lua.LVAsBool(frame.RawGetString(name)) {
			first |= bit
		}
	}
	out := frameLength([]byte{first}, len(data))
	if lua.LVAsBool(frame.RawGetString("MASK")) {
		key := lua.LVAsString(frame.RawGetString("key"))
		if len(key) != 4 {
			b := make([]byte, 4)
			rand.Read(b) // never fails: crypto/rand
			key = string(b)
		}
		out[1] |= 0x80
		out = append(out, key...)
		mask(data, key)
	}
	return string(append(out, data...))
}

func frameLength(out []byte, n int) []byte {
	switch {
	case n <= 125:
		return append(out, byte(n))
	case n <= 0xffff:
		return binary.BigEndian.AppendUint16(append(out, 126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(out, 127), uint64(n))
}

// buildClose: status code, message, whether to mask.
func buildClose(L *lua.LState) int {
	data := binary.BigEndian.AppendUint16(nil, uint16(L.CheckInt(1)))
	data = append(data, L.OptString(2, "")...)
	frame := L.NewTable()
	frame.RawSetString("opcode", lua.LNumber(8))
	frame.RawSetString("FIN", lua.LTrue)
	frame.RawSetString("MASK", lua.LBool(isTrue(L, 3)))
	frame.RawSetString("data", lua.LString(data))
	return pushString(L, buildFrame(L, frame))
}
