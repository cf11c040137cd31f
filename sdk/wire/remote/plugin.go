// Package remote is the server's end of a plugin in another process: an sdk.Plugin that loads it on an sdk.Module and hands on what both want of
// each other. It starts no processes: whoever does gives it a stream, and another one when that has ended.
package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

// Options of a plugin's connection. Zero fields mean the default.
type Options struct {
	// Name is the plugin's.
	Name string
	// NotShared is what AddHost returns when the plugin does not serve hosts.
	NotShared error
	// Timeout is how long a call waits: 10 s.
	Timeout time.Duration
	// LateTimeout is how long the answer to a deferred stanza may take, and how long one waits for a process to be there: 30 s.
	LateTimeout time.Duration
	// MaxFrame is the greatest frame that is accepted, in bytes: 16 MiB.
	MaxFrame int
	// Credit is how many bytes of what the plugin sends may be under way: 4 MiB.
	Credit int
	// Window is how many deferred stanzas of up to 4 KiB the plugin may have, and larger ones in proportion: 1024.
	Window int
	// Sockets is the directory in which plugins may offer sockets; "" takes no offers.
	Sockets string
	// NewBatch makes what the server's output is held back in (sdk.Batch); nil does not hold it back.
	NewBatch func() sdk.Batch
	Log      *slog.Logger
}

