package lualib

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// dnsTimeout is how long a question may take.
const dnsTimeout = 30 * time.Second

// dnsTypes are the types of records by number (RFC 1035 §3.2.2 and others).
var dnsTypes = map[string]int{"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "NAPTR": 35, "DS": 43, "TLSA": 52, "ANY": 255}

// record fills one answer.
type record func(L *lua.LState, t *lua.LTable)

// openADNS makes net.adns (and net.unbound, which has the same face) on the system's resolver: lookup(callback, name, type, class) calls
// back with a list of {a = …}, {aaaa = …}, {srv = {priority, weight, port, target}} …, or nil and why not.
func (l *library) openADNS(L *lua.LState) lua.LValue {
	lookup := func(at int) lua.LGFunction {
		return func(L *lua.LState) int {
			return l.dnsLookup(L, L.CheckFunction(at), L.CheckString(at+1), L.OptString(at+2, "A"))
		}
	}
	nothing := func(*lua.LState) int { return 0 }
	lib := l.table(map[string]lua.LGFunction{"lookup": lookup(1), "cancel": nothing, "purge": nothing, "new_async_socket": l.notHere("net.adns", "new_async_socket")})
	resolver := l.table(map[string]lua.LGFunction{"lookup": lookup(2), "lookup_promise": l.dnsPromise})
	resolver.RawSetString("_resolver", l.table(map[string]lua.LGFunction{"settimeout": nothing, "closeall": nothing}))
	lib.RawSetString("resolver", L.NewFunction(func(L *lua.LState) int {
		L.Push(resolver)
		return 1
	}))
	lib.RawSetString("lookup_promise", L.NewFunction(l.dnsPromise))
	lib.RawSetString("dns", l.openDNS(L))
	return lib
}

// openDNS makes net.dns: lookup(name, type) waits for the answer.
func (l *library) openDNS(L *lua.LState) lua.LValue {
	nothing := func(*lua.LState) int { return 0 }
	lib := l.table(map[string]lua.LGFunction{
		"lookup": l.dnsWait, "query": nothing, "peek": nothing, "purge": nothing, "settimeout": nothing, "socket_wrapper_set": nothing, "random": nothing, "cancel": nothing,
		"resolver": func(L *lua.LState) int {
			t := l.table(map[string]lua.LGFunction{"lookup": func(L *lua.LState) int {
				L.Remove(1)
				return l.dnsWait(L)
			}, "settimeout": nothing, "purge": nothing})
			L.Push(t)
			return 1
		},
	})
	types, classes := L.NewTable(), L.NewTable()
	for name, number := range dnsTypes {
		types.RawSetString(name, lua.LNumber(number))
		types.RawSetInt(number, lua.LString(name))
	}
	classes.RawSetString("IN", lua.LNumber(1))
	classes.RawSetInt(1, lua.LString("IN"))
	lib.RawSetString("types", types)
	lib.RawSetString("classes", classes)
	return lib
}

// dnsLookup asks beside the chain, and calls back on one of its own.
func (l *library) dnsLookup(L *lua.LState, callback lua.LValue, name, kind string) int {
	go func() {
		records, err := l.resolveDNS(name, kind)
		t := l.in.Enter(context.Background())
		defer t.Leave()
		t.L.Push(callback)
		answer, why := l.dnsAnswer(t.L, name, kind, records, err)
		t.L.Push(answer)
		t.L.Push(why)
		if err := t.PCall(2, 0); err != nil {
			l.logError("callback of a DNS question failed", err)
		}
	}()
	L.Push(lua.LTrue)
	return 1
}

// dnsWait: name, type → answer; or nil and why not. Others run Lua meanwhile.
func (l *library) dnsWait(L *lua.LState) int {
	name, kind := L.CheckString(1), L.OptString(2, "A")
	var records []record
	var err error
	l.in.Unlocked(L, func() { records, err = l.resolveDNS(name, kind) })
	answer, why := l.dnsAnswer(L, name, kind, records, err)
	L.Push(answer)
	L.Push(why)
	return 2
}

// dnsPromise: (self,) name, type → promise of the answer.
func (l *library) dnsPromise(L *lua.LState) int {
	at := 1
	if L.Get(1).Type() == lua.LTTable {
		at = 2
	}
	name, kind := L.Get(at), L.Get(at+1)
	promise := l.optionalLibrary(L, "util.promise")
	executor := L.NewFunction(func(L *lua.LState) int {
		resolve, reject := L.Get(1), L.Get(2)
		callback := L.NewFunction(func(L *lua.LState) int {
			if L.Get(1) == lua.LNil {
				call1(L, reject, L.Get(2))
			} else {
				call1(L, resolve, L.Get(1))
			}
			return 0
		})
		return l.dnsLookup(L, callback, lua.LVAsString(name), lua.LVAsString(kind))
	})
	L.Push(callField(L, promise, "new", executor))
	return 1
}

// dnsAnswer is a list with the fields that Prosody's resolvers have. That there is no such name is an answer, too.
func (l *library) dnsAnswer(L *lua.LState, name, kind string, records []record, err error) (answer, why lua.LValue) {
	var dns *net.DNSError
	missing := errors.As(err, &dns) && dns.IsNotFound
	if err != nil && !missing {
		return lua.LNil, lua.LString(reason(err))
	}
	t := L.NewTable()
	t.RawSetString("qname", lua.LString(name))
	t.RawSetString("type", lua.LString(strings.ToUpper(kind)))
	t.RawSetString("class", lua.LString("IN"))
	t.RawSetString("n", lua.LNumber(len(records)))
	t.RawSetString("secure", lua.LFalse)
	if missing {
		t.RawSetString("status", lua.LString("NXDOMAIN"))
	}
	for _, fill := range records {
		r := L.NewTable()
		r.RawSetString("name", lua.LString(name))
		r.RawSetString("type", t.RawGetString("type"))
		r.RawSetString("class", lua.LString("IN"))
		fill(L, r)
		t.Append(r)
	}
	return t, lua.LNil
}

func textRecord(field, value string) record {
	return func(_ *lua.LState, t *lua.LTable) { t.RawSetString(field, lua.LString(value)) }
}

// resolveDNS asks the system's resolver. Types that it does not know have no records.
func (l *library) resolveDNS(name, kind string) (records []record, err error) {
	if l.offline() {
		return nil, ErrOffline
	}
	ctx, cancel := context.WithTimeout(context.Background(), dnsTimeout)
	defer cancel()
	switch kind = strings.ToUpper(kind); kind {
	case "A", "AAAA":
		return resolveAddresses(ctx, name, kind)
	case "SRV":
		return resolveSRV(ctx, name)
	case "TXT", "NS", "PTR":
		return resolveText(ctx, name, kind)
	case "CNAME":
		target, err := net.DefaultResolver.LookupCNAME(ctx, name)
		if err != nil {
			return nil, err
		}
		return []record{textRecord("cname", target)}, nil
	case "MX":
		list, err := net.DefaultResolver.LookupMX(ctx, name)
		for _, mx := range list {
			records = append(records, func(L *lua.LState, t *lua.LTable) {
				t.RawSetString("mx", lua.LString(mx.Host))
				t.RawSetString("pref", lua.LNumber(mx.Pref))
			})
		}
		return records, err
	}
	return nil, nil
}

func resolveAddresses(ctx context.Context, name, kind string) (records []record, err error) {
	network := map[string]string{"A": "ip4", "AAAA": "ip6"}[kind]
	list, err := net.DefaultResolver.LookupNetIP(ctx, network, name)
	for _, ip := range list {
		records = append(records, textRecord(strings.ToLower(kind), ip.Unmap().String()))
	}
	return records, err
}

func resolveSRV(ctx context.Context, name string) (records []record, err error) {
	_, list, err := net.DefaultResolver.LookupSRV(ctx, "", "", name)
	for _, srv := range list {
		records = append(records, func(L *lua.LState, t *lua.LTable) {
			s := L.NewTable()
			s.RawSetString("priority", lua.LNumber(srv.Priority))
			s.RawSetString("weight", lua.LNumber(srv.Weight))
			s.RawSetString("port", lua.LNumber(srv.Port))
			s.RawSetString("target", lua.LString(srv.Target))
			t.RawSetString("srv", s)
		})
	}
	return records, err
}

func resolveText(ctx context.Context, name, kind string) (records []record, err error) {
	var list []string
	switch kind {
	case "TXT":
		list, err = net.DefaultResolver.LookupTXT(ctx, name)
	case "PTR":
		list, err = net.DefaultResolver.LookupAddr(ctx, reverseAddress(name))
	case "NS":
		var servers []*net.NS
		servers, err = net.DefaultResolver.LookupNS(ctx, name)
		for _, s := range servers {
			list = append(list, s.Host)
		}
	}
	for _, text := range list {
		records = append(records, textRecord(strings.ToLower(kind), text))
	}
	return records, err
}

// reverseAddress is the IPv4 address behind 4.3.2.1.in-addr.arpa; other names stay.
func reverseAddress(name string) string {
	parts, ok := strings.CutSuffix(strings.TrimSuffix(name, "."), ".in-addr.arpa")
	if !ok {
		return name
	}
	octets := strings.Split(parts, ".")
	slices.Reverse(octets)
	return strings.Join(octets, ".")
}
