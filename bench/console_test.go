package bench

import (
	"context"
	"fmt"
	"runtime/debug"
	"testing"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// newConsole starts a server that nobody is connected to. What it returns runs Lua there, made as fmt.Sprintf makes it.
func newConsole(b *testing.B, config string) (do func(b *testing.B, format string, args ...any)) {
	b.Helper()
	srv, err := host.New(host.Options{Config: []byte(config), DataDir: b.TempDir(), Plugins: plugins.FS, Library: lua.FS,
		Listen: &host.Listen{}})
	if err == nil {
		err = srv.Start(context.Background())
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { srv.Stop(context.Background(), "the benchmark has ended") })
	percent := debug.SetGCPercent(300) // as the program sets it
	b.Cleanup(func() { debug.SetGCPercent(percent) })
	console := srv.Console(context.Background(), "bench", nil)
	return func(b *testing.B, format string, args ...any) {
		b.Helper()
		if _, err := console.Run(context.Background(), fmt.Appendf(nil, format, args...), "=bench"); err != nil {
			b.Fatal(err)
		}
	}
}
