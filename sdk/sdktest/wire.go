package sdktest

import (
	"context"
	"errors"
	"math"
	"net"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"quatrain/sdk"
	"quatrain/sdk/serve"
	"quatrain/sdk/wire/pb"
	"quatrain/sdk/wire/remote"
)

// ErrNotShared is what a global plugin that does not serve hosts answers when it is added to one.
var ErrNotShared = errors.New("not a shared module")

// LoadOverWire loads the plugin as if it ran in a process of its own: all that it and the stage want of each other goes through gRPC.
func (s *Stage) LoadOverWire(newPlugin func() sdk.Plugin) {
	s.t.Helper()
	p := remote.New(remote.Options{Name: s.opts.Name, NotShared: ErrNotShared, Timeout: patience, Log: s.log})
	var mu sync.Mutex // guards end
	var end func()
	connect := func() error {
		stream, stop, err := open(newPlugin)
		if err != nil {
			return err
		}
		mu.Lock()
		end = stop
		mu.Unlock()
		return p.Connect(stream, func(error) {})
	}
	if err := connect(); err != nil {
		s.t.Fatal(err)
	}
	s.restart = func(ctx context.Context) error {
		peer := p.Peer()
		end()
		<-peer.Done()
		if err := connect(); err != nil {
			return err
		}
		return p.Resume(ctx)
	}
	s.t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		end()
	})
	s.Load(p)
}

// Restart ends the plugin's connection, as when its process dies, and loads another one in its place. It is for plugins that were loaded over the wire,
// and does nothing for others.
func (s *Stage) Restart() {
	s.t.Helper()
	if s.restart == nil {
		return
	}
	if err := s.restart(s.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// program is what serves one instance of the plugin.
type program struct {
	pb.UnimplementedPluginServer
	newPlugin func() sdk.Plugin
}

func (p *program) Connect(stream grpc.BidiStreamingServer[pb.Batch, pb.Batch]) error {
	return serve.Run(stream, p.newPlugin())
}

// open starts a server of the plugin and connects with it. end ends both.
func open(newPlugin func() sdk.Plugin) (stream pb.Plugin_ConnectClient, end func(), err error) {
	l := bufconn.Listen(1 << 20)
	srv := grpc.NewServer(grpc.MaxRecvMsgSize(math.MaxInt32))
	pb.RegisterPluginServer(srv, &program{newPlugin: newPlugin})
	go srv.Serve(l) // ends with Stop
	conn, err := grpc.NewClient("passthrough:plugin", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)))
	if err != nil {
		srv.Stop()
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	end = func() {
		cancel()
		_ = conn.Close() // it is of no more use, whatever that says
		srv.Stop()
	}
	if stream, err = pb.NewPluginClient(conn).Connect(ctx); err != nil {
		end()
	}
	return stream, end, err
}
