package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"quatrain/cmd/quatrain/internal/skeleton"
	"quatrain/host"
	"quatrain/plugins"
)

// newPlugin writes the beginning of a plugin.
func (p *program) newPlugin(ctx context.Context, args []string) error {
	flags := p.flags("plugin")
	var begun skeleton.Plugin
	flags.StringVar(&begun.Language, "lang", "", "`language` of the plugin: go or lua")
	flags.StringVar(&begun.Dir, "dir", ".", "`folder` in which to make the plugin's")
	flags.StringVar(&begun.Checkout, "checkout", "", "`folder` of the server's sources, for a plugin in Go (found from here, if it can be)")
	name, err := parseName(flags, args)
	if err != nil {
		return err
	}
	if name == "" || begun.Language == "" {
		return misuse(flags, "want a language and a name, such as: quatrain plugin new --lang lua guestbook")
	}
	begun.Name = name
	if taken, err := shipped(begun.Name); err != nil {
		return err
	} else if taken {
		return fmt.Errorf("bad name %q: the server has a plugin of that name", begun.Name)
	}
	if err := begun.Write(ctx); err != nil {
		return err
	}
	if begun.Language == "lua" {
		if err := writeTypes(begun.Folder()); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.stdout, "There is a plugin in %s now. Its README.md tells how to test it and how to go on.\n", begun.Folder())
	return nil
}

// parseName reads options and one name, which may stand before or behind them; "" if there is none.
func parseName(flags *flag.FlagSet, args []string) (name string, err error) {
	if err := parse(flags, args); err != nil || flags.NArg() == 0 {
		return "", err
	}
	name = flags.Arg(0)
	return name, parseOnly(flags, flags.Args()[1:])
}

// shipped is whether a plugin comes with the server under this name or alias.
func shipped(name string) (bool, error) {
	if host.IsNative(name) {
		return true, nil
	}
	manifests, err := fs.Glob(plugins.FS, "*/plugin.toml")
	if err != nil {
		return false, err
	}
	for _, file := range manifests {
		var about struct {
			Aliases []string `toml:"aliases"`
		}
		text, err := fs.ReadFile(plugins.FS, file)
		if err == nil {
			err = toml.Unmarshal(text, &about)
		}
		if err != nil {
			return false, err
		}
		if path.Dir(file) == name || slices.Contains(about.Aliases, name) {
			return true, nil
		}
	}
	return false, nil
}
