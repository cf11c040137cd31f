package compat

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// run runs a chunk and returns its results as text.
func run(t testing.TB, it *Interp, src string) (string, error) {
	t.Helper()
	fn, err := it.Load([]byte(src), "=test", nil)
	if err != nil {
		return "", err
	}
	results, err := it.Call(context.Background(), fn, lua.MultRet)
	var words []string
	for _, v := range results {
		words = append(words, toStringNoCall(v))
	}
	return strings.Join(words, " "), err
}

func TestCallReturnsResultsAndErrors(t *testing.T) {
	it := New(Options{})
	got, err := run(t, it, `return 1, "x", nil, true`)
	if err != nil || got != "1 x nil true" {
		t.Fatalf("got %q, %v", got, err)
	}
	_, err = run(t, it, "\nlocal function f() error('boom') end\nf()")
	e, ok := err.(*Error)
	if !ok || e.Error() != "test:2: boom" || !strings.Contains(e.Traceback, "test:3: in main chunk") {
		t.Fatalf("got %#v", err)
	}
}

func TestNestedEnterOfTheSameChain(t *testing.T) {
	it := New(Options{})
	L := it.State()
	it.Globals().RawSetString("nested", L.NewFunction(func(L *lua.LState) int {
		r, err := it.Call(it.Context(L), L.Get(1), 1)
		if err != nil {
			Raise(L, err)
		}
		L.Push(r[0])
		return 1
	}))
	got, err := run(t, it, `return nested(function() return nested(function() return 7 end) end)`)
	if err != nil || got != "7" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestUnlockedLetsOthersIn(t *testing.T) {
	it := New(Options{Budget: 100 * time.Millisecond})
	inside := make(chan struct{})
	goOn := make(chan struct{})
	it.Globals().RawSetString("wait", it.State().NewFunction(func(L *lua.LState) int {
		before := it.Chain(L)
		it.Unlocked(L, func() { close(inside); <-goOn })
		if it.Chain(L) != before || it.owner.Load() != before {
			t.Error("the chain changed")
		}
		return 0
	}))
	done := make(chan error)
	go func() {
		_, err := run(t, it, `wait() return 1`)
		done <- err
	}()
	<-inside
	if got, err := run(t, it, `return 2`); err != nil || got != "2" {
		t.Errorf("got %q, %v", got, err)
	}
	close(goOn)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestBudgetCannotBeCaught(t *testing.T) {
	it := New(Options{Budget: 20 * time.Millisecond})
	for name, src := range map[string]string{
		"loop":           `while true do end`,
		"pcall loop":     `while true do pcall(function() while true do end end) end`,
		"xpcall loop":    `while true do xpcall(function() while true do end end, function() while true do end end) end`,
		"coroutine":      `while true do coroutine.wrap(function() while true do end end)() end`,
		"in a coroutine": `local co = coroutine.wrap(function() while true do pcall(coroutine.yield) end end) while true do co() end`,
		"sort callback":  `while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end`,
		"gsub callback":  `while true do pcall(string.gsub, "abc", ".", function() while true do end end) end`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := run(t, it, src)
			if err == nil || !strings.HasPrefix(err.Error(), "test:1: ") || !strings.HasSuffix(err.Error(), "time budget of 20ms exceeded") {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.(*Error).Traceback, "in main chunk") {
				t.Errorf("traceback %q", err.(*Error).Traceback)
			}
			if got, err := run(t, it, `return 1`); err != nil || got != "1" {
				t.Fatalf("afterwards: got %q, %v", got, err)
			}
		})
	}
}

func TestRaiseKeepsTheGoError(t *testing.T) {
	it := New(Options{})
	cause := context.DeadlineExceeded
	it.Globals().RawSetString("fail", it.State().NewFunction(func(L *lua.LState) int {
		Raise(L, cause)
		return 0
	}))
	_, err := run(t, it, `local ok, e = pcall(fail) error(e, 0)`)
	if e, ok := err.(*Error); !ok || e.Unwrap() != cause {
		t.Fatalf("got %#v", err)
	}
}

func TestChainOfContextIsUsed(t *testing.T) {
	it := New(Options{})
	chain := sdk.NewChain(context.Background())
	var got *sdk.Chain
	fn := it.State().NewFunction(func(L *lua.LState) int {
		got = sdk.ChainOf(L.Context())
		return 0
	})
	if _, err := it.Call(chain, fn, 0); err != nil || got != chain {
		t.Fatalf("got %v, %v", got, err)
	}
}

