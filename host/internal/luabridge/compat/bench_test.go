package compat

import (
	"testing"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// benchLua runs a chunk that loops `...` times, in the world of withThing.
func benchLua(b *testing.B, src string) {
	it := withThing(b)
	it.budget.limit = 0
	fn, err := it.Load([]byte("local n = ...\n"+src), "=bench", nil)
	if err != nil {
		b.Fatal(err)
	}
	th := it.Enter(b.Context())
	defer th.Leave()
	th.L.Push(fn)
	th.L.Push(lua.LNumber(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	if err := th.PCall(1, 0); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkLoop(b *testing.B) { benchLua(b, `for i = 1, n do end`) }
func BenchmarkCallLua(b *testing.B) {
	benchLua(b, `local function f(x) return x end for i = 1, n do f(o) end`)
}
func BenchmarkCallGo(b *testing.B) { benchLua(b, `local f = rawlen for i = 1, n do f("x") end`) }
func BenchmarkFieldPlain(b *testing.B) {
	benchLua(b, `local t, v = {name = 1} for i = 1, n do v = t.name end`)
}
func BenchmarkFieldProxy(b *testing.B) { benchLua(b, `local t, v = o for i = 1, n do v = t.name end`) }
func BenchmarkMethodProxy(b *testing.B) {
	benchLua(b, `local t, v = o for i = 1, n do v = t.method end`)
}
func BenchmarkSetProxy(b *testing.B) {
	benchLua(b, `local t, v = o, "x" for i = 1, n do t.name = v end`)
}
func BenchmarkSetPlain(b *testing.B) {
	benchLua(b, `local t, v = {}, "x" for i = 1, n do t.name = v end`)
}
func BenchmarkSetNil(b *testing.B) {
	benchLua(b, `local t, v = {}, "x" for i = 1, n do t.name = v t.name = nil end`)
}
func BenchmarkIpairsProxy(b *testing.B) {
	benchLua(b, `for i = 1, n do for i, v in ipairs(o) do end end`)
}
func BenchmarkPairsTen(b *testing.B) {
	benchLua(b, `local t = {a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9,j=10} for i = 1, n do for k, v in pairs(t) do end end`)
}
func BenchmarkPcall(b *testing.B) {
	benchLua(b, `local f = function() end for i = 1, n do pcall(f) end`)
}
func BenchmarkPcallError(b *testing.B) {
	benchLua(b, `local f = function() error("x") end for i = 1, n do pcall(f) end`)
}
func BenchmarkSwitchPair(b *testing.B) {
	benchLua(b, `local y = coroutine.yield local co = coroutine.wrap(function() while true do y() end end) for i = 1, n do co() end`)
}
func BenchmarkCoroutine(b *testing.B) {
	benchLua(b, `local f = function() end for i = 1, n do coroutine.wrap(f)() end`)
}
func BenchmarkMatch(b *testing.B) {
	benchLua(b, `local s = "romeo@montague.lit/orchard" for i = 1, n do s:match("^([^@/]+)@") end`)
}
func BenchmarkFind(b *testing.B) {
	benchLua(b, `local s = "romeo@montague.lit/orchard" for i = 1, n do s:find("/", 1, true) end`)
}
func BenchmarkGsub(b *testing.B) {
	benchLua(b, `local s = "romeo@montague.lit/orchard" for i = 1, n do s:gsub("[&<>'\"]", "") end`)
}
func BenchmarkFormat(b *testing.B) {
	benchLua(b, `local s = "%s@%s" for i = 1, n do s:format("romeo", "montague.lit") end`)
}
func BenchmarkConcat(b *testing.B) {
	benchLua(b, `local a, b = "romeo", "montague.lit" for i = 1, n do local s = a .. "@" .. b end`)
}

func BenchmarkEnterLeave(b *testing.B) {
	it := New(Options{})
	chain := sdk.NewChain(b.Context())
	b.ReportAllocs()
	for b.Loop() {
		it.Enter(chain).Leave()
	}
}

func BenchmarkEnterCall(b *testing.B) {
	it := New(Options{})
	fn, err := it.Load([]byte(`local function f(x) return x end return f`), "=bench", nil)
	if err != nil {
		b.Fatal(err)
	}
	chain := sdk.NewChain(b.Context())
	results, err := it.Call(chain, fn, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		t := it.Enter(chain)
		t.L.Push(results[0])
		t.L.Push(lua.LTrue)
		if err := t.PCall(1, 1); err != nil {
			b.Fatal(err)
		}
		t.Leave()
	}
}

func BenchmarkObject(b *testing.B) {
	benchLua(b, `for i = 1, n do local t = {} t.a = i t.b = i t.c = i end`)
}
func BenchmarkRecord(b *testing.B) {
	benchLua(b, `for i = 1, n do local t = { bare_jid = i, nick = i, sessions = i, role = i, jid = i } end`)
}
func BenchmarkRecordOne(b *testing.B) { benchLua(b, `for i = 1, n do local t = { a = i } end`) }
func BenchmarkRecordTwo(b *testing.B) { benchLua(b, `for i = 1, n do local t = { a = i, b = i } end`) }
func BenchmarkRecordTwelve(b *testing.B) {
	benchLua(b, `for i = 1, n do local t = {a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9,j=10,k=11,l=12} end`)
}
func BenchmarkList(b *testing.B) { benchLua(b, `for i = 1, n do local t = {} t[1] = i t[2] = i end`) }
