package lualib

import (
	"fmt"
	"math/bits"
	"net/netip"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// ipClass is util.ip: addresses as tables with addr, packed, proto and zone, whose other fields are computed when first asked for.
type ipClass struct {
	l  *library
	mt *lua.LTable
}

// openIP makes util.ip.
func (l *library) openIP(L *lua.LState) lua.LValue {
	c := &ipClass{l: l, mt: L.NewTable()}
	c.mt.RawSetString("__index", L.NewFunction(c.index))
	c.mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(L.CheckTable(1).RawGetString("addr"))
		return 1
	}))
	c.mt.RawSetString("__eq", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LBool(c.check(L, 1) == c.check(L, 2)))
		return 1
	}))
	return l.table(map[string]lua.LGFunction{
		"new_ip":             c.newIP,
		"match":              c.match,
		"parse_cidr":         c.parseCIDR,
		"commonPrefixLength": c.commonPrefixLength,
		"truncate":           c.truncate,
		"is_ip": func(L *lua.LState) int {
			L.Push(lua.LBool(metatable(L.Get(1)) == c.mt))
			return 1
		},
	})
}

// check is the address that argument n must be.
func (c *ipClass) check(L *lua.LState, n int) netip.Addr {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok || t.Metatable != c.mt {
		L.ArgError(n, "IP address expected, got "+L.Get(n).Type().String())
	}
	a, _ := netip.AddrFromSlice([]byte(lua.LVAsString(t.RawGetString("packed"))))
	return a
}

func (c *ipClass) value(addr, zone string, packed string) *lua.LTable {
	t := c.l.in.State().CreateTable(0, 4)
	t.RawSetString("addr", lua.LString(addr))
	t.RawSetString("packed", lua.LString(packed))
	t.RawSetString("proto", lua.LString("IPv6"))
	if len(packed) == 4 {
		t.RawSetString("proto", lua.LString("IPv4"))
	}
	if zone != "" {
		t.RawSetString("zone", lua.LString(zone))
	}
	t.Metatable = c.mt
	return t
}

func (c *ipClass) addr(a netip.Addr) *lua.LTable { return c.value(a.String(), "", string(a.AsSlice())) }

// newIP: text, "IPv4", "IPv6" or nil for either. It gives the address; or nil and why not.
func (c *ipClass) newIP(L *lua.LState) int {
	text, proto, zone := L.CheckString(1), L.OptString(2, ""), ""
	if proto != "IPv4" {
		text, zone, _ = strings.Cut(text, "%")
	}
	packed, ok := packIP(text)
	switch {
	case !ok:
		return pushFailure(L, "invalid-"+strings.ToLower(orElse(proto, "ip")))
	case proto == "IPv6" && len(packed) != 16 || proto == "IPv4" && len(packed) != 4:
		return pushFailure(L, "invalid-"+strings.ToLower(proto))
	case proto != "" && proto != "IPv4" && proto != "IPv6":
		return pushFailure(L, "invalid protocol")
	}
	L.Push(c.value(text, zone, packed))
	return 1
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// parseCIDR gives an address and the bits after the slash, or nil.
func (c *ipClass) parseCIDR(L *lua.LState) int {
	text, width, hasBits := strings.Cut(L.CheckString(1), "/")
	L.SetTop(0)
	L.Push(lua.LString(text))
	c.newIP(L)
	address := L.Get(2)
	L.SetTop(0)
	L.Push(address)
	L.Push(lua.LNil)
	if hasBits {
		L.Pop(1)
		L.Push(call1(L, c.l.in.Globals().RawGetString("tonumber"), lua.LString(width)))
	}
	return 2
}

// match: address, network, bits or nil for all.
func (c *ipClass) match(L *lua.LState) int {
	a, b := c.check(L, 1), c.check(L, 2)
	width := L.OptNumber(3, 128)
	switch {
	case width >= 128 || b.Is4() && width >= 32:
		L.Push(lua.LBool(a == b))
		return 1
	case width < 1:
		L.Push(lua.LTrue)
		return 1
	case a.Is4() != b.Is4():
		if b.Is4() {
			width += 96
		}
		a, b = netip.AddrFrom16(a.As16()), netip.AddrFrom16(b.As16())
	}
	L.Push(lua.LBool(commonBits(a, b) >= int(width)))
	return 1
}

// commonBits is how many bits two addresses of one kind begin with alike.
func commonBits(a, b netip.Addr) int {
	n := 0
	x, y := a.AsSlice(), b.AsSlice()
	for i := range x {
		if d := x[i] ^ y[i]; d != 0 {
			return n + bits.LeadingZeros8(d)
		}
		n += 8
	}
	return n
}

func (c *ipClass) commonPrefixLength(L *lua.LState) int {
	a, b := c.check(L, 1), c.check(L, 2)
	L.Push(lua.LNumber(commonBits(netip.AddrFrom16(a.As16()), netip.AddrFrom16(b.As16()))))
	return 1
}

// truncate: address, bits. The other bits become 0.
func (c *ipClass) truncate(L *lua.LState) int {
	a := c.check(L, 1)
	prefix, err := a.Prefix(max(0, min(L.CheckInt(2), a.BitLen())))
	if err != nil {
		return pushFailure(L, err.Error())
	}
	L.Push(c.addr(prefix.Addr()))
	return 1
}

// index computes a field and keeps it.
func (c *ipClass) index(L *lua.LState) int {
	v := c.computed(c.check(L, 1), lua.LVAsString(L.Get(2)))
	if v != lua.LNil {
		L.CheckTable(1).RawSet(L.Get(2), v)
	}
	L.Push(v)
	return 1
}

func (c *ipClass) computed(a netip.Addr, name string) lua.LValue {
	mapped := netip.AddrFrom16(a.As16())
	switch name {
	case "normal":
		return lua.LString(a.String())
	case "bits":
		return lua.LString(bitString(a))
	case "bits_full":
		return lua.LString(bitString(mapped))
	case "toV4mapped":
		if a.Is4() {
			return c.addr(mapped)
		}
	case "label":
		return lua.LNumber(policyOf(mapped).label)
	case "precedence":
		return lua.LNumber(policyOf(mapped).precedence)
	case "scope":
		return lua.LNumber(scopeOf(a))
	case "private":
		return lua.LBool(scopeOf(a) != globalScope || a.Is4() && inAny(a, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
	}
	return lua.LNil
}

func bitString(a netip.Addr) string {
	var b strings.Builder
	for _, x := range a.AsSlice() {
		fmt.Fprintf(&b, "%08b", x)
	}
	return b.String()
}