func (o Options) withDefaults() Options {
	set := func(n *int, v int) {
		if *n <= 0 {
			*n = v
		}
	}
	set(&o.MaxFrame, wire.DefaultMaxFrame)
	set(&o.Credit, 4<<20)
	set(&o.Window, 1024)
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	if o.LateTimeout <= 0 {
		o.LateTimeout = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Plugin is one instance in another process. It implements sdk.Plugin and all of its optional interfaces; what the program does not have does
// nothing.
type Plugin struct {
	opts   Options
	window *semaphore.Weighted
	late   lateCalls
	lost   atomic.Int64 // stanzas that died with a process

	mu       sync.Mutex // guards the rest; nothing is called under it but the sending of frames
	link     *link      // the newest, nil before the first
	changed  chan struct{}
	gone     error // set when there will be no other link
	main     *attached
	hosts    []*attached // that the plugin was added to
	inherits bool        // whether a predecessor left state
	state    any
	ready    bool // whether the server has started
	waiting  []*lateCall
}

// New makes a plugin without a process.
func New(opts Options) *Plugin {
	opts = opts.withDefaults()
	return &Plugin{opts: opts, window: semaphore.NewWeighted(int64(opts.Window)), changed: make(chan struct{})}
}

// Lost is how many stanzas the process that has died had in its hands, and begins to count anew.
func (p *Plugin) Lost() int { return int(p.lost.Swap(0)) }

// lastProcess numbers the processes that share chains with this one, which is 0 itself: as chains have their ids for the whole program, so have
// processes their numbers.
var lastProcess atomic.Uint64

// nextProcess begins anew after 65535: by then the first processes have long been replaced.
func nextProcess() uint64 { return (lastProcess.Add(1)-1)%65535 + 1 }

// link is a process, as long as it lives.
type link struct {
	peer    *wire.Peer
	methods []string
	loading uint64 // the chain that loads it; 0 if it is loaded
	loaded  bool
}

func (l *link) has(method string) bool { return slices.Contains(l.methods, method) }

// Connect greets a program on a stream and begins to serve it. It returns when the program may be loaded (Load, Resume); ended is called with the
// reason when the stream has ended.
func (p *Plugin) Connect(stream wire.Stream, ended func(error)) error {
	theirs, early, err := wire.Greet(stream, &pb.Hello{
		Plugin: p.opts.Name, ChainBase: nextProcess() << 48, MaxFrame: uint32(p.opts.MaxFrame), Credit: uint64(p.opts.Credit),
		TimeoutMs: uint32(p.opts.Timeout.Milliseconds()), Sockets: p.opts.Sockets != "",
	})
	if err == nil && theirs.GetSocket() != nil && p.opts.Sockets != "" {
		stream, err = wire.Dial(stream, p.opts.Sockets, theirs.GetSocket(), wire.MaxBatch(p.opts.MaxFrame), p.opts.Timeout)
	}
	if err != nil {
		return fmt.Errorf("greeting the plugin's program: %w", err)
	}
	l := &link{methods: theirs.GetMethods()}
	l.peer = wire.NewPeer(stream, wire.Options{
		Root: nothing{}, Timeout: p.opts.Timeout, MaxFrame: int(theirs.GetMaxFrame()), HandOn: true, Credit: p.opts.Credit, MaySend: p.maySend,
		TakesSessions: theirs.GetTakesSessions(), NewBatch: p.opts.NewBatch, Log: p.opts.Log,
	})
	p.mu.Lock()
	p.link = l
	p.mu.Unlock()
	go func() {
		err := l.peer.Run(early)
		p.unlink(l)
		ended(err)
	}()
	return nil
}

// nothing is what a plugin can call of the server before it is given a module.
type nothing struct{}

func (nothing) Invoke(_ context.Context, c *wire.Invocation) ([]any, error) {
	return nil, fmt.Errorf("server: %w: %q", sdk.ErrNoMethod, c.Method)
}

// Peer is the connection of now; nil if there is none.
func (p *Plugin) Peer() *wire.Peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.link == nil {
		return nil
	}
	return p.link.peer
}

// errNoProcess tells that there is no process to ask.
var errNoProcess = errors.New("the plugin has no running process")

// ask calls the plugin itself, in the newest process.
func (p *Plugin) ask(ctx context.Context, method string, args ...any) (wire.Args, error) {
	p.mu.Lock()
	l := p.link
	p.mu.Unlock()
	if l == nil {
		return nil, errNoProcess
	}
	return l.peer.Call(ctx, wire.Request{Method: method, Args: args})
}

// askIf is ask if the plugin has the method.
func (p *Plugin) askIf(ctx context.Context, method string, args ...any) (wire.Args, error) {
	p.mu.Lock()
	l := p.link
	p.mu.Unlock()
	if l == nil || !l.has(method) {
		return nil, nil
	}
	return l.peer.Call(ctx, wire.Request{Method: method, Args: args})
}

// Load loads the plugin on m.
func (p *Plugin) Load(ctx context.Context, m sdk.Module) error {
	p.mu.Lock()
	p.main = newAttached(p, m)
	p.mu.Unlock()
	m.HookOn(m.GlobalBus(), "config-reloaded", changedPriority, func(context.Context, *sdk.Event) (any, error) {
		if peer := p.Peer(); peer != nil {
			_ = peer.Tell(0, "Changed") // a process that is gone reads its options anew
		}
		return nil, nil
	})
	return p.load(ctx)
}

// changedPriority is before that of the plugin's own hooks of config-reloaded, which read options.
const changedPriority = 1e9

// load loads the newest process: the main instance.
func (p *Plugin) load(ctx context.Context) error {
	ctx = sdk.WithChain(ctx)
	p.mu.Lock()
	l, inherits, state := p.link, p.inherits, p.state
	if l != nil {
		l.loading = sdk.ChainOf(ctx).ID()
	}
	p.mu.Unlock()
	if l == nil {
		return errNoProcess
	}
	if inherits {
		if _, err := p.askIf(ctx, "Inherit", state); err != nil {
			return err
		}
	}
	if err := p.main.load(ctx, "Load"); err != nil {
		return err
	}
	if inherits { // Restore comes before stanzas do
		return nil
	}
	p.loaded(l)
	return nil
}

// loaded lets events in.
func (p *Plugin) loaded(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.link != l {
		return
	}
	l.loading, l.loaded = 0, true
	p.signal()
	for _, c := range p.waiting {
		c.send(l)
	}
	p.waiting = nil
}

// signal wakes those who wait for a process. Called with mu held.
func (p *Plugin) signal() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// unlink notes that a process has died.
func (p *Plugin) unlink(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.loaded, l.loading = false, 0
}

// Resume loads a process that takes the place of one that has died, with all hosts.
func (p *Plugin) Resume(ctx context.Context) error {
	ctx = sdk.WithChain(ctx)
	p.mu.Lock()
	p.inherits, p.state = false, nil
	l, all, ready := p.link, append([]*attached{p.main}, p.hosts...), p.ready
	l.loading = sdk.ChainOf(ctx).ID()
	p.mu.Unlock()
	for i, a := range all {
		method := "AddHost"
		if i == 0 {
			method = "Load"
		}
		a.renew(ctx)
		if err := a.load(ctx, method); err != nil {
			return err
		}
		a.settle(ctx)
	}
	p.loaded(l)
	if ready {
		return p.Ready(ctx)
	}
	return nil
}

// Inherit is told what a predecessor saved; the process is told before it is loaded.
func (p *Plugin) Inherit(state any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inherits, p.state = true, state
}

func (p *Plugin) Save(ctx context.Context) (any, error) {
	r, err := p.askIf(ctx, "Save")
	return r.At(0), err
}

func (p *Plugin) Restore(ctx context.Context, state any) error {
	_, err := p.askIf(ctx, "Restore", state)
	p.mu.Lock()
	l := p.link
	p.mu.Unlock()
	if err == nil && l != nil {
		p.loaded(l)
	}
	return err
}

func (p *Plugin) Ready(ctx context.Context) error {
	p.mu.Lock()
	p.ready = true
	p.mu.Unlock()
	_, err := p.askIf(ctx, "Ready")
	return err
}

// Unload tells the plugin. Its process is to be ended by whoever started it.
func (p *Plugin) Unload(ctx context.Context) error {
	p.mu.Lock()
	l := p.link
	p.mu.Unlock()
	if l == nil || l.peer.Err() != nil || !l.has("Unload") {
		return nil // it has died, or does not care
	}
	sdk.WithChain(ctx).Wait(p.settle)
	_, err := l.peer.Call(ctx, wire.Request{Method: "Unload"})
	return err
}

// maxSettle is how long Unload waits for stanzas that the plugin has already.
const maxSettle = 5 * time.Second

// settle waits until the plugin has handled the stanzas that it has: those of clients that leave as the server stops, say. Others wait meanwhile.
func (p *Plugin) settle() {
	ctx, cancel := context.WithTimeout(context.Background(), maxSettle)
	defer cancel()
	if all := int64(p.opts.Window); p.window.Acquire(ctx, all) == nil {
		p.window.Release(all)
	}
}

// Give up makes everything fail that waits for a process, or will: there will be none.
func (p *Plugin) GiveUp(reason error) {
	p.mu.Lock()
	p.gone = reason
	waiting := p.waiting
	p.waiting = nil
	p.signal()
	p.mu.Unlock()
	for _, c := range waiting {
		c.finish(nil, reason)
	}
}

func (p *Plugin) AddHost(ctx context.Context, m sdk.Module) error {
	p.mu.Lock()
	l := p.link
	p.mu.Unlock()
	if l == nil || !l.has("AddHost") {
		return p.opts.NotShared
	}
	a := newAttached(p, m)
	p.mu.Lock()
	p.hosts = append(p.hosts, a)
	p.mu.Unlock()
	err := a.load(ctx, "AddHost")
	if err != nil {
		p.drop(a)
	}
	if err != nil && p.opts.NotShared != nil && err.Error() == p.opts.NotShared.Error() {
		return p.opts.NotShared // a Lua module in a process of its own: that knows only now whether it serves hosts
	}
	return err
}

func (p *Plugin) drop(a *attached) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hosts = slices.DeleteFunc(p.hosts, func(x *attached) bool { return x == a })
}

