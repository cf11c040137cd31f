package lualib

import (
	"context"
	"errors"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// prelude is what the tests of waits in place start with: functions by name in _G.
const prelude = `
	async = require "util.async"
	promise = require "util.promise"
	log, dones = {}, {}
	function waits(name)
		local wait, done = async.waiter()
		dones[name] = done
		wait()
		log[#log+1] = name
	end
	function proceeds(name) log[#log+1] = name end
	function done(name) dones[name]() end
	function in_coroutine(name) coroutine.wrap(waits)(name) end
`

// start calls a function of _G on a chain of its own, as a session does, and returns where its end is announced.
func (w *world) start(ctx context.Context, fn, arg string) <-chan error {
	end := make(chan error, 1)
	go func() {
		_, err := w.in.Call(sdk.NewChain(ctx), w.in.Globals().RawGetString(fn), 0, lua.LString(arg))
		end <- err
	}()
	return end
}

// until waits for a condition in Lua to become true.
func (w *world) until(t *testing.T, condition string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if lua.LVAsBool(w.code(t, "return "+condition, "until")[0]) {
			return
		}
	}
	t.Fatalf("never: %s", condition)
}

func receive(t *testing.T, end <-chan error) error {
	t.Helper()
	select {
	case err := <-end:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("still waiting")
		return nil
	}
}

func (w *world) logged(t *testing.T, want string) {
	t.Helper()
	if got := w.code(t, `return table.concat(log, " ")`, "log")[0].String(); got != want {
		t.Errorf("got log %q, want %q", got, want)
	}
}

func TestTwoHandlersWaitAndAThirdGoesOn(t *testing.T) {
	for _, fn := range []string{"waits", "in_coroutine"} {
		t.Run(fn, func(t *testing.T) {
			w := newWorld(luaTree)
			w.code(t, prelude, "prelude")
			a, b := w.start(context.Background(), fn, "a"), w.start(context.Background(), fn, "b")
			w.until(t, "dones.a and dones.b")
			if err := receive(t, w.start(context.Background(), "proceeds", "c")); err != nil {
				t.Fatal(err)
			}
			w.logged(t, "c")
			for name, end := range map[string]<-chan error{"b": b, "a": a} {
				w.code(t, `done "`+name+`"`, "signal")
				if err := receive(t, end); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestWaitEndsWithItsChain(t *testing.T) {
	w := newWorld(luaTree)
	w.code(t, prelude, "prelude")
	ctx, cancel := context.WithCancel(context.Background())
	end := w.start(ctx, "waits", "a")
	w.until(t, "dones.a")
	cancel()
	if err := receive(t, end); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
	w.code(t, `done "a"`, "late")
	w.logged(t, "")
}

// A runner's function that waits behind Go code of the server keeps its place, whatever chain it is.
func TestWaitBehindGoKeepsItsPlace(t *testing.T) {
	w := newWorld(luaTree)
	w.in.Globals().RawSetString("through_go", w.in.State().NewFunction(func(L *lua.LState) int {
		if _, err := w.in.Call(w.in.Context(L), L.Get(1), 0, L.Get(2)); err != nil {
			L.RaiseError("%s", err.Error())
		}
		return 0
	}))
	w.code(t, prelude+`function runs(name) async.runner(function(n) through_go(waits, n) end):run(name) end`, "prelude")
	end := w.start(context.Background(), "runs", "a")
	w.until(t, "dones.a")
	w.code(t, `done "a"`, "signal")
	if err := receive(t, end); err != nil {
		t.Fatal(err)
	}
	w.logged(t, "a")
}

func TestWaitForAPromiseInACallbackOfAnother(t *testing.T) {
	w := newWorld(luaTree)
	w.code(t, prelude+`
		function nested(name)
			local resolve
			local inner = promise.new(function(r) resolve = r end)
			promise.resolve():next(function()
				promise.resolve():next(function() resolve("inner") end)
				log[#log+1] = async.wait_for(inner)
			end):next(function() log[#log+1] = name end)
		end`, "prelude")
	if err := receive(t, w.start(context.Background(), "nested", "outer")); err != nil {
		t.Fatal(err)
	}
	w.until(t, "#log == 2")
	w.logged(t, "inner outer")
}

func TestSleep(t *testing.T) {
	w := newWorld(luaTree)
	w.code(t, prelude+`function naps(name) async.sleep(0.01) log[#log+1] = name end`, "prelude")
	w.code(t, `r = async.runner(naps) r:run("runner") proceeds(r.state)`, "runner")
	if err := receive(t, w.start(context.Background(), "naps", "handler")); err != nil {
		t.Fatal(err)
	}
	w.until(t, "#log == 3")
	if got := w.code(t, "return log[1]", "log")[0].String(); got != "waiting" {
		t.Errorf("run returned only when the runner was %s", got)
	}
}

func TestChainFlushesBeforeItWaits(t *testing.T) {
	w := newWorld(luaTree)
	w.code(t, prelude, "prelude")
	flushed := make(flag, 1)
	end := make(chan error, 1)
	go func() {
		chain := sdk.NewChain(context.Background())
		chain.SetBatch(flushed)
		_, err := w.in.Call(chain, w.in.Globals().RawGetString("waits"), 0, lua.LString("a"))
		end <- err
	}()
	_ = receive(t, (chan error)(flushed))
	w.until(t, "dones.a")
	w.code(t, `done "a"`, "signal")
	if err := receive(t, end); err != nil {
		t.Fatal(err)
	}
}

// flag is a batch that tells when it is flushed.
type flag chan error

func (f flag) Flush() { f <- nil }
