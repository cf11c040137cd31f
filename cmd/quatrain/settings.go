package main

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"

	"quatrain"
	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// configFile is what is looked for in the working directory if --config is not given.
const configFile = "plugins.toml"

// settings are the options that all commands have which need a server.
type settings struct {
	config, data string
}

func (s *settings) define(flags *flag.FlagSet) {
	flags.StringVar(&s.config, "config", "", "configuration `file` (plugins.toml here, if there is one, else built-in defaults)")
	flags.StringVar(&s.data, "data", "", "`directory` of everything the server keeps (what the configuration says)")
}

// options are what a server is made from: the configuration, the shipped plugins and libraries.
func (s *settings) options() (host.Options, error) {
	o := host.Options{ConfigFile: s.config, DataDir: s.data, Plugins: plugins.FS, Library: lua.FS, Programs: programs()}
	if o.ConfigFile == "" {
		_, err := os.Stat(configFile)
		switch {
		case err == nil:
			o.ConfigFile = configFile
		case errors.Is(err, fs.ErrNotExist):
			o.Config = quatrain.DefaultConfig
		default:
			return o, err
		}
	}
	if o.DataDir != "" {
		dir, err := filepath.Abs(o.DataDir)
		if err != nil {
			return o, err
		}
		o.DataDir = dir
	}
	return o, nil
}

// control speaks to the server that runs with these settings.
func (s *settings) control() (*host.Control, error) {
	o, err := s.options()
	if err != nil {
		return nil, err
	}
	return host.NewControl(o)
}
