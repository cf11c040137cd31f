package lualib

import (
	"context"
	"net"
	"net/netip"
	"os"

	lua "github.com/yuin/gopher-lua"
)

func (l *library) udpMethods() map[string]lua.LGFunction {
	methods := commonMethods()
	for name, f := range map[string]lua.LGFunction{
		"setpeername": func(L *lua.LState) int {
			s := socketOf(L)
			return pushSocketDone(L, s.connect(L, net.JoinHostPort(L.CheckString(2), portText(L, 3))))
		},
		"setsockname": func(L *lua.LState) (n int) {
			s := socketOf(L)
			s.local = bindAddress(L.CheckString(2), portText(L, 3))
			return pushSocketDone(L, s.openPackets())
		},
		"send": socketSend, "sendto": udpSendTo, "receive": udpReceive, "receivefrom": udpReceive,
	} {
		methods[name] = f
	}
	return methods
}

func (s *luaSocket) openPackets() (err error) {
	if s.l.offline() {
		return ErrOffline
	}
	if s.packets == nil {
		s.packets, err = net.ListenPacket(s.network, s.local)
	}
	return err
}

// udpSendTo: data, address, port.
func udpSendTo(L *lua.LState) int {
	s, data := socketOf(L), L.CheckString(2)
	to, err := netip.ParseAddrPort(net.JoinHostPort(L.CheckString(3), portText(L, 4))) // as in LuaSocket, no name
	if err == nil {
		err = s.openPackets()
	}
	if err == nil {
		_, err = s.packets.WriteTo([]byte(data), net.UDPAddrFromAddrPort(to))
	}
	return pushSocketDone(L, err)
}

// udpReceive gives a packet, and where it is from.
func udpReceive(L *lua.LState) int {
	s := socketOf(L)
	if s.conn == nil {
		if err := s.openPackets(); err != nil {
			return pushFailure(L, reason(err))
		}
	}
	b := make([]byte, 65536)
	var n int
	var from net.Addr
	var err error
	until, conn, packets := s.deadline(), s.conn, s.packets // another chain may close the socket meanwhile
	s.l.in.Unlocked(L, func() {
		if conn != nil {
			conn.SetReadDeadline(until)
			n, err = conn.Read(b)
			from = conn.RemoteAddr()
			return
		}
		packets.SetReadDeadline(until)
		n, from, err = packets.ReadFrom(b)
	})
	if err != nil {
		return pushFailure(L, reason(err))
	}
	L.Push(lua.LString(b[:n]))
	return 1 + pushName(L, from)
}

// socketDNS are the functions of socket.dns.
func (l *library) socketDNS() map[string]lua.LGFunction {
	resolver := net.DefaultResolver
	lookup := func(L *lua.LState, f func(ctx context.Context, name string) ([]string, error)) (names []string, failed int) {
		name := L.CheckString(1)
		if l.offline() {
			return nil, pushFailure(L, ErrOffline.Error())
		}
		var err error
		l.in.Unlocked(L, func() {
			ctx, cancel := context.WithTimeout(context.Background(), dnsTimeout)
			defer cancel()
			names, err = f(ctx, name)
		})
		if err == nil && len(names) == 0 {
			err = &net.DNSError{Err: "no such host", IsNotFound: true}
		}
		if err != nil {
			return nil, pushFailure(L, reason(err))
		}
		return names, 0
	}
	return map[string]lua.LGFunction{
		"gethostname": func(L *lua.LState) int {
			name, _ := os.Hostname()
			return pushString(L, name)
		},
		"toip": func(L *lua.LState) int {
			names, failed := lookup(L, resolver.LookupHost)
			if failed > 0 {
				return failed
			}
			return pushString(L, names[0])
		},
		"tohostname": func(L *lua.LState) int {
			names, failed := lookup(L, resolver.LookupAddr)
			if failed > 0 {
				return failed
			}
			return pushString(L, names[0])
		},
		"getaddrinfo": func(L *lua.LState) int {
			names, failed := lookup(L, resolver.LookupHost)
			if failed > 0 {
				return failed
			}
			list := L.NewTable()
			for _, name := range names {
				t, family := L.NewTable(), "inet"
				if ip := net.ParseIP(name); ip != nil && ip.To4() == nil {
					family = "inet6"
				}
				t.RawSetString("family", lua.LString(family))
				t.RawSetString("addr", lua.LString(name))
				list.Append(t)
			}
			L.Push(list)
			return 1
		},
		"getnameinfo": l.notHere("socket.dns", "getnameinfo"),
	}
}
