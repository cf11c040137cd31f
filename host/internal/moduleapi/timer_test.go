package moduleapi_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"quatrain/host/internal/moduleapi"
)

func newModule() *moduleapi.Module {
	return moduleapi.New(&moduleapi.Server{Log: slog.New(slog.DiscardHandler), Items: moduleapi.NewItems()}, "p", "a.example", false)
}

func TestTimer(t *testing.T) {
	again := func(d time.Duration) func() time.Duration { return func() time.Duration { return d } }
	tests := map[string]struct {
		result func() time.Duration
		after  time.Duration
		want   int
	}{
		"fires once":          {again(0), time.Minute, 1},
		"not before its time": {again(0), 9 * time.Second, 0},
		"re-arms":             {again(10 * time.Second), 35 * time.Second, 3},
		"a panic ends it":     {func() time.Duration { panic("boom") }, time.Minute, 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, fired := newModule(), 0
				m.AddTimer(10*time.Second, func(context.Context) time.Duration {
					fired++
					return tc.result()
				})
				time.Sleep(tc.after)
				synctest.Wait()
				if fired != tc.want {
					t.Errorf("fired %d times, want %d", fired, tc.want)
				}
				m.Undo(context.Background())
				time.Sleep(time.Hour)
				synctest.Wait()
				if fired != tc.want {
					t.Errorf("fired after unloading")
				}
			})
		})
	}
}

func TestTimerStopAndReschedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, fired := newModule(), 0
		timer := m.AddTimer(10*time.Second, func(context.Context) time.Duration {
			fired++
			return 0
		})
		timer.Reschedule(time.Minute)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if fired != 0 {
			t.Fatal("fired at the time it was rescheduled from")
		}
		timer.Stop()
		time.Sleep(time.Hour)
		synctest.Wait()
		if fired != 0 {
			t.Error("fired after Stop")
		}
	})
}

// A timer that has fired and is armed anew is an ordinary one again.
func TestTimerRescheduledAfterItFired(t *testing.T) {
	tests := map[string]struct {
		stop bool
		want int
	}{"fires again": {false, 2}, "can be stopped": {true, 1}}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, fired := newModule(), 0
				timer := m.AddTimer(10*time.Second, func(context.Context) time.Duration {
					fired++
					return 0
				})
				time.Sleep(time.Minute)
				synctest.Wait()
				timer.Reschedule(10 * time.Second)
				if tc.stop {
					timer.Stop()
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				if fired != tc.want {
					t.Errorf("fired %d times, want %d", fired, tc.want)
				}
			})
		})
	}
}
