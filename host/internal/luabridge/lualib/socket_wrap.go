package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

func (l *library) sslWrap(L *lua.LState) int { return l.notHere("ssl", "wrap")(L) }

func (l *library) wrapClient(L *lua.LState) int { return l.notHere("net.server", "wrapclient")(L) }

func (l *library) wrapServer(L *lua.LState) int { return l.notHere("net.server", "wrapserver")(L) }
