package luabridge

import (
	"runtime"
	"testing"
	"time"
)

type outer struct {
	inner inner
	word  string
}

type inner struct{ _ int }

// The same pointer has the same counterpart, another one another, also if it is a struct's first field.
func TestCounterparts(t *testing.T) {
	var c counterparts[string]
	made := 0
	of := func(v any) *string {
		return c.of(v, func() *string { made++; s := "x"; return &s })
	}
	a, b := &outer{word: "a"}, &outer{word: "b"}
	forA, forB, forInner := of(a), of(b), of(&a.inner)
	if of(a) != forA || of(b) != forB || of(&a.inner) != forInner || forA == forB || forA == forInner || made != 3 {
		t.Errorf("made %d: %p %p %p", made, forA, forB, forInner)
	}
	if first, second := of("text"), of("text"); first == second {
		t.Error("what is no pointer has a counterpart")
	}
	runtime.KeepAlive(a)
	runtime.KeepAlive(b)
}

// Nothing is left of counterparts that nobody uses any more.
func TestCounterpartsEnd(t *testing.T) {
	var c counterparts[outer]
	values := make([]*outer, 100)
	for i := range values {
		values[i] = &outer{}
		c.of(values[i], func() *outer { return &outer{word: "face"} })
	}
	size := func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.m)
	}
	for start := time.Now(); size() > 0; runtime.GC() {
		if time.Since(start) > 10*time.Second {
			t.Fatalf("%d of 100 are left", size())
		}
	}
	runtime.KeepAlive(values)
}
