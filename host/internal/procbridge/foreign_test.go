package procbridge_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-plugin"

	"quatrain/host/internal/procbridge"
	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

// foreign are programs that speak the protocol by themselves, each a way of dealing with the offer of a socket.
var foreign = map[string]func(s pb.Plugin_ConnectServer) error{
	"plain": func(s pb.Plugin_ConnectServer) error { // a program that offers none
		if _, _, err := wire.Greet(s, &pb.Hello{MaxFrame: 1 << 20}); err != nil {
			return err
		}
		return answer(s)
	},
	"mute": func(s pb.Plugin_ConnectServer) error { // never accepts
		l, err := net.Listen("unix", filepath.Join(os.Getenv(plugin.EnvUnixSocketDir), fmt.Sprint("mute", os.Getpid())))
		if err != nil {
			return err
		}
		defer l.Close()
		offer := &pb.Socket{Path: l.Addr().String(), Token: make([]byte, 32), Answer: make([]byte, 32)}
		if _, _, err := wire.Greet(s, &pb.Hello{MaxFrame: 1 << 20, Socket: offer}); err != nil {
			return err
		}
		<-s.Context().Done()
		return nil
	},
	"twofaced": func(s pb.Plugin_ConnectServer) error { // takes the socket, and goes on writing to the stream
		c, err := socketOf(s)
		if err != nil {
			return err
		}
		if err := s.Send(&pb.Batch{}); err != nil {
			return err
		}
		for err == nil { // and answers nothing until the server has seen that
			_, err = c.Recv()
		}
		return err
	},
	"half": func(s pb.Plugin_ConnectServer) error { // loads, and ends the socket only
		c, err := socketOf(s)
		if err != nil {
			return err
		}
		if _, err := c.Recv(); err != nil {
			return err
		}
		return nil
	},
}

// socketOf goes on on a socket.
func socketOf(s pb.Plugin_ConnectServer) (wire.Stream, error) {
	o, err := wire.NewOffer(os.Getenv(plugin.EnvUnixSocketDir))
	if err != nil {
		return nil, err
	}
	if _, _, err := wire.Greet(s, &pb.Hello{MaxFrame: 1 << 20, Socket: o.Socket()}); err != nil {
		return nil, err
	}
	return o.Accept(s, 1<<20)
}

// answer answers all calls and pings until the stream ends.
func answer(s wire.Stream) error {
	for {
		b, err := s.Recv()
		if err != nil {
			return err
		}
		for _, f := range b.GetFrames() {
			switch {
			case f.GetCall() != nil:
				ret := &pb.Frame{Chain: f.GetChain(), Id: f.GetId(), Body: &pb.Frame_Return{Return: &pb.Return{}}}
				err = sendOne(s, ret)
			case f.GetPing() != nil:
				err = sendOne(s, &pb.Frame{Body: &pb.Frame_Pong{Pong: f.GetPing()}})
			}
			if err != nil {
				return err
			}
		}
	}
}

func sendOne(s wire.Stream, f *pb.Frame) error {
	return s.Send(&pb.Batch{Frames: []*pb.Frame{f}})
}

// foreignService serves one of them.
type foreignService struct {
	pb.UnimplementedPluginServer
	connect func(s pb.Plugin_ConnectServer) error
}

func (f foreignService) Connect(s pb.Plugin_ConnectServer) error {
	defer func() { go os.Exit(0) }()
	return f.connect(s)
}

func serveForeign(connect func(s pb.Plugin_ConnectServer) error) {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig:  wire.Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{wire.Protocol: {wire.PluginName: wire.GRPC{Service: foreignService{connect: connect}}}},
		GRPCServer:       plugin.DefaultGRPCServer,
	})
}

func TestForeignPrograms(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"plain": "", "mute": "the socket that is offered", "twofaced": "died while it was loaded", "half": "died while it was loaded",
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(o *procbridge.Options) {
				o.Wire.Timeout = time.Second
				o.Find = func(string) (procbridge.Program, bool, error) {
					return procbridge.Program{Command: []string{self, "plugin", "foreign", name}}, true, nil
				}
			})
			_, err := s.manager.Load(sdk.NewChain(context.Background()), "a.example", name)
			switch {
			case want == "" && err != nil:
				t.Error(err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}
