package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// quatrainConfig is as lean as prosodyConfig: %[1]s is the directory, %[2]s the port, %[3]s what has the rooms, %[4]s a list of modules for them, %[5]s how plugins are run,
// %[6]s a list of directories, %[7]s a list of modules for anonymous people.
const quatrainConfig = `
[global]
data_path = "%[1]s/data"
certificates = "%[1]s/certs"
default_iteration_count = 4096
plugin_paths = [%[6]s]
interfaces = ["127.0.0.1"]
c2s_ports = [%[2]s]
c2s_direct_tls_ports = []
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
allow_registration = true
min_seconds_between_registrations = 0
log_level = "warn"
c2s_connections_per_address = 20000
max_resources = 1000
modules_enabled = ["roster", "saslauth", "tls", "disco", "ping", "register"]
[host."localhost"]
authentication = "internal_hashed"
[host."anon.localhost"]
authentication = "anonymous"
modules_enabled = [%[7]s]
[component."conference.localhost"]
plugin = "%[3]s"
modules_enabled = [%[4]s]
restrict_room_creation = false
muc_room_cache_size = 100000
%[5]s
`

// startQuatrain is ours with rooms of a kind: "lua", "go" in processes of their own, "prosody": Prosody's mod_muc, unmodified.
func startQuatrain(rooms string) func(ctx context.Context, dir, address string, o options) (*process, error) {
	return func(ctx context.Context, dir, address string, o options) (*process, error) {
		plugin, runtime := "muc_core", ""
		modules, paths := []string{"muc_register"}, []string{}
		switch rooms {
		case "go":
			runtime = "[plugin.muc_core]\nruntime = \"go\"\n[plugin.muc_register]\nruntime = \"go\"\n"
		case "prosody":
			plugin, modules, paths = "muc", nil, []string{filepath.Join(dir, "prosody")}
			for _, file := range []string{"muc", "mod_muc_unique.lua"} {
				if err := link(filepath.Join(o.library, file), filepath.Join(dir, "prosody", file)); err != nil {
					return nil, err
				}
			}
		}
		if o.modules {
			names, err := extensions(filepath.Join(dir, "modules"))
			if err != nil {
				return nil, err
			}
			modules, paths = append(modules, names...), append(paths, filepath.Join(dir, "modules"))
		}
		idle, sections, err := idlers(filepath.Join(dir, "modules"), o.idlers, o.programs)
		if err != nil {
			return nil, err
		}
		if o.idlers > 0 && !o.programs {
			paths = append(paths, filepath.Join(dir, "modules"))
		}
		text := fmt.Sprintf(quatrainConfig, dir, portOf(address), plugin, quoted(modules), runtime+sections, quoted(paths), quoted(idle))
		config, err := write(dir, "plugins.toml", text)
		if err != nil {
			return nil, err
		}
		return launch(ctx, dir, address, o.pinned, nil, o.binary, "--config", config)
	}
}

// quoted is a list as it stands in plugins.toml, between its brackets.
func quoted(list []string) string {
	var all []string
	for _, one := range list {
		all = append(all, fmt.Sprintf("%q", one))
	}
	return strings.Join(all, ", ")
}
