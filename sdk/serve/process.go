package serve

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

// process is a plugin's end of the stream: one instance of the plugin with all the hosts that it serves.
type process struct {
	plugin sdk.Plugin
	peer   *wire.Peer

	mu    sync.Mutex // guards the rest
	main  *module
	hosts map[string]*module // that the plugin was added to
	buses map[string]*bus
	last  uint64 // number of a hook
}

// Run serves one instance on a stream until that ends.
func Run(stream wire.Stream, p sdk.Plugin) error { return run(stream, nil, p, func(uint64) {}) }

// cork is how long what a handler sends waits at most for what it sends next.
const cork = 5 * time.Millisecond

// run goes on on a socket if the server takes the offer, which may be nil. It tells setBase where the ids of the process's chains begin.
func run(stream wire.Stream, offer *wire.Offer, plugin sdk.Plugin, setBase func(uint64)) error {
	defer offer.Close()
	hello, early, err := wire.Greet(stream, &pb.Hello{MaxFrame: wire.DefaultMaxFrame, Methods: methodsOf(plugin), Socket: offer.Socket(), TakesSessions: true})
	if err == nil && hello.GetSockets() && offer != nil {
		stream, err = offer.Accept(stream, wire.MaxBatch(wire.DefaultMaxFrame))
	}
	if err != nil {
		return err
	}
	setBase(hello.GetChainBase())
	p := &process{plugin: plugin, hosts: map[string]*module{}, buses: map[string]*bus{}}
	p.peer = wire.NewPeer(stream, wire.Options{
		Root: root{p}, Timeout: time.Duration(hello.GetTimeoutMs()) * time.Millisecond, MaxFrame: int(hello.GetMaxFrame()), CreditGiven: int(hello.GetCredit()),
		Cork: cork, Log: slog.New(late{p}),
	})
	defer p.end()
	return p.peer.Run(early)
}

// methodsOf are the optional methods that a plugin has, as they are called on the wire.
func methodsOf(p sdk.Plugin) (names []string) {
	has := func(name string, ok bool) {
		if ok {
			names = append(names, name)
		}
	}
	_, saver := p.(sdk.Saver)
	_, restorer := p.(sdk.Restorer)
	_, heir := p.(sdk.Heir)
	_, readier := p.(sdk.Readier)
	_, adder := p.(sdk.HostAdder)
	_, remover := p.(sdk.HostRemover)
	_, exporter := p.(sdk.Exporter)
	has("Save", saver)
	has("Restore", restorer)
	has("Inherit", heir)
	has("Ready", readier)
	has("Unload", true) // there is always something to undo
	has("AddHost", adder)
	has("RemoveHost", remover)
	has("Export", exporter)
	return names
}

// root is what the server calls: the plugin itself.
type root struct{ *process }

func (r root) Invoke(ctx context.Context, c *wire.Invocation) ([]any, error) {
	switch p := r.plugin.(type) {
	case sdk.Saver:
		if c.Method == "Save" {
			state, err := p.Save(ctx)
			return []any{state}, err
		}
	}
	switch c.Method {
	case "Load":
		m := r.newModule(c.Args)
		r.setMain(m)
		return nil, r.plugin.Load(ctx, m)
	case "Unload":
		return nil, r.unload(ctx)
	case "AddHost":
		return nil, r.addHost(ctx, c.Args)
	case "RemoveHost":
		return nil, r.removeHost(ctx, c.Args.Text(0))
	}
	return r.optional(ctx, c)
}

// optional are the methods that are only called if the plugin has them.
func (r root) optional(ctx context.Context, c *wire.Invocation) ([]any, error) {
	switch c.Method {
	case "Inherit":
		if p, ok := r.plugin.(sdk.Heir); ok {
			p.Inherit(c.Args.At(0))
			return nil, nil
		}
	case "Restore":
		if p, ok := r.plugin.(sdk.Restorer); ok {
			return nil, p.Restore(ctx, c.Args.At(0))
		}
	case "Ready":
		if p, ok := r.plugin.(sdk.Readier); ok {
			return nil, p.Ready(ctx)
		}
	case "Export":
		if p, ok := r.plugin.(sdk.Exporter); ok {
			v, err := p.Export(ctx, c.Args.Text(0))
			return []any{v}, err
		}
	}
	return nil, fmt.Errorf("plugin: %w: %q", sdk.ErrNoMethod, c.Method)
}

// Cast takes what the server tells.
func (r root) Cast(c *wire.Invocation) error {
	switch c.Method {
	case "Listeners":
		rows, _ := c.Args.At(2).(sdk.Rows)
		r.bus(c.Args.Text(0)).learn(c.Args.Text(1), rows, c.Args.Bool(3))
		return nil
	case "Changed":
		for _, m := range r.modules() {
			m.options.forget()
		}
		return nil
	}
	return fmt.Errorf("plugin: %w: %q", sdk.ErrNoMethod, c.Method)
}

func (p *process) setMain(m *module) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.main = m
}

func (p *process) addHost(ctx context.Context, args wire.Args) error {
	adder, ok := p.plugin.(sdk.HostAdder)
	if !ok {
		return fmt.Errorf("plugin: %w: %q", sdk.ErrNoMethod, "AddHost")
	}
	m := p.newModule(args)
	p.mu.Lock()
	p.hosts[m.Host()] = m
	p.mu.Unlock()
	err := adder.AddHost(ctx, m)
	if err != nil {
		p.forget(m)
	}
	return err
}

func (p *process) removeHost(ctx context.Context, host string) error {
	p.mu.Lock()
	m := p.hosts[host]
	p.mu.Unlock()
	if m == nil {
		return fmt.Errorf("the plugin was not added to host %q", host)
	}
	defer p.forget(m)
	if r, ok := p.plugin.(sdk.HostRemover); ok {
		return r.RemoveHost(ctx, m)
	}
	return nil
}

func (p *process) forget(m *module) {
	p.mu.Lock()
	delete(p.hosts, m.Host())
	p.mu.Unlock()
	m.end()
}

// unload tells the plugin, then ends what it has running here.
func (p *process) unload(ctx context.Context) error {
	defer p.end()
	if u, ok := p.plugin.(sdk.Unloader); ok {
		return u.Unload(ctx)
	}
	return nil
}

func (p *process) end() {
	for _, m := range p.modules() {
		m.end()
	}
}

func (p *process) modules() []*module {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []*module
	if p.main != nil {
		list = append(list, p.main)
	}
	for _, m := range p.hosts {
		list = append(list, m)
	}
	return list
}

// bus is the bus of a host, "*" for the global one.
func (p *process) bus(host string) *bus {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.buses[host]
	if b == nil {
		b = &bus{process: p, host: host, events: map[string]*happening{}}
		p.buses[host] = b
	}
	return b
}

func (p *process) number() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last++
	return p.last
}