func (p *Plugin) RemoveHost(ctx context.Context, m sdk.Module) error {
	p.mu.Lock()
	at := slices.IndexFunc(p.hosts, func(a *attached) bool { return a.m == m })
	if at < 0 {
		p.mu.Unlock()
		return nil
	}
	a := p.hosts[at]
	p.mu.Unlock()
	defer p.drop(a)
	_, err := p.ask(ctx, "RemoveHost", m.Host())
	return err
}

// Export is what the plugin offers to others. It waits for a process.
func (p *Plugin) Export(ctx context.Context, name string) (any, error) {
	if err := p.awaitLoaded(ctx); err != nil {
		return nil, err
	}
	r, err := p.askIf(ctx, "Export", name)
	return r.At(0), err
}

// awaitLoaded waits until there is a process that is loaded, or that this very chain loads.
func (p *Plugin) awaitLoaded(ctx context.Context) (err error) {
	chain := sdk.WithChain(ctx)
	deadline := time.Now().Add(p.opts.Timeout)
	for err == nil {
		p.mu.Lock()
		l, changed, gone := p.link, p.changed, p.gone
		there := l != nil && (l.loaded || l.loading == chain.ID())
		p.mu.Unlock()
		switch {
		case gone != nil:
			return gone
		case there:
			return nil
		}
		chain.Wait(func() { err = p.await(ctx, changed, deadline) })
	}
	return err
}

var (
	_ sdk.Heir        = (*Plugin)(nil)
	_ sdk.Saver       = (*Plugin)(nil)
	_ sdk.Restorer    = (*Plugin)(nil)
	_ sdk.Readier     = (*Plugin)(nil)
	_ sdk.Unloader    = (*Plugin)(nil)
	_ sdk.HostAdder   = (*Plugin)(nil)
	_ sdk.HostRemover = (*Plugin)(nil)
	_ sdk.Exporter    = (*Plugin)(nil)
)
