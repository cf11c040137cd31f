package main

import (
	"context"
	"flag"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/sdk"
	programserve "quatrain/sdk/serve"
)

// plugin is for who writes plugins, and for the server that starts this program as one; "plugins" is for who runs the server.
func (p *program) plugin(ctx context.Context, args []string) error {
	flags := p.flags("plugin")
	if err := parse(flags, args); err != nil {
		return err
	}
	switch word := flags.Arg(0); word {
	case "new":
		return p.newPlugin(ctx, flags.Args()[1:])
	case "types":
		return p.types(flags.Args()[1:])
	case host.ServeGo, host.ServeLua:
		return servePlugin(flags)
	case "":
		return misuse(flags, "want a word: new, types, %s or %s", host.ServeGo, host.ServeLua)
	default:
		return misuse(flags, "unexpected argument %q", word)
	}
}

// servePlugin serves a plugin to the server that has started this process.
func servePlugin(flags *flag.FlagSet) error {
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
