package lualib

import (
	"net"
	"net/netip"

	lua "github.com/yuin/gopher-lua"
)

// openNet makes util.net: pton and ntop between the text and the bytes of an IP address, and local_addresses.
func (l *library) openNet(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"pton": func(L *lua.LState) int {
			packed, ok := packIP(L.CheckString(1))
			if !ok {
				return pushErrno(L, "Address family not supported by protocol", 97)
			}
			return pushString(L, packed)
		},
		"ntop": func(L *lua.LState) int {
			a, ok := netip.AddrFromSlice([]byte(L.CheckString(1)))
			if !ok {
				return pushErrno(L, "Invalid argument", 22)
			}
			return pushString(L, a.String())
		},
		"local_addresses": localAddresses,
	})
}

func pushErrno(L *lua.LState, message string, errno int) int {
	pushFailure(L, message)
	L.Push(lua.LNumber(errno))
	return 3
}

// packIP is the 4 or 16 bytes of an address.
func packIP(s string) (string, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return "", false
	}
	return string(a.AsSlice()), true
}

// localAddresses: "ipv4", "ipv6" or "both" (the default), whether to list link-local ones too. Loopback addresses are left out.
func localAddresses(L *lua.LState) int {
	kind, linkLocal := L.OptString(1, "both"), isTrue(L, 2)
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return pushFailure(L, err.Error())
	}
	t := L.NewTable()
	for _, a := range addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		ip := prefix.Addr().WithZone("")
		wanted := kind == "both" || kind == "ipv4" && ip.Is4() || kind == "ipv6" && ip.Is6()
		if wanted && !ip.IsLoopback() && (linkLocal || !ip.IsLinkLocalUnicast()) {
			t.Append(lua.LString(ip.String()))
		}
	}
	L.Push(t)
	return 1
}
