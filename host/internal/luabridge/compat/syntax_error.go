package compat

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/gopher-lua/parse"
)

// syntaxError words a parser's error as Lua does. Where it is one because the program is written for a newer Lua, that is said.
func syntaxError(err error, name string, src []byte) error {
	var pe *parse.Error
	if !errors.As(err, &pe) {
		return err
	}
	message := strings.TrimSpace(pe.Message)
	if message == "syntax error" || message == "parse error" {
		message = "syntax error"
	}
	if pe.Pos.Line == parse.EOF {
		return fmt.Errorf("%s:%d: %s near '<eof>'", name, bytes.Count(src, []byte("\n"))+1, message)
	}
	return fmt.Errorf("%s:%d: %s near '%s'%s", name, pe.Pos.Line, message, pe.Token, newerSyntax(lineOf(src, pe.Pos.Line), pe.Token))
}

// lineOf is line n of a text, counted from 1; empty beyond its end.
func lineOf(src []byte, n int) []byte {
	lines := bytes.Split(src, []byte("\n"))
	if n < 1 || n > len(lines) {
		return nil
	}
	return lines[n-1]
}

// newer is the syntax of later versions that is not taken here, with the token at which the parser gives up.
var newer = []struct{ token, pattern, what string }{
	{"/", `//`, "integer division (//) is Lua 5.3"},
	{"<", `<\s*(const|close)\s*>`, "attributes of variables (<const>, <close>) are Lua 5.4"},
	{"<", `<<`, "shifts (<<) are Lua 5.3: use bit32.lshift"},
	{">", `>>`, "shifts (>>) are Lua 5.3: use bit32.rshift"},
	{"&", `&`, "the operator & is Lua 5.3: use bit32.band"},
	{"|", `\|`, "the operator | is Lua 5.3: use bit32.bor"},
	{"~", `~`, "the operator ~ is Lua 5.3: use bit32.bxor or bit32.bnot"},
}

// newerSyntax says which version of Lua a line seems to be written for, "" if that is not what is wrong with it.
func newerSyntax(line []byte, token string) string {
	for _, n := range newer {
		if n.token == token && regexp.MustCompile(n.pattern).Match(line) {
			return " (" + n.what + "; this is Lua 5.1 with additions)"
		}
	}
	return ""
}
