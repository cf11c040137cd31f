package main

import (
	"context"
	"fmt"
	"path/filepath"
)

// ejabberdConfig is as lean as prosodyConfig. %[1]s is the directory, %[2]s the port.
const ejabberdConfig = `
hosts: [localhost, anon.localhost]
loglevel: warning
listen:
  - port: %[2]s
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
    shaper: none
    access: all
    starttls: true
certfiles:
  - "%[1]s/certs/*"
auth_password_format: scram
registration_timeout: infinity
shaper_rules:
  max_user_sessions: 1000
host_config:
  localhost:
    auth_method: [mnesia]
  anon.localhost:
    auth_method: [anonymous]
    anonymous_protocol: sasl_anon
    allow_multiple_connections: true
modules:
  mod_disco: {}
  mod_ping: {}
  mod_roster: {}
  mod_register:
    ip_access: all
  mod_muc:
    hosts: [conference.localhost]
    max_users: 5000
    max_user_conferences: 10000
    history_size: 20
    default_room_options:
      max_users: 5000
      mam: false
`

func startEjabberd(ctx context.Context, dir, address string, o options) (*process, error) {
	config, err := write(dir, "ejabberd.yml", fmt.Sprintf(ejabberdConfig, dir, portOf(address)))
	if err != nil {
		return nil, err
	}
	env := []string{"EJABBERD_CONFIG_PATH=" + config, "EJABBERD_LOG_PATH=" + filepath.Join(dir, "ejabberd.log"), "ERL_LIBS=/usr/lib/x86_64-linux-gnu",
		"ERL_MAX_PORTS=32000", "HOME=" + dir}
	// Schedulers that wait busily would count as work: a quarter of a closed loop's time.
	return launch(ctx, dir, address, o.pinned, env, "erl", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none", "+K", "true", "+P", "250000", "-noinput", "-mnesia", "dir", `"`+dir+`/db"`, "-s", "ejabberd")
}
