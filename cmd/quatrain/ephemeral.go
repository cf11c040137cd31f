package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"quatrain"
	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// ephemeral is a server for one script, on loopback, with a data directory that goes with it.
type ephemeral struct {
	srv      *host.Server
	accounts *host.Accounts
	data     string
}

// newEphemeral starts one. config is a file, "" for the built-in configuration. Of its hosts only those are served that serves chooses.
func (p *program) newEphemeral(ctx context.Context, config string, how runtimes, serves func(host string) bool) (*ephemeral, error) {
	data, err := os.MkdirTemp("", "quatrain-spec-")
	if err != nil {
		return nil, err
	}
	log, err := p.logger(logging{}, "error", "text")
	if err != nil {
		return nil, err
	}
	e := &ephemeral{data: data}
	o := host.Options{ConfigFile: config, DataDir: data, Plugins: plugins.FS, Library: lua.FS, Log: log,
		Programs: programs(), Serves: serves, InProcess: how.inProcess, Runtimes: how.of,
		Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}}}
	if config == "" {
		o.Config = quatrain.DefaultConfig
	}
	if e.srv, err = host.New(o); err == nil {
		err = e.srv.Start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(data))
	}
	e.accounts = e.srv.Accounts()
	return e, nil
}

// admit makes the accounts of a script's cast.
func (e *ephemeral) admit(ctx context.Context, s *spec.Script) error {
	made := map[string]bool{}
	for _, c := range s.Clients {
		account, err := jid.Parse(c.JID)
		if err != nil {
			return err
		}
		if !account.IsBare() || made[c.JID] {
			continue
		}
		made[c.JID] = true
		if err := e.accounts.Create(ctx, account, c.Password); err != nil {
			return fmt.Errorf("%s:%d: making the account of %s: %w", s.Name, c.Line, c.Name, err)
		}
	}
	return nil
}

// dial leads every client here, whatever it says about its server.
func (e *ephemeral) dial() spec.Dialer { return spec.Only(e.srv.Addrs()[0].String()) }

func (e *ephemeral) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return errors.Join(e.srv.Stop(ctx, "the script has ended"), os.RemoveAll(e.data))
}

// configFor is the configuration that a script is written for: plugins.toml beside it or in the folder above, "" if there is none.
func configFor(script string) string {
	dir := filepath.Dir(script)
	for _, d := range []string{dir, filepath.Join(dir, "..")} {
		file := filepath.Join(d, configFile)
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	return ""
}
