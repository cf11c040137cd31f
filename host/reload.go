package host

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"quatrain/host/internal/config"
	"quatrain/sdk"
)

// Reload reads the configuration and the certificates again. Plugins are told (config-reloaded) and read their options anew; hosts and
// plugins that were added or removed in the file are not activated. With a mistake in the file everything stays as it is.
func (srv *Server) Reload(ctx context.Context) error {
	if srv.opts.ConfigFile == "" {
		return errors.New("the server runs on its built-in configuration, there is nothing to reload")
	}
	srv.fire(ctx, "reloading-config")
	cfg, err := srv.readConfig()
	if err != nil {
		return fmt.Errorf("the old configuration stays: %w", err)
	}
	if err := srv.certs.Reload(streamHosts(cfg)); err != nil {
		return fmt.Errorf("the old configuration stays: reading the certificates: %w", err)
	}
	if err := srv.setPluginPaths(cfg); err != nil {
		return fmt.Errorf("the old configuration stays: %w", err)
	}
	before := srv.cfg.Swap(cfg)
	srv.providers.tryAgain()
	for _, warning := range cfg.Warnings() {
		srv.log.Warn(warning)
	}
	srv.warnChanges(before, cfg)
	srv.fire(ctx, "config-reloaded", "filename", srv.opts.ConfigFile)
	srv.changes.begin()
	srv.log.Info("configuration reloaded", "file", srv.opts.ConfigFile)
	return nil
}

// readAtStart are the global options that the server reads once.
var readAtStart = []string{
	"interfaces", "c2s_ports", "c2s_direct_tls_ports", "c2s_timeout", "c2s_close_timeout", "c2s_login_attempts", "c2s_stanza_size_limit",
	"c2s_unauthed_stanza_size_limit", "c2s_max_child_elements", "c2s_connections_per_address", "c2s_max_queue_size", "c2s_max_unauthenticated", "c2s_max_queue_total", "c2s_write_timeout",
	"certificates", "data_path", "default_storage", "sql", "statistics", "statistics_interval", "statistics_config", "handler_timeout", "log_level", "log_format",
}

// warnChanges tells what in the file has no effect before the next start.
func (srv *Server) warnChanges(before, after *config.Config) {
	for _, name := range readAtStart {
		if !reflect.DeepEqual(before.Option(config.Global, name), after.Option(config.Global, name)) {
			srv.log.Warn("an option has changed in the configuration, which has no effect before the server starts again", "option", name)
		}
	}
	for _, h := range after.Hosts() {
		switch {
		case !h.Enabled:
		case srv.router.Host(h.Name) == nil:
			srv.log.Warn("a host that was added to the configuration is not served before the server starts again", "host", h.Name)
		case !slices.Equal(before.Modules(h.Name, nil), after.Modules(h.Name, nil)):
			srv.log.Warn("the plugins of a host have changed in the configuration, which has no effect before the server starts again", "host", h.Name)
		}
	}
	for _, h := range before.Hosts() {
		if h.Enabled && !slices.ContainsFunc(after.Hosts(), func(a config.Host) bool { return a.Enabled && a.Name == h.Name }) {
			srv.log.Warn("a host that was taken out of the configuration is served until the server ends", "host", h.Name)
		}
	}
}

// PluginInfo is one loaded plugin, for listings.
type PluginInfo struct {
	Host, Name string
	Status     string
	Text       string
	DependsOn  []string
	Hooks      []HookInfo
	Stores     []string // those it has opened, by name
	Offers     []string // keys of the items that it has added for others ("feature", "http-provider" …)
	Failures   int      // of its handlers, on all hosts
	// PID is the process that the plugin runs in, 0 for the server's own; Restarts is how often it was started again because it had died.
	PID, Restarts int
}

// inProcess is a plugin in a process of its own.
type inProcess interface {
	Process() (pid, restarts int, since time.Time)
}

// HookInfo is one event that a plugin hooks.
type HookInfo struct {
	Event    string
	Priority float64
}

// Plugins lists what is loaded where, in order of loading.
func (srv *Server) Plugins() []PluginInfo {
	var list []PluginInfo
	for _, i := range srv.plugins.Instances("") {
		kind, text, _ := i.Module.Status()
		info := PluginInfo{Host: i.Host, Name: i.Name, Status: string(kind), Text: text, DependsOn: srv.plugins.DependsOn(i), Failures: srv.errors.of(i.Name),
			Stores: i.Module.Stores(), Offers: i.Module.Offered()}
		if p, ok := i.Plugin.(inProcess); ok {
			info.PID, info.Restarts, _ = p.Process()
		}
		for _, bus := range []sdk.Bus{i.Module.Bus(), srv.global} {
			if bus == nil || bus == sdk.Bus(srv.global) && i.Host != "*" {
				continue
			}
			for _, h := range bus.Hooks("") {
				if h.Plugin == i.Name {
					info.Hooks = append(info.Hooks, HookInfo{h.Event, h.Priority})
				}
			}
		}
		list = append(list, info)
	}
	return list
}
