package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"quatrain/bench/swarm"
)

// scenario is something that a server is made to do.
type scenario struct {
	name, unit string // the unit is what an operation is, in the singular
	title      string // of the plot
	summary    string
	modules    bool // extensions of rooms are loaded
	once       bool // one round will do, as it takes long and varies little
	play       player
}

// player makes a server do something for a while, and says what it took.
type player func(ctx context.Context, p *process, length time.Duration) (result, error)

// result of a scenario on a server.
type result struct {
	Operations int64         `json:"operations"`
	Seconds    float64       `json:"seconds"`
	PerSecond  float64       `json:"per_second"`
	CPU        float64       `json:"cpu_us"`            // of the server's processes, µs per operation
	Client     float64       `json:"client_us"`         // of the load generator, the same
	P50        float64       `json:"p50_ms,omitempty"`  // from the request to what shows that it has been done
	P99        float64       `json:"p99_ms,omitempty"`  //
	Max        float64       `json:"max_ms,omitempty"`  //
	RSS        int64         `json:"rss_bytes"`         // at the end
	Idle       float64       `json:"idle_kb,omitempty"` // memory per idle session
	took       time.Duration // of CPU
}

// measured plays something and says what it took. work runs until the context that it is given ends, and counts what is done.
func measured(ctx context.Context, p *process, length time.Duration, done *atomic.Int64, latencies *stopwatch, work func(ctx context.Context) error) (result, error) {
	warm, cancel := context.WithTimeout(ctx, length/4)
	err := work(warm)
	cancel()
	if err != nil {
		return result{}, err
	}
	latencies.reset()
	mine := ownTime()
	before, err := p.usage()
	if err != nil {
		return result{}, err
	}
	n, began := done.Load(), time.Now()
	hot, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	if err := work(hot); err != nil {
		return result{}, err
	}
	mine = ownTime() - mine
	n, seconds := done.Load()-n, time.Since(began).Seconds()
	after, err := p.usage()
	if err != nil {
		return result{}, err
	}
	if n == 0 {
		return result{}, errors.New("nothing was done")
	}
	r := result{Operations: n, Seconds: seconds, PerSecond: float64(n) / seconds, RSS: after.rss, took: after.cpu - before.cpu}
	r.CPU, r.Client = perOperation(r.took, n), perOperation(mine, n)
	r.P50, r.P99, r.Max = latencies.quantiles()
	return r, nil
}

// perOperation is in microseconds.
func perOperation(d time.Duration, n int64) float64 { return float64(d.Microseconds()) / float64(n) }

// stopwatch collects durations. Safe for concurrent use.
type stopwatch struct {
	mu  sync.Mutex // guards all
	all []time.Duration
}

func (w *stopwatch) add(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, d)
}

func (w *stopwatch) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = w.all[:0]
}

// quantiles are the median, the 99th percentile and the maximum in milliseconds; 0 if nothing was collected.
func (w *stopwatch) quantiles() (p50, p99, highest float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.all) == 0 {
		return 0, 0, 0
	}
	slices.Sort(w.all)
	at := func(q float64) float64 {
		return float64(w.all[min(len(w.all)-1, int(q*float64(len(w.all))))].Microseconds()) / 1000
	}
	return at(0.5), at(0.99), at(1)
}

// crowd are clients of a server.
type crowd struct {
	swarm   *swarm.Swarm
	process *process
}

func newCrowd(p *process) (*crowd, error) {
	s, err := swarm.New()
	if err != nil {
		return nil, err
	}
	return &crowd{s, p}, nil
}

// anonymous logs a client in without an account.
func (c *crowd) anonymous() (*swarm.Login, error) {
	l, err := swarm.Dial(c.process.address, anonymousHost)
	if err != nil {
		return nil, err
	}
	return l, l.Anonymous(anonymousHost)
}

// account logs a client in with an account that is made for it. Its name tells the password.
func (c *crowd) account(name, resource string) (*swarm.Login, error) {
	l, err := swarm.Dial(c.process.address, accountsHost)
	if err != nil {
		return nil, err
	}
	if err := l.Register(name, password(name)); err != nil {
		return nil, err
	}
	return l, l.Plain(accountsHost, name, password(name), resource)
}

func password(name string) string { return "secret-" + name }

// check tells whether the server has ended connections that it should have kept.
func (c *crowd) check() error {
	if n := c.swarm.Lost(); n > 0 {
		return fmt.Errorf("the server has ended %d connections", n)
	}
	return nil
}

// quiet is how long nothing may come before what is still awaited is taken for lost.
const quiet = 20 * time.Second

// await waits until a counter has come to n.
func await(ctx context.Context, counter *atomic.Int64, n int64) error {
	last, since := counter.Load(), time.Now()
	for {
		now := counter.Load()
		if now >= n {
			return nil
		}
		if now != last {
			last, since = now, time.Now()
		} else if time.Since(since) > quiet {
			return fmt.Errorf("%d of %d came", now, n)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

func scenarioOf(name string) (scenario, bool) {
	at := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == name })
	if at < 0 {
		return scenario{}, false
	}
	return scenarios[at], true
}

// scenarios in the order of the table.
var scenarios = []scenario{
	{name: "fanout", unit: "copy", title: "A copy in a room of 200", summary: "a room of 200, five talk, each as soon as its last words came back", play: fanout(200, 5)},
	{name: "open", unit: "copy", title: "The same at 5,000 copies a second", summary: "the same room, 25 messages a second: 5,000 copies", play: openLoop(200, 25)},
	{name: "slow", unit: "copy", title: "The same at 2,000 copies a second", summary: "the same room, 10 messages a second: 2,000 copies", play: openLoop(200, 10)},
	{name: "rooms", unit: "copy", title: "A copy in 200 rooms of 10", summary: "200 rooms of 10, one talks in each", play: rooms(200, 10)},
	{name: "join", unit: "copy", title: "A presence while 300 join", summary: "300 enter a room, one after the other: copies of presence", play: join(300)},
	{name: "register", unit: "registration", title: "A nick registered", summary: "20 of the 100 members of a room register one nick after the other", play: register(100, 20)},
	{name: "c2c", unit: "message", title: "A message from one to another", summary: "50 pairs, each answers the other", play: chat(50)},
	{name: "login-scram", unit: "login", title: "A login with SCRAM-SHA-1", summary: "connect, SCRAM-SHA-1, bind, leave; eight at a time", play: login(true)},
	{name: "login-plain", unit: "login", title: "A login with PLAIN", summary: "the same with PLAIN", play: login(false)},
	{name: "idle", unit: "session", title: "An idle session", summary: "memory of 10,000 sessions that do nothing", once: true, play: idle(10000, false)},
	{name: "idle-tls", unit: "session", title: "An idle session, TLS", summary: "the same with TLS", once: true, play: idle(10000, true)},
	{name: "module", unit: "copy", title: "A copy with ten Lua extensions hooked", summary: "fanout with ten Lua extensions of rooms", modules: true, play: fanout(200, 5)},
}
