package main

import (
	"context"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/sdk"
	programserve "quatrain/sdk/serve"
)

// plugin serves a plugin to the server that has started this process.
func (p *program) plugin(_ context.Context, args []string) error {
	flags := p.flags("plugin")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() != 2 {
		return misuse(flags, "want the name of a plugin")
	}
	newPlugin := served(flags.Arg(0), flags.Arg(1))
	if newPlugin == nil {
		return misuse(flags, "there is no plugin %q to %s", flags.Arg(1), flags.Arg(0))
	}
	programserve.Plugin(newPlugin)
	return nil
}

// served is what makes the plugin that a process of this program serves; nil if there is none.
func served(word, name string) func() sdk.Plugin {
	switch word {
	case host.ServeGo:
		return programs()[name]
	case host.ServeLua:
		return func() sdk.Plugin { return host.NewIsolated(name, plugins.FS, lua.FS) }
	}
	return nil
}
