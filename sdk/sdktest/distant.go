package sdktest

import (
	"context"
	"errors"
	"math"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"quatrain/sdk"
	"quatrain/sdk/serve"
	"quatrain/sdk/wire/pb"
	"quatrain/sdk/wire/remote"
)

// distant is the plugin as the server sees one in another process. Stream and frames are those of a process; the process is the test's.
type distant struct {
	*remote.Plugin
	server    *Server
	newPlugin func() sdk.Plugin

	stop  func()
	ended chan error
}

func newDistant(s *Server, newPlugin func() sdk.Plugin) *distant {
	return &distant{Plugin: remote.New(remote.Options{Name: s.o.Name, NotShared: errors.New("the plugin serves no hosts"), Log: s.log}), server: s, newPlugin: newPlugin}
}

// Load starts the other side and loads the plugin there.
func (d *distant) Load(ctx context.Context, m sdk.Module) error {
	if err := d.connect(); err != nil {
		return err
	}
	return d.Plugin.Load(ctx, m)
}

func (d *distant) connect() error {
	l := bufconn.Listen(1 << 20)
	server := grpc.NewServer(grpc.MaxRecvMsgSize(math.MaxInt32))
	pb.RegisterPluginServer(server, service{newPlugin: d.newPlugin})
	go func() { _ = server.Serve(l) }() // its error is that it was stopped
	conn, err := grpc.NewClient("passthrough:///plugin", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.ended = make(chan error, 1)
	d.stop = func() {
		cancel()
		server.Stop()
		_ = conn.Close() // the stream is over already
	}
	stream, err := pb.NewPluginClient(conn).Connect(ctx)
	if err != nil {
		d.ended <- err
		return err
	}
	if err = d.Connect(stream, func(err error) { d.ended <- err }); err != nil {
		d.ended <- err
	}
	return err
}

// end ends the other side, if there is one.
func (d *distant) end() {
	if d.stop != nil {
		d.stop()
		<-d.ended
		d.stop = nil
	}
}

// revive puts another process into the place of the one there is.
func (d *distant) revive(ctx context.Context) error {
	d.end()
	if err := d.connect(); err != nil {
		return err
	}
	return d.Resume(ctx)
}

// service is the plugin's program.
type service struct {
	pb.UnimplementedPluginServer
	newPlugin func() sdk.Plugin
}

func (s service) Connect(stream grpc.BidiStreamingServer[pb.Batch, pb.Batch]) error {
	return serve.Run(stream, s.newPlugin())
}
