package sdk_test

import (
	"fmt"
	"testing"

	"quatrain/sdk"
)

// TestEventValues: few values or many, each is what it was last set to, also under another name of the event, and they come in order.
func TestEventValues(t *testing.T) {
	for _, n := range []int{1, 16, 17, 100} {
		ev := sdk.NewEvent("x", "0", "first")
		other := ev.As("y")
		for round := range 2 {
			for i := range n {
				other.Set(fmt.Sprint(i), i+round)
			}
		}
		at := 0
		ev.Values().Each(func(name string, value any) bool {
			if name != fmt.Sprint(at) || value != at+1 || ev.Get(name) != value {
				t.Errorf("%d values: %q is %v at %d", n, name, value, at)
			}
			at++
			return true
		})
		if at != n || ev.Get("none") != nil {
			t.Errorf("%d values, want %d", at, n)
		}
	}
}
