// Package sdktest tests plugins without a server: in the test's own process, and through the protocol that carries them to processes of their own.
//
//	func TestGreets(t *testing.T) {
//		sdktest.Run(t, New, sdktest.Options{}, func(t *testing.T, s *sdktest.Server) {
//			romeo := s.Client("romeo@localhost/orchard")
//			romeo.Says(`<message to='localhost'><body>Who is there?</body></message>`)
//			if got := romeo.Receive().ChildText("body", ""); got != "Good morrow, romeo." {
//				t.Errorf("got %q", got)
//			}
//		})
//	}
//
// A Server is one host that does nothing by itself: events are fired, stanzas come from clients, and what the plugin sends is there to be looked at when
// the call that caused it has returned. Stores, items and options are in memory and differ for each Server. Timers run in real time.
//
// What a whole server makes of it is for protocol scripts to show.
package sdktest

import (
	"testing"

	"quatrain/sdk"
)

// Options say what the plugin finds. Zero fields mean the default.
type Options struct {
	// Name is the plugin's: "plugin".
	Name string
	// Host is the domain that it is loaded on: "localhost". It is a component if Component is set.
	Host      string
	Component bool
	// Settings are the options of the configuration; numbers are float64, lists []any.
	Settings map[string]any
	// Others are the plugins that the plugin may depend on, by name.
	Others map[string]sdk.Plugin
}

// Run runs a test twice, each time with a plugin that has just been loaded and is told that the server is ready: in memory, and through gRPC.
func Run(t *testing.T, newPlugin func() sdk.Plugin, o Options, test func(t *testing.T, s *Server)) {
	t.Helper()
	for _, way := range []struct {
		name string
		make func(t testing.TB, newPlugin func() sdk.Plugin, o Options) *Server
	}{{"in memory", InMemory}, {"through gRPC", ThroughGRPC}} {
		t.Run(way.name, func(t *testing.T) {
			s := way.make(t, newPlugin, o)
			if err := s.Load(); err != nil {
				t.Fatalf("loading the plugin: %v", err)
			}
			test(t, s)
		})
	}
}

// InMemory makes a server for a plugin in the test's process. It is loaded by Load, and unloaded when the test ends.
func InMemory(t testing.TB, newPlugin func() sdk.Plugin, o Options) *Server {
	return newServer(t, o, func(*Server) sdk.Plugin { return newPlugin() })
}

// ThroughGRPC makes a server that speaks with the plugin as with a process. What goes on between them is the same; only the process is the test's.
func ThroughGRPC(t testing.TB, newPlugin func() sdk.Plugin, o Options) *Server {
	return newServer(t, o, func(s *Server) sdk.Plugin { return newDistant(s, newPlugin) })
}
