package event_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"quatrain/sdk"
)

// reportCPU adds what a turn cost in CPU time, which, unlike ns/op, does not grow when other processes want the machine.
func reportCPU(b *testing.B) func() {
	start := cpuTime()
	return func() { b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op") }
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkUnhooked is an event that nobody hooks, on a bus with hooks of other events.
func BenchmarkUnhooked(b *testing.B) {
	bus := newBus()
	for _, name := range []string{"message/bare", "message/full", "presence/bare", "presence/full", "iq/bare", "iq/full", "resource-bind"} {
		bus.Add(sdk.Hook{Event: name, Handler: func(context.Context, *sdk.Event) (any, error) { return nil, nil }})
	}
	ctx, ev := context.Background(), sdk.NewEvent("pre-message/full")
	b.Run("Has", func(b *testing.B) {
		b.ReportAllocs()
		defer reportCPU(b)()
		for b.Loop() {
			bus.Has("pre-message/full")
		}
	})
	b.Run("Fire", func(b *testing.B) {
		b.ReportAllocs()
		defer reportCPU(b)()
		for b.Loop() {
			bus.Fire(ctx, ev)
		}
	})
}

// BenchmarkHooked is an event with one handler that does nothing.
func BenchmarkHooked(b *testing.B) {
	bus := newBus()
	bus.Add(sdk.Hook{Event: "e", Handler: func(context.Context, *sdk.Event) (any, error) { return nil, nil }})
	ctx, ev := context.Background(), sdk.NewEvent("e")
	b.ReportAllocs()
	defer reportCPU(b)()
	for b.Loop() {
		bus.Fire(ctx, ev)
	}
}
