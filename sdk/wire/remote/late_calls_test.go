package remote

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Calls that are not answered end in time, whichever of the others were.
func TestLateCallsExpire(t *testing.T) {
	for name, answered := range map[string][]int{"none": {}, "the oldest": {0, 1}, "the newest": {3, 4}, "some between": {1, 3}, "all but one": {0, 1, 3, 4}, "all": {0, 1, 2, 3, 4}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var l lateCalls
				var all []*lateCall
				ended := map[*lateCall]time.Duration{}
				begun := time.Now()
				expire := func() {
					for _, c := range l.expired() {
						ended[c] = time.Since(begun)
						l.remove(c)
					}
				}
				for range 5 {
					c := &lateCall{}
					all = append(all, c)
					l.add(c, time.Minute, expire)
					time.Sleep(time.Second)
				}
				for _, i := range answered {
					l.remove(all[i])
				}
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				for i, c := range all {
					want := time.Duration(i)*time.Second + time.Minute
					if slices.Contains(answered, i) {
						want = 0
					}
					if ended[c] != want {
						t.Errorf("call %d ended after %v, want %v", i, ended[c], want)
					}
				}
				if l.oldest != nil || l.newest != nil || l.timed {
					t.Error("something is left")
				}
				l.add(&lateCall{}, time.Minute, expire)
				time.Sleep(time.Minute)
				synctest.Wait()
				if len(ended) != 6-len(answered) {
					t.Error("a call that came after all others did not end")
				}
			})
		})
	}
}
