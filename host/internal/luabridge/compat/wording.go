package compat

import lua "github.com/yuin/gopher-lua"

func reword(L *lua.LState, s string) string { return s }

func (t *Thread) runHandler(L *lua.LState, v lua.LValue) lua.LValue { return v }
func encodeUTF8(b []byte, code int) []byte                          { return append(b, string(rune(code))...) }
