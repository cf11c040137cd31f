package lualib

import (
	"github.com/mtibben/confusables"
	lua "github.com/yuin/gopher-lua"
	"golang.org/x/text/secure/precis"
)

// confusableSkeleton gives strings that look alike the same result (UTS 39 §4), which is of no other use.
func confusableSkeleton(L *lua.LState) int {
	return pushString(L, confusables.Skeleton(L.CheckString(1)))
}

// precisNickname gives nicknames that count as one (RFC 8266 §2.4: case, width, spaces) the same result; nil for what is no nickname.
func precisNickname(L *lua.LState) int {
	key, err := precis.Nickname.CompareKey(L.CheckString(1))
	if err != nil {
		L.Push(lua.LNil)
		return 1
	}
	return pushString(L, key)
}
