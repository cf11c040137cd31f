package host_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
)

// A hall that is locked for a chain lets that chain in again, through Lua and back.
func TestChainsComeBackToTheirObject(t *testing.T) {
	s, p := onHalls(t, enterAgain)
	for _, s := range []*stage{s, hallsIn(t, true, enterAgain)} {
		s.want("me is here 21", prelude+`local n = 0; t.enter(h); for _ in h:each_guest() do n = n + 1; end; h.name = "me is here"; return h:get_name(), n`)
	}
	if _, err := p.hall("small").Call(sdk.NewChain(t.Context()), "enter", "you", 3.0); err != nil {
		t.Error(err)
	}
}

const enterAgain = `
module:hook("hall-enter", function (event)
	event.hall.name = event.guest.nick.." is here";
	if event.extra and event.extra > 0 then
		event.hall:enter("guest "..event.extra, event.extra - 1);
	end
	event.seen = event.hall:get_name();
	return event.guest.nick == "nobody" or nil;
end);
function enter(hall) return hall:enter("me", 20); end
`

// Chains that hold the interpreter and want a hall, and chains that hold a hall and want the interpreter.
func TestChainsDoNotWaitForEachOther(t *testing.T) {
	bothWays(t, testChains)
}

func testChains(t *testing.T, process bool) {
	s := hallsIn(t, process, `
module:hook("hall-enter", function (event) event.hall.count = (event.hall.count or 0) + 1; end);
function by_method(hall) hall:enter("a"); hall._data.x = hall._data.number; for _ in pairs(hall._data) do end; return hall:get_name(); end
function by_event(hall) return module:fire_event("hall-please", { hall = hall }); end
function by_timer(hall) for i = 1, 20 do module:add_timer(0.0001, function () hall:enter("t"); end); end end
function by_crowd() return module:fire_event("hall-crowd", { rounds = 10 }); end
`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const rounds = 20
	var wg sync.WaitGroup
	for _, function := range []string{"by_method", "by_event", "by_timer", "by_crowd"} {
		wg.Go(func() {
			for range rounds {
				if _, err := s.Console(ctx, "test", nil).Run(ctx, []byte(prelude+"t."+function+"(h)"), "=test"); err != nil {
					t.Errorf("%s: %v", function, err)
					return
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatal("the chains wait for each other")
	}
}
