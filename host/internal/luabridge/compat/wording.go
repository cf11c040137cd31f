package compat

import lua "github.com/yuin/gopher-lua"

func reword(L *lua.LState, s string) string { return s }
