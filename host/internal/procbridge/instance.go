package procbridge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/remote"
)

// Instance is a plugin in a process of its own, and who watches over that.
type Instance struct {
	*remote.Plugin
	source  *Source
	name    string
	program Program
	log     *slog.Logger
	module  sdk.Module    // set by Load
	ended   chan *process // receives the process that has ended
	closing chan struct{} // closed when the instance ends

	telling sync.Mutex // held while others are told of a new process

	mu       sync.Mutex // guards the rest
	process  *process   // of now; nil between two
	restarts int
	closed   bool
}

// Load starts the process and loads the plugin in it.
func (i *Instance) Load(ctx context.Context, m sdk.Module) (err error) {
	i.module = m
	var p *process
	sdk.WithChain(ctx).Wait(func() { p, err = i.launch() })
	if err != nil {
		return fmt.Errorf("plugin %q: %w", i.name, err)
	}
	if err := i.Plugin.Load(ctx, m); err != nil {
		i.close()
		p.end()
		return i.loadError(p, err)
	}
	go i.supervise()
	return nil
}

// loadError says what has become of a plugin that did not load.
func (i *Instance) loadError(p *process, err error) error {
	if !errors.Is(err, wire.ErrEnded) {
		return err
	}
	err = fmt.Errorf("plugin %q died while it was loaded: %w", i.name, p.why(err))
	if tail := p.output.tail(); tail != "" {
		err = fmt.Errorf("%w; it wrote:\n%s", err, tail)
	}
	return err
}

// launch starts a process and connects with it.
func (i *Instance) launch() (*process, error) {
	p, err := i.source.start(i.program, i.log)
	if err != nil {
		return nil, err
	}
	i.mu.Lock()
	closed := i.closed
	i.process = p
	i.mu.Unlock()
	if closed {
		p.end()
		return nil, errClosed
	}
	if err := i.Connect(p.stream, func(err error) { i.over(p, err) }); err != nil {
		p.kill(i.blame(p, err))
		return nil, p.why(err)
	}
	go i.beat(p)
	return p, nil
}

var errClosed = errors.New("the plugin is being unloaded")

// over is called when a process's stream has ended.
func (i *Instance) over(p *process, err error) {
	i.mu.Lock()
	closed := i.closed
	i.mu.Unlock()
	if closed {
		return
	}
	p.kill(i.blame(p, err))
	i.ended <- p
}

// blame is why we end a process whose stream has ended: nil if it has ended by itself.
func (i *Instance) blame(p *process, err error) error {
	for deadline := time.Now().Add(100 * time.Millisecond); !p.client.Exited() && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if p.client.Exited() {
		return nil
	}
	return fmt.Errorf("the connection broke: %w", err)
}

// beat asks a process again and again whether it lives.
func (i *Instance) beat(p *process) {
	peer, every := i.Peer(), i.source.opts.Heartbeat
	tick := time.NewTicker(every / beatsPerAnswer)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-peer.Done():
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), every)
		err := peer.Ping(ctx)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			p.kill(fmt.Errorf("the process hung: it did not answer for %v", every))
			return
		}
	}
}

// beatsPerAnswer is how many heartbeats there would be while one may remain unanswered: so many times sooner a hanging process is noticed.
const beatsPerAnswer = 5

// supervise starts a process anew when one has died, until the instance ends or has died too often.
func (i *Instance) supervise() {
	deaths := 0
	for {
		var p *process
		select {
		case p = <-i.ended:
		case <-i.closing:
			return
		}
		if time.Since(p.started) >= i.source.opts.Healthy {
			deaths = 0
		}
		deaths++
		i.report(p, deaths)
		for deaths < i.source.opts.MaxDeaths && !i.replace(deaths) {
			deaths++
		}
		if deaths >= i.source.opts.MaxDeaths {
			i.giveUp(deaths)
			return
		}
	}
}

func (i *Instance) report(p *process, deaths int) {
	attrs := []any{"pid", p.pid, "lived", time.Since(p.started).Round(time.Millisecond), "deaths", deaths, "err", p.why(nil)}
	if tail := p.output.tail(); tail != "" {
		attrs = append(attrs, "traceback", tail)
	}
	i.log.Error("the plugin's process died", attrs...)
}

// replace starts another process, after a pause that is the longer the more have died.
func (i *Instance) replace(deaths int) bool {
	if !i.rest(deaths) {
		return true // unloaded meanwhile: supervise finds out
	}
	p, err := i.launch()
	if errors.Is(err, errClosed) {
		return true
	}
	if err != nil {
		i.log.Error("the plugin's process was not started again", "err", err)
		return false
	}
	ctx := sdk.NewChain(context.Background())
	if err := i.Resume(ctx); err != nil {
		if errors.Is(err, wire.ErrEnded) {
			return true // supervise hears of it
		}
		i.log.Error("the plugin was not loaded again", wire.Attrs(err)...)
		p.kill(fmt.Errorf("it could not be loaded: %w", err))
		return true
	}
	i.mu.Lock()
	i.restarts++
	restarts := i.restarts
	i.mu.Unlock()
	i.log.Warn("the plugin runs again", "pid", p.pid, "restarts", restarts, "stanzas_lost", i.Lost())
	if i.source.opts.Replaced != nil {
		go i.replaced() // it may have to wait for the process, which may die again meanwhile
	}
	return true
}

// replaced tells those who depend on the plugin, and tries again where that fails.
func (i *Instance) replaced() {
	i.telling.Lock()
	defer i.telling.Unlock()
	opts := i.source.opts
	missing := opts.Replaced(sdk.NewChain(context.Background()), i.module.Host(), i.name)
	for n := 2; missing > 0 && opts.Missed != nil && n <= opts.MaxDeaths && i.rest(n); n++ {
		missing = opts.Missed(sdk.NewChain(context.Background()), i.module.Host(), i.name)
	}
}

// rest waits before a process is started again; false if the instance ends meanwhile.
func (i *Instance) rest(deaths int) bool {
	var pause time.Duration
	for n := 2; n <= deaths; n++ {
		pause = min(max(2*pause, i.source.opts.Pause), i.source.opts.MaxPause)
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-i.closing:
		return false
	}
}

func (i *Instance) giveUp(deaths int) {
	i.log.Error("the plugin is unloaded: its process died too often", "deaths", deaths)
	i.Plugin.GiveUp(fmt.Errorf("plugin %q was given up: its process died %d times in a row", i.name, deaths))
	if i.source.opts.GivenUp != nil {
		i.source.opts.GivenUp(sdk.NewChain(context.Background()), i.module.Host(), i.name)
	}
}

// Unload tells the plugin. From now on the end of its process is no accident.
func (i *Instance) Unload(ctx context.Context) error {
	i.close()
	return i.Plugin.Unload(ctx)
}

// Finish ends its process, which others may have asked until now for what it had given them.
func (i *Instance) Finish(ctx context.Context) {
	i.Plugin.GiveUp(fmt.Errorf("plugin %q was unloaded", i.name))
	i.mu.Lock()
	p := i.process
	i.mu.Unlock()
	if p != nil {
		sdk.WithChain(ctx).Wait(p.end)
	}
}

// close tells that the end of the process is no accident.
func (i *Instance) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.closed {
		i.closed = true
		close(i.closing)
	}
}

// Process tells which process the plugin runs in, and how often it was started again.
func (i *Instance) Process() (pid, restarts int, since time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.process != nil {
		pid, since = i.process.pid, i.process.started
	}
	return pid, i.restarts, since
}

var _ sdk.Unloader = (*Instance)(nil)
