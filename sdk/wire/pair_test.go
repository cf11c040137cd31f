package wire_test

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

// pipe is one end of a stream in memory. Batches are serialised on their way.
type pipe struct {
	out, in chan []byte
	gone    chan struct{}
	sent    atomic.Int64 // batches
}

func (p *pipe) Send(b *pb.Batch) error {
	p.sent.Add(1)
	data, err := proto.Marshal(b)
	if err != nil {
		return err
	}
	select {
	case p.out <- data:
		return nil
	case <-p.gone:
		return io.EOF
	}
}

func (p *pipe) Recv() (*pb.Batch, error) {
	select {
	case data := <-p.in:
		b := &pb.Batch{}
		return b, proto.Unmarshal(data, b)
	case <-p.gone:
		return nil, io.EOF
	}
}

// root is what a side of a test can be called for.
type root struct {
	invoke func(ctx context.Context, c *wire.Invocation) ([]any, error)
	cast   func(c *wire.Invocation) error
}

func (r *root) Invoke(ctx context.Context, c *wire.Invocation) ([]any, error) {
	return r.invoke(ctx, c)
}

func (r *root) Cast(c *wire.Invocation) error { return r.cast(c) }

// pair are a server's end and a plugin's.
type pair struct {
	server, plugin         *wire.Peer
	serverRoot, pluginRoot root
	ended                  chan error // of the server's end
	fromPlugin             *pipe
}

// newPair connects two ends. Their roots are to be set before anything is called.
func newPair(t *testing.T, change func(server, plugin *wire.Options)) *pair {
	t.Helper()
	gone := make(chan struct{})
	up, down := make(chan []byte, 64), make(chan []byte, 64)
	p := &pair{ended: make(chan error, 1)}
	out := &testOutput{w: t.Output()}
	log := slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	so := wire.Options{Root: &p.serverRoot, HandOn: true, Timeout: 10 * time.Second, Log: log}
	po := wire.Options{Root: &p.pluginRoot, Timeout: 10 * time.Second, Log: log}
	if change != nil {
		change(&so, &po)
	}
	p.fromPlugin = &pipe{out: down, in: up, gone: gone}
	p.server = wire.NewPeer(&pipe{out: up, in: down, gone: gone}, so)
	p.plugin = wire.NewPeer(p.fromPlugin, po)
	var wg sync.WaitGroup
	wg.Go(func() { p.ended <- p.server.Run(nil) })
	wg.Go(func() { p.plugin.Run(nil) })
	t.Cleanup(func() {
		close(gone)
		wg.Wait()
		out.end()
	})
	return p
}

// testOutput is a test's output, until the test ends: what a peer has begun to run may end later than its stream.
type testOutput struct {
	mu sync.Mutex // guards w
	w  io.Writer
}

func (o *testOutput) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(text)
}

func (o *testOutput) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.w = io.Discard
}

// call makes a call of the other side's root.
func call(ctx context.Context, p *wire.Peer, method string, args ...any) ([]any, error) {
	return p.Call(ctx, wire.Request{Method: method, Args: args})
}

// echo answers with what it was given.
func echo(_ context.Context, c *wire.Invocation) ([]any, error) { return c.Args, nil }

func background(t *testing.T) *sdk.Chain {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return sdk.NewChain(ctx)
}
