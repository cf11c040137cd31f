package compat

import (
	"runtime"
	"testing"
)

func TestAbandonedCoroutinesAreCollected(t *testing.T) {
	it := New(Options{})
	before := runtime.NumGoroutine()
	_, err := run(t, it, `
		for i = 1, 100 do
			local co = coroutine.create(function() pcall(function() coroutine.yield() end) error("went on") end)
			coroutine.resume(co)
			local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
			gen()
		end`)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 { // cleanups run on a goroutine of the runtime, some time after the collection
		runtime.GC()
		if _, err := run(t, it, `return 1`); err != nil {
			t.Fatal(err)
		}
		if runtime.NumGoroutine() <= before+2 {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
