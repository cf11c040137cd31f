package host

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"quatrain/host/internal/facade"
	"quatrain/host/internal/luabridge"
	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/plugin"
	"quatrain/sdk"
)

// NewIsolated makes a Lua plugin that has an interpreter of its own, for a process of its own: all it has of the server is its sdk.Module. The
// module is looked for in the operator's directories, then among the shipped plugins; library is what Lua modules can require.
func NewIsolated(name string, shipped, library fs.FS) sdk.Plugin {
	return &isolated{name: name, shipped: shipped, library: library}
}

// isolated is a Lua plugin alone with its interpreter. The module in it is made by Load.
type isolated struct {
	name             string
	shipped, library fs.FS
	inherited        any

	module luaModule // nil before Load
}

// luaModule is what a Lua plugin can do.
type luaModule interface {
	sdk.Plugin
	sdk.Heir
	sdk.Restorer
	sdk.Readier
	sdk.Unloader
	sdk.HostAdder
	sdk.HostRemover
	SaveData(ctx context.Context) (any, error)
}

func (p *isolated) Load(ctx context.Context, m sdk.Module) error {
	world, err := facade.NewWorld(ctx, m)
	if err != nil {
		return err
	}
	start := world.Start()
	dirs, err := pluginDirs(start.PluginPaths, p.shipped)
	if err != nil {
		return err
	}
	bridge := luabridge.New(luabridge.Options{
		Server: world, Log: m.Logger(), PluginDirs: dirs, Library: p.library, Interp: compat.Options{Budget: start.Budget},
	})
	made, err := bridge.Source(luabridge.Names{NotFound: plugin.ErrNotFound, NotShared: plugin.ErrNotShared}).New(p.name, m.Host())
	if err != nil {
		return err
	}
	p.module = made.(luaModule)
	world.Own(func(host, name string) sdk.Plugin {
		if name == m.Name() && (host == m.Host() || m.Host() == "*") {
			return p.module
		}
		return nil
	})
	if p.inherited != nil {
		p.module.Inherit(p.inherited)
	}
	return p.module.Load(ctx, m)
}

// pluginDirs are the operator's directories, then the shipped plugins.
func pluginDirs(paths []string, shipped fs.FS) (dirs []luabridge.Dir, err error) {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("plugin_paths: %w", err)
		}
		dirs = append(dirs, luabridge.Dir{Path: path, FS: os.DirFS(path)})
	}
	return append(dirs, luabridge.Dir{Path: "plugins", FS: shipped, Embedded: true}), nil
}

// Inherit comes before Load.
func (p *isolated) Inherit(state any) { p.inherited = state }

func (p *isolated) Save(ctx context.Context) (any, error) { return p.module.SaveData(ctx) }

func (p *isolated) Restore(ctx context.Context, state any) error { return p.module.Restore(ctx, state) }

func (p *isolated) Ready(ctx context.Context) error { return p.module.Ready(ctx) }

func (p *isolated) Unload(ctx context.Context) error { return p.module.Unload(ctx) }

func (p *isolated) AddHost(ctx context.Context, m sdk.Module) error { return p.module.AddHost(ctx, m) }

func (p *isolated) RemoveHost(ctx context.Context, m sdk.Module) error {
	return p.module.RemoveHost(ctx, m)
}

// Export is asked of the module's globals.
func (p *isolated) Export(ctx context.Context, name string) (any, error) {
	if e, ok := p.module.(sdk.Exporter); ok {
		return e.Export(ctx, name)
	}
	return nil, nil
}

var (
	_ sdk.Heir        = (*isolated)(nil)
	_ sdk.Saver       = (*isolated)(nil)
	_ sdk.Restorer    = (*isolated)(nil)
	_ sdk.Readier     = (*isolated)(nil)
	_ sdk.Unloader    = (*isolated)(nil)
	_ sdk.HostAdder   = (*isolated)(nil)
	_ sdk.HostRemover = (*isolated)(nil)
	_ sdk.Exporter    = (*isolated)(nil)
)
