package compat

import (
	"os"
	"testing"
)

func TestProbe(t *testing.T) {
	f := os.Getenv("PROBE")
	if f == "" {
		t.Skip("x")
	}
	it := New(Options{})
	src, _ := os.ReadFile(f)
	fn, err := it.Load(src, "@"+f, nil)
	if err != nil {
		t.Fatal(err)
	}
	th := it.Enter(t.Context())
	defer th.Leave()
	th.L.Push(fn)
	if err := th.PCall(0, 0); err != nil {
		t.Fatal(err, "\n", err.(*Error).Traceback)
	}
}
