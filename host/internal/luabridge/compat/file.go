package compat

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// luaFile is an open file. Reading is buffered, writing is not; changing from one to the other goes back to where reading stood.
type luaFile struct {
	file   *os.File // nil for standard streams
	r      io.Reader
	w      io.Writer
	buf    *bufio.Reader // in front of r; made on the first read
	std    bool          // cannot be closed
	closed bool
}

func openFile(file *os.File, flags int) *luaFile {
	f := &luaFile{file: file}
	switch flags & (os.O_RDONLY | os.O_WRONLY | os.O_RDWR) {
	case os.O_RDONLY:
		f.r = file
	case os.O_WRONLY:
		f.w = file
	default:
		f.r, f.w = file, file
	}
	return f
}

func checkFile(L *lua.LState, n int) *luaFile {
	ud, ok := L.Get(n).(*lua.LUserData)
	if !ok {
		typeError(L, n, "FILE*")
	}
	f, ok := ud.Value.(*luaFile)
	if !ok {
		typeError(L, n, "FILE*")
	}
	if f.closed {
		raisef(L, "attempt to use a closed file")
	}
	return f
}

func (f *luaFile) reader() *bufio.Reader {
	if f.buf == nil {
		f.buf = bufio.NewReader(f.r)
	}
	return f.buf
}

// settle forgets what was read ahead.
func (f *luaFile) settle() {
	if f.buf != nil && f.buf.Buffered() > 0 && f.file != nil {
		f.file.Seek(int64(-f.buf.Buffered()), io.SeekCurrent)
	}
	f.buf = nil
}

func (f *luaFile) close() error {
	f.closed = true
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

func fileClose(L *lua.LState) int {
	f := checkFile(L, 1)
	if f.std {
		L.Push(lua.LNil)
		L.Push(lua.LString("cannot close standard file"))
		return 2
	}
	return pushSuccess(L, "", f.close())
}

func fileFlush(L *lua.LState) int {
	checkFile(L, 1)
	L.SetTop(1)
	return 1
}

func fileSetVBuf(L *lua.LState) int {
	checkFile(L, 1)
	L.Push(lua.LTrue)
	return 1
}

func fileToString(L *lua.LState) int {
	ud, _ := L.Get(1).(*lua.LUserData)
	s := "file (closed)"
	if f, ok := ud.Value.(*luaFile); ok && !f.closed {
		s = fmt.Sprintf("file (%p)", f)
	}
	L.Push(lua.LString(s))
	return 1
}

func fileWrite(L *lua.LState) int {
	f := checkFile(L, 1)
	var b strings.Builder
	for i := 2; i <= L.GetTop(); i++ {
		b.WriteString(checkString(L, i))
	}
	if f.w == nil {
		return pushSuccess(L, "", os.ErrClosed)
	}
	f.settle()
	if _, err := io.WriteString(f.w, b.String()); err != nil {
		return pushSuccess(L, "", err)
	}
	L.Push(L.Get(1))
	return 1
}

func fileSeek(L *lua.LState) int {
	f := checkFile(L, 1)
	whence, ok := map[string]int{"set": io.SeekStart, "cur": io.SeekCurrent, "end": io.SeekEnd}[optString(L, 2, "cur")]
	if !ok {
		argError(L, 2, "invalid option '"+L.Get(2).String()+"'")
	}
	offset := int64(optInt(L, 3, 0))
	if f.file == nil {
		return pushSuccess(L, "", errors.ErrUnsupported)
	}
	f.settle()
	pos, err := f.file.Seek(offset, whence)
	if err != nil {
		return pushSuccess(L, "", err)
	}
	L.Push(lua.LNumber(pos))
	return 1
}

func fileLines(L *lua.LState) int {
	f := checkFile(L, 1)
	formats := checkFormats(L, 2)
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if f.closed {
			raisef(L, "file is already closed")
		}
		return f.read(L, formats)
	}))
	return 1
}

func fileRead(L *lua.LState) int {
	f := checkFile(L, 1)
	return f.read(L, checkFormats(L, 2))
}
