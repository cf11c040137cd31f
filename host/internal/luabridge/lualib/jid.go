package lualib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/xmpp/jid"
)

// jidCache keeps the parts of recently split addresses as Lua values, because handlers split the same few over and over.
type jidCache map[lua.LString]jidParts

type jidParts struct{ node, host, resource lua.LValue }

const maxJIDs = 1024

var noJID = jidParts{lua.LNil, lua.LNil, lua.LNil}

// openJID makes util.jid. An address or part that is not valid gives nil.
func (l *library) openJID(*lua.LState) lua.LValue {
	l.jids = jidCache{}
	return l.table(map[string]lua.LGFunction{
		"split":         l.jidSplit,
		"bare":          l.jidBare,
		"prepped_split": jidPreppedSplit,
		"join":          jidJoin,
		"prep":          jidPrep,
		"compare":       l.jidCompare,
		"node":          func(L *lua.LState) int { return l.jidPart(L, func(p jidParts) lua.LValue { return p.node }) },
		"host":          func(L *lua.LState) int { return l.jidPart(L, func(p jidParts) lua.LValue { return p.host }) },
		"resource":      func(L *lua.LState) int { return l.jidPart(L, func(p jidParts) lua.LValue { return p.resource }) },
		"escape":        jidMapped(jid.Escape),
		"unescape":      jidMapped(jid.Unescape),
	})
}

// parts splits argument n without preparing it.
func (l *library) parts(L *lua.LState, n int) jidParts {
	s, ok := L.Get(n).(lua.LString)
	if !ok {
		if L.Get(n) == lua.LNil {
			return noJID
		}
		s = lua.LString(L.CheckString(n))
	}
	if p, ok := l.jids[s]; ok {
		return p
	}
	p := splitJID(string(s))
	if len(l.jids) >= maxJIDs {
		clear(l.jids)
	}
	l.jids[s] = p
	return p
}

func splitJID(s string) jidParts {
	node, host, resource := jid.Split(s)
	if host == "" {
		return noJID
	}
	return jidParts{stringOrNil(node), lua.LString(host), stringOrNil(resource)}
}

func stringOrNil(s string) lua.LValue {
	if s == "" {
		return lua.LNil
	}
	return lua.LString(s)
}

func (l *library) jidSplit(L *lua.LState) int {
	if L.Get(1) == lua.LNil {
		return 0
	}
	p := l.parts(L, 1)
	L.Push(p.node)
	L.Push(p.host)
	L.Push(p.resource)
	return 3
}

// jidBare does without the cache: cutting an address off takes no longer than finding it there.
func (l *library) jidBare(L *lua.LState) int {
	s, ok := L.Get(1).(lua.LString)
	if !ok {
		if L.Get(1) == lua.LNil {
			L.Push(lua.LNil)
			return 1
		}
		s = lua.LString(L.CheckString(1))
	}
	node, host, resource := jid.Split(string(s))
	switch {
	case host == "":
		L.Push(lua.LNil)
	case node == "":
		L.Push(lua.LString(host))
	case resource == "":
		L.Push(L.Get(1))
	default:
		L.Push(s[:len(s)-len(resource)-1])
	}
	return 1
}

func (l *library) jidPart(L *lua.LState, part func(jidParts) lua.LValue) int {
	L.Push(part(l.parts(L, 1)))
	return 1
}

// prepared splits and prepares argument 1; argument 2 refuses code points that Unicode 3.2 had not assigned. A part that preparation
// leaves nothing of is not valid, nor is a host with a separator that preparation made of another character.
func prepared(L *lua.LState) (node, host, resource string, ok bool) {
	if L.Get(1) == lua.LNil {
		return "", "", "", false
	}
	node, host, resource = jid.Split(L.CheckString(1))
	if host == "" {
		return "", "", "", false
	}
	host = strings.TrimSuffix(host, ".")
	strict := isTrue(L, 2)
	if host, ok = prepPart(lowerASCII(host), strict, prepHost); !ok || host == "" || strings.ContainsAny(host, "@/") || strings.HasSuffix(host, ".") {
		return "", "", "", false
	}
	if node, ok = prepPart(lowerASCII(node), strict, jid.Nodeprep); ok {
		resource, ok = prepPart(resource, strict, jid.Resourceprep)
	}
	return node, host, resource, ok
}

func prepPart(s string, strict bool, prep func(string, bool) (string, bool)) (string, bool) {
	if s == "" {
		return "", true
	}
	s, ok := prep(s, strict)
	return s, ok && s != ""
}

// lowerASCII folds the case of a string that is ASCII, which is all that the profiles change in one.
func lowerASCII(s string) string {
	if !isASCII(s) {
		return s
	}
	return strings.ToLower(s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// prepHost is nameprep of a string whose ASCII is in lower case.
func prepHost(s string, strict bool) (string, bool) {
	if len(s) <= jid.MaxPart && isASCII(s) {
		return s, true
	}
	return jid.Nameprep(s, strict)
}

func jidPreppedSplit(L *lua.LState) int {
	node, host, resource, ok := prepared(L)
	if !ok {
		return 0
	}
	L.Push(stringOrNil(node))
	L.Push(lua.LString(host))
	L.Push(stringOrNil(resource))
	return 3
}

func jidPrep(L *lua.LState) int {
	node, host, resource, ok := prepared(L)
	if !ok {
		return 0
	}
	return pushString(L, joined(node, host, resource))
}

func joined(node, host, resource string) string {
	if node != "" {
		host = node + "@" + host
	}
	if resource != "" {
		host += "/" + resource
	}
	return host
}

// jidJoin: an empty part is still a part, nil is none.
func jidJoin(L *lua.LState) int {
	if L.Get(2) == lua.LNil {
		return 0
	}
	s := L.CheckString(2)
	if L.Get(1) != lua.LNil {
		s = L.CheckString(1) + "@" + s
	}
	if L.Get(3) != lua.LNil {
		s += "/" + L.CheckString(3)
	}
	return pushString(L, s)
}

// jidCompare: whether an address matches a rule, in which a part left out matches any.
func (l *library) jidCompare(L *lua.LState) int {
	a, rule := l.parts(L, 1), l.parts(L, 2)
	matches := func(rule, part lua.LValue) bool { return rule == lua.LNil || rule == part }
	L.Push(lua.LBool(matches(rule.node, a.node) && matches(rule.host, a.host) && matches(rule.resource, a.resource)))
	return 1
}

func jidMapped(f func(string) string) lua.LGFunction {
	return func(L *lua.LState) int {
		if !isTrue(L, 1) {
			L.SetTop(1)
			return 1
		}
		return pushString(L, f(L.CheckString(1)))
	}
}
