package lualib

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// endless never ends, nor does its line.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

// What is received at once has an end, even if the sender knows none.
func TestReceive(t *testing.T) {
	long := strings.Repeat("y", 10000)
	for name, c := range map[string]struct {
		from io.Reader
		how  lua.LValue
		want string
		err  error
	}{
		"line":         {strings.NewReader("one\r\ntwo"), lua.LString("*l"), "one", nil},
		"long line":    {strings.NewReader(long + "\n"), lua.LString("*l"), long, nil},
		"half a line":  {strings.NewReader("one"), lua.LString("*l"), "one", io.EOF},
		"bytes":        {strings.NewReader("one"), lua.LNumber(2), "on", nil},
		"all":          {strings.NewReader(long), lua.LString("*a"), long, nil},
		"endless line": {endless{}, lua.LString("*l"), "", errReceivedTooMuch},
		"endless":      {endless{}, lua.LString("*a"), strings.Repeat("x", maxReceived), errReceivedTooMuch},
	} {
		got, err := receiveFrom(bufio.NewReader(c.from), c.how, 0)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: got %d bytes %.10q and %v", name, len(got), got, err)
		}
	}
}
