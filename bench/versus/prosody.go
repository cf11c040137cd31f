package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// prosodyConfig is lean: what the scenarios need, no limits, no logging of what is normal. %[1]s is the directory, %[2]s the port, %[3]s a list of modules for rooms.
const prosodyConfig = `
pidfile = "%[1]s/prosody.pid"
data_path = "%[1]s/data"
plugin_paths = { "%[1]s/modules" }
certificates = "%[1]s/certs"
network_backend = "epoll"
storage = "internal"
default_iteration_count = 4096
log = { warn = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { %[2]s }
s2s_ports = {}
c2s_direct_tls_ports = {}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
allow_registration = true
modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "register_ibr" }
modules_disabled = { "s2s", "posix", "limits" }
VirtualHost "localhost"
	authentication = "internal_hashed"
VirtualHost "anon.localhost"
	authentication = "anonymous"
Component "conference.localhost" "muc"
	modules_enabled = { %[3]s }
	muc_room_cache_size = 100000
`

func startProsody(ctx context.Context, dir, address string, o options) (*process, error) {
	loaded := ""
	if o.modules {
		names, err := extensions(filepath.Join(dir, "modules"))
		if err != nil {
			return nil, err
		}
		loaded = `"` + strings.Join(names, `", "`) + `"`
	}
	config, err := write(dir, "prosody.cfg.lua", fmt.Sprintf(prosodyConfig, dir, portOf(address), loaded))
	if err != nil {
		return nil, err
	}
	return launch(ctx, dir, address, o.pinned, nil, "prosody", "-F", "--config", config)
}
