// Package wire is the protocol between the server and plugins that run in processes of their own, and what both ends of it share: values,
// references to things that stay with their owner, calls and the chains that they belong to. plugin.proto is its public description.
//
// A Peer is one end. Package serve makes a plugin's main of it, package remote an sdk.Plugin for the server.
package wire

import (
	"context"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"quatrain/sdk/wire/pb"
)

// Window is how many bytes may be under way on the stream in each direction. A fixed one spares the frames by which the transport finds one out.
const Window = 4 << 20

// Protocol is the version of the protocol that this package speaks.
const Protocol = 1

// DefaultMaxFrame is the greatest size of a frame in bytes, if nothing else was agreed.
const DefaultMaxFrame = 16 << 20

// Handshake keeps programs that are no plugins from being started as such.
var Handshake = plugin.HandshakeConfig{ProtocolVersion: Protocol, MagicCookieKey: "QUATRAIN_PLUGIN", MagicCookieValue: "8f2c6a0e-plugin-process"}

// PluginName is what go-plugin calls the one service.
const PluginName = "plugin"

// GRPC is the service in go-plugin's terms. In the server, Dispense gives a pb.PluginClient.
type GRPC struct {
	plugin.NetRPCUnsupportedPlugin
	Service pb.PluginServer // of the plugin's process; nil in the server
}

func (g GRPC) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	pb.RegisterPluginServer(s, g.Service)
	return nil
}

func (GRPC) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return pb.NewPluginClient(c), nil
}

// Stream is either end of the one stream.
type Stream interface {
	Send(*pb.Batch) error
	Recv() (*pb.Batch, error)
}

var _ plugin.GRPCPlugin = GRPC{}
