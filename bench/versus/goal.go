package main

import "fmt"

// goal is what one of our servers should reach beside Prosody and ejabberd in a scenario.
type goal struct {
	scenario, server string
	title            string
	value            func(result) float64 // what is compared
	unit             string
	share            bool    // the goals are our share of what the others take, at most; else how many times as much they take, at least
	prosody          float64 // goal against Prosody; 0: there is none
	ejabberd         float64
}

func latency(r result) float64 { return r.P99 }

// goals in the order of the table.
var goals = []goal{
	{"fanout", "quatrain-go", "fanout, Go rooms", cost, "µs", false, 12, 5},
	{"fanout", "quatrain-lua", "fanout, Lua rooms", cost, "µs", false, 8, 3},
	{"fanout", "quatrain-mod_muc", "fanout, Prosody's mod_muc on us", cost, "µs", false, 4, 1.5},
	{"open", "quatrain-go", "5,000 copies/s, Go rooms", cost, "µs", false, 8, 4},
	{"open", "quatrain-lua", "5,000 copies/s, Lua rooms", cost, "µs", false, 8, 4},
	{"slow", "quatrain-go", "2,000 copies/s, Go rooms", cost, "µs", false, 0, 0},
	{"slow", "quatrain-lua", "2,000 copies/s, Lua rooms", cost, "µs", false, 0, 0},
	{"rooms", "quatrain-go", "200 rooms of 10, Go", cost, "µs", false, 15, 4},
	{"rooms", "quatrain-lua", "200 rooms of 10, Lua", cost, "µs", false, 15, 4},
	{"join", "quatrain-go", "join of 300, Go rooms", cost, "µs", false, 15, 4},
	{"join", "quatrain-lua", "join of 300, Lua rooms", cost, "µs", false, 15, 4},
	{"register", "quatrain-go", "nick registration, durable, Go rooms", cost, "µs", false, 25, 1},
	{"register", "quatrain-lua", "nick registration, durable, Lua rooms", cost, "µs", false, 25, 1},
	{"c2c", "quatrain-go", "one to one", cost, "µs", false, 8, 6},
	{"login-scram", "quatrain-go", "login, SCRAM-SHA-1", cost, "µs", false, 8, 2},
	{"login-plain", "quatrain-go", "login, PLAIN", cost, "µs", false, 0, 0},
	{"module", "quatrain-go", "fanout, ten Lua extensions, Go rooms", cost, "µs", false, 0, 0},
	{"module", "quatrain-lua", "fanout, ten Lua extensions, Lua rooms", cost, "µs", false, 0, 0},
	{"module", "quatrain-mod_muc", "fanout, ten Lua extensions, mod_muc on us", cost, "µs", false, 0, 0},
	{"idle", "quatrain-go", "memory of an idle session", cost, "KB", true, 0.35, 0.3},
	{"idle-tls", "quatrain-go", "memory of an idle session, TLS", cost, "KB", true, 0, 0},
	{"open", "quatrain-go", "p99 at 5,000 copies/s, Go rooms", latency, "ms", true, 0.4, 0.5},
	{"open", "quatrain-lua", "p99 at 5,000 copies/s, Lua rooms", latency, "ms", true, 0.4, 0.5},
	{"slow", "quatrain-go", "p99 at 2,000 copies/s, Go rooms", latency, "ms", true, 0, 0},
	{"slow", "quatrain-lua", "p99 at 2,000 copies/s, Lua rooms", latency, "ms", true, 0, 0},
}

// ratio compares ours with a peer's as the goal is put; false if the peer took nothing or ours did.
func (g goal) ratio(ours, peers float64) (float64, bool) {
	if ours <= 0 || peers <= 0 {
		return 0, false
	}
	if g.share {
		return ours / peers, true
	}
	return peers / ours, true
}

// verdict is a ratio with its goal, and whether it is reached: "14.2× ✓ (≥ 12×)"; "" without a ratio.
func (g goal) verdict(ours, peers, want float64) string {
	got, ok := g.ratio(ours, peers)
	if !ok {
		return ""
	}
	shown := times(got)
	switch {
	case want == 0:
		return shown
	case g.share && got <= want:
		return fmt.Sprintf("**%s** (≤ %v×)", shown, want)
	case !g.share && got >= want:
		return fmt.Sprintf("**%s** (≥ %v×)", shown, want)
	case g.share:
		return fmt.Sprintf("%s (≤ %v×, missed)", shown, want)
	}
	return fmt.Sprintf("%s (≥ %v×, missed)", shown, want)
}

// times shows a ratio with about two digits.
func times(v float64) string {
	if v >= 10 {
		return fmt.Sprintf("%.0f×", v)
	}
	if v >= 1 {
		return fmt.Sprintf("%.1f×", v)
	}
	return fmt.Sprintf("%.2f×", v)
}
