package luabridge

import (
	"context"
	"net"
	"net/netip"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// serviceItem is the item that makes a service of a module listen.
const serviceItem = "net-provider"

// beginService registers a service of a global module with the port manager of the module's own interpreter, until the module goes. A
// module that was given the item of another interpreter could not answer the connections.
func (b *Bridge) beginService(L *lua.LState, o *moduleObject, service *lua.LTable) {
	if o.m.HostType() != sdk.HostGlobal {
		o.m.Logger().Warn("a service is provided by a module that is not global (module:set_global()), so it does not listen", "service", lua.LVAsString(service.RawGetString("name")))
		return
	}
	if b.services == nil {
		b.services = b.require(L, "core.portmanager").(*lua.LTable)
	}
	b.callService(L, "register_service", service)
	o.services = append(o.services, service)
	if len(o.services) == 1 {
		o.undo = append(o.undo, func(L *lua.LState) {
			for len(o.services) > 0 {
				b.endService(L, o, o.services[0])
			}
		})
	}
}

func (b *Bridge) endService(L *lua.LState, o *moduleObject, service *lua.LTable) {
	for i, s := range o.services {
		if s == service {
			o.services = append(o.services[:i:i], o.services[i+1:]...)
			b.callService(L, "unregister_service", service)
			return
		}
	}
}

func (b *Bridge) callService(L *lua.LState, function string, service *lua.LTable) {
	L.Push(b.services.RawGetString(function))
	L.Push(service.RawGetString("name"))
	L.Push(service)
	L.Call(2, 0)
}

// ServiceAddrs are the addresses that a service of a module listens on; none if it does not.
func (b *Bridge) ServiceAddrs(ctx context.Context, name string) (addrs []net.Addr) {
	t := b.in.Enter(ctx)
	defer t.Leave()
	if b.services == nil {
		return nil
	}
	results, err := b.in.PCall(t.L, b.services.RawGetString("get_active_services"), 1)
	if err != nil {
		return nil
	}
	active := results[0].(*lua.LTable)
	entries, err := b.in.PCall(t.L, active.RawGetString("search"), 1, active, lua.LString(name), lua.LNil, lua.LNil, lua.LNil)
	if err != nil {
		return nil
	}
	entries[0].(*lua.LTable).ForEach(func(_, entry lua.LValue) {
		service, _ := entry.(*lua.LTable)
		if service == nil {
			return
		}
		socket, ok := service.RawGetString("server").(*lua.LTable)
		if !ok {
			return
		}
		if ip, err := netip.ParseAddr(lua.LVAsString(socket.RawGetString("sockname"))); err == nil {
			port := uint16(lua.LVAsNumber(socket.RawGetString("sockport")))
			addrs = append(addrs, net.TCPAddrFromAddrPort(netip.AddrPortFrom(ip, port)))
		}
	})
	return addrs
}
