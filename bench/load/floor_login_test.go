package load

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
)

// benchmarkFloorLogin is a connection for each login, on which something is asked and answered as often as with SCRAM: a name, then exchanges. Several log in at once,
// as in bench/versus.
func benchmarkFloorLogin(b *testing.B, plan floorPlan, exchanges, together int) {
	text, _ := json.Marshal(plan)
	p := start(b, floor+"="+string(text))
	var last atomic.Int64
	logIn := func() {
		c := &client{tb: b, conn: dial(b, p, false)}
		defer c.conn.Close()
		c.say(fmt.Sprintf("%08d", last.Add(1)))
		c.until("!")
		answer := make([]byte, plan.Out)
		for range exchanges {
			c.conn.Write(make([]byte, plan.In)) // a failure shows at the read
			if _, err := io.ReadFull(c.conn, answer); err != nil {
				b.Error(err)
				return
			}
		}
	}
	turns := make(chan struct{})
	var all sync.WaitGroup
	for range together {
		all.Go(func() {
			for range turns {
				logIn()
			}
		})
	}
	before, after := p.busy(func() {
		for b.Loop() {
			turns <- struct{}{}
		}
		close(turns)
		all.Wait()
	})
	report(b, before, after, last.Load(), "login")
	b.ReportMetric(0, "ns/op")
}
