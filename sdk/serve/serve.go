// Package serve makes a program of a plugin. It is all that a plugin's main needs:
//
//	func main() { serve.Plugin(myplugin.New) }
//
// The plugin gets an sdk.Module as it does within the server. What is different in a process of its own:
//
//   - Handlers run beside each other, as they do within the server; those of Module.Serve one after the other for each bare JID.
//   - Send, Broadcast, Session.Send and SendIQ come back as soon as the stanza is on its way, so that their error says nothing about the recipient.
//   - What a session says of itself (Type, ...) is as of when the plugin was last told of it; its Field and SetField, as all calls of objects, ask the server.
//   - Options are remembered until the configuration is read again.
//   - Hooks of others, as Bus.Hooks lists them, have no handler and no plugin's name here.
//   - It runs on half of the cores, unless the environment (GOMAXPROCS) or the plugin says otherwise (runtime.GOMAXPROCS), and collects garbage as seldom as
//     the server, unless one of them says otherwise (GOGC, debug.SetGCPercent).
//   - If the process dies, the server starts another one, in which Module.Reloading is true and Module.Kept is what was kept.
package serve

import (
	"fmt"
	"math"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

// Plugin serves one instance of the plugin to the server that started the program, and ends the program when that has no more use for it.
func Plugin(newPlugin func() sdk.Plugin) {
	if os.Getenv(wire.Handshake.MagicCookieKey) != wire.Handshake.MagicCookieValue {
		fmt.Fprintln(os.Stderr, "This is a plugin for quatrain, which starts it itself: name it as the command of the plugin in plugins.toml.")
		os.Exit(1)
	}
	dieWithParent()
	shareCores()
	collectSeldom()
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig:  wire.Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{wire.Protocol: {wire.PluginName: wire.GRPC{Service: &server{newPlugin: newPlugin}}}},
		GRPCServer: func(opts []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(opts, grpc.InitialWindowSize(wire.Window), grpc.InitialConnWindowSize(wire.Window), grpc.MaxRecvMsgSize(math.MaxInt32), grpc.MaxSendMsgSize(math.MaxInt32))...)
		},
		Logger: hclog.NewNullLogger(),
	})
	os.Exit(0)
}

// InTestMain makes a plugin's program of a test's, which the server starts as "PROGRAM plugin WORD NAME" when it runs in the test: then it does
// not return. It is to be called first in TestMain. find gives what serves the plugin, nil if there is none; word is "serve" for one written in Go.
func InTestMain(find func(word, name string) func() sdk.Plugin) {
	if len(os.Args) != 4 || os.Args[1] != "plugin" {
		hurry()
		return
	}
	newPlugin := find(os.Args[2], os.Args[3])
	if newPlugin == nil {
		fmt.Fprintf(os.Stderr, "the test has no plugin %q\n", os.Args[3])
		os.Exit(1)
	}
	Plugin(newPlugin)
}

// hurry makes programs that are built with the race detector end at once: by default each waits for a second, and a server for each of its plugins.
func hurry() {
	if os.Getenv("GORACE") == "" {
		_ = os.Setenv("GORACE", "atexit_sleep_ms=0")
	}
}

// server is the one service of the program.
type server struct {
	pb.UnimplementedPluginServer
	newPlugin func() sdk.Plugin
}

// Connect serves the instance; the program ends with it.
func (s *server) Connect(stream grpc.BidiStreamingServer[pb.Batch, pb.Batch]) error {
	offer, err := wire.NewOffer(os.Getenv(plugin.EnvUnixSocketDir))
	if err != nil {
		offer = nil // the stream does, too
	}
	err = run(stream, offer, s.newPlugin(), func(base uint64) { sdk.NumberChains(uint16(base >> 48)) })
	defer func() { go os.Exit(0) }()
	return err
}