func TestGoPanicsBecomeErrors(t *testing.T) {
	it := New(Options{})
	it.Globals().RawSetString("crash", it.State().NewFunction(func(L *lua.LState) int {
		var none []int
		return none[L.GetTop()]
	}))
	_, err := run(t, it, "\ncrash()")
	e, ok := err.(*Error)
	if !ok || !strings.HasPrefix(e.Error(), "test:2: runtime error: index out of range") || !strings.Contains(e.Traceback, "interp_test.go") {
		t.Fatalf("got %#v", err)
	}
	if got, err := run(t, it, `return (select(2, pcall(crash)))`); err != nil || !strings.Contains(got, "index out of range") {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestRecursionThroughGoEnds(t *testing.T) {
	it := New(Options{})
	it.Globals().RawSetString("nested", it.State().NewFunction(func(L *lua.LState) int {
		if _, err := it.Call(it.Context(L), L.Get(1), 0, L.Get(1)); err != nil {
			Raise(L, err)
		}
		return 0
	}))
	_, err := run(t, it, `local function f(f) nested(f) end f(f)`)
	if err == nil || !strings.Contains(err.Error(), "stack overflow") {
		t.Fatalf("got %v", err)
	}
	if got, err := run(t, it, `return 1`); err != nil || got != "1" {
		t.Fatalf("afterwards: got %q, %v", got, err)
	}
}

func TestCancelledChainEnds(t *testing.T) {
	it := New(Options{})
	ctx, cancel := context.WithCancel(context.Background())
	it.Globals().RawSetString("cancel", it.State().NewFunction(func(*lua.LState) int { cancel(); return 0 }))
	fn, err := it.Load([]byte(`cancel() while true do pcall(function() while true do end end) end`), "=test", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := it.Call(ctx, fn, 0); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

// Chains wait, call each other's functions and switch coroutines, all at once.
func TestManyChains(t *testing.T) {
	it := New(Options{})
	gate := make(chan struct{}, 1)
	it.Globals().RawSetString("wait", it.State().NewFunction(func(L *lua.LState) int {
		it.Unlocked(L, func() { gate <- struct{}{}; <-gate })
		return 0
	}))
	it.Globals().RawSetString("nested", it.State().NewFunction(func(L *lua.LState) int {
		if _, err := it.Call(it.Context(L), L.Get(1), 0); err != nil {
			Raise(L, err)
		}
		return 0
	}))
	if _, err := run(t, it, `
		count = 0
		shared = coroutine.wrap(function() while true do wait() coroutine.yield() end end)
		function work()
			local mine = 0
			local co = coroutine.wrap(function()
				for i = 1, 10 do
					pcall(function() wait() coroutine.yield() error("x") end)
					nested(function() wait() mine = mine + 1 end)
				end
			end)
			for i = 1, 10 do co() end
			pcall(shared)
			pcall(co)
			count = count + mine
		end`); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if _, err := run(t, it, `work()`); err != nil {
					t.Error(err, err.(*Error).Traceback)
				}
			}
		})
	}
	wg.Wait()
	if got, err := run(t, it, `return count`); err != nil || got != "1600" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestErrorsCrossNestedCalls(t *testing.T) {
	it := New(Options{})
	it.Globals().RawSetString("nested", it.State().NewFunction(func(L *lua.LState) int {
		if _, err := it.Call(it.Context(L), L.Get(1), 0); err != nil {
			Raise(L, err)
		}
		return 0
	}))
	it.Globals().RawSetString("fail", it.State().NewFunction(func(L *lua.LState) int {
		Raise(L, errors.ErrUnsupported)
		return 0
	}))
	_, err := run(t, it, "nested(function()\n nested(fail)\n end)")
	if !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "unsupported") {
		t.Errorf("got %v", err)
	}
	var inner *Error
	if !errors.As(errors.Unwrap(err), &inner) || !strings.Contains(inner.Traceback, "test:2:") {
		t.Errorf("inner error %#v", inner)
	}
	got, err := run(t, it, `local t = {} local ok, e = pcall(nested, function() error(t) end) return e == t`)
	if err != nil || got != "true" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestLoaderSuppliesModules(t *testing.T) {
	it := New(Options{})
	lib := it.State().NewTable()
	it.SetLoader(func(L *lua.LState, name string) (lua.LValue, bool, error) {
		switch name {
		case "util.x", "prosody.util.x":
			return lib, true, nil
		case "broken":
			return nil, false, errors.New("does not compile")
		}
		return nil, false, nil
	})
	got, err := run(t, it, `return require "util.x" == require "prosody.util.x", package.loaded["util.x"] == require "util.x",
		(select(2, pcall(require, "broken"))), (select(2, pcall(require, "none")):match("no module 'none' in the server"))`)
	if err != nil || got != "true true does not compile no module 'none' in the server" {
		t.Errorf("got %q, %v", got, err)
	}
	if it.Loaded().RawGetString("util.x") != lua.LValue(lib) {
		t.Error("not in package.loaded")
	}
}

func TestChunksAreShared(t *testing.T) {
	chunks := NewChunks()
	a, b := New(Options{Chunks: chunks}), New(Options{Chunks: chunks})
	fa, err1 := a.Load([]byte("t = {} t.x = nil return 1 .. 2"), "@f.lua", nil)
	fb, err2 := b.Load([]byte("t = {} t.x = nil return 1 .. 2"), "@f.lua", nil)
	if err1 != nil || err2 != nil || fa.Proto != fb.Proto {
		t.Fatalf("got %v, %v, %v, %v", fa, fb, err1, err2)
	}
	for it, fn := range map[*Interp]*lua.LFunction{a: fa, b: fb} {
		r, err := it.Call(context.Background(), fn, 1)
		if err != nil || r[0].String() != "12" || it.Globals().RawGetString("t").Type() != lua.LTTable {
			t.Errorf("got %v, %v", r, err)
		}
	}
}
