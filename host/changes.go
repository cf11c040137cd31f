package host

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"quatrain/host/internal/config"
	"quatrain/host/internal/luabridge"
	"quatrain/host/internal/plugin"
	"quatrain/host/internal/watch"
	"quatrain/sdk"
)

// changes reloads Lua plugins whose files change, where the configuration wants that (reload_on_change).
type changes struct {
	srv *Server

	mu      sync.Mutex // guards the rest
	watcher *watch.Watcher
	// elsewhere are the files of instances whose Lua runs in another process, as they were when they were loaded.
	elsewhere map[*plugin.Instance]luabridge.Files
	// tried is what has been refused of instances that run something else; lost are instances that are gone since they could not be loaded anew.
	tried, lost map[instanceKey]luabridge.Files
}

type instanceKey struct{ host, name string }

// hasFiles is a plugin that knows which files it was loaded from.
type hasFiles interface{ Files() luabridge.Files }

// begin watches, if the configuration wants that for any plugin. It may be called again.
func (c *changes) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watcher == nil && c.srv.cfg.Load().ReloadsOnChange() {
		watcher, err := watch.New(c.srv.log, c.look)
		if err != nil {
			c.srv.log.Error("plugins are not reloaded when their files change", "err", err)
			return
		}
		c.watcher = watcher
		c.tried, c.lost = map[instanceKey]luabridge.Files{}, map[instanceKey]luabridge.Files{}
		c.elsewhere = map[*plugin.Instance]luabridge.Files{}
	}
	if c.watcher != nil {
		c.note()
		c.watcher.Poke()
	}
}

func (c *changes) end() error {
	c.mu.Lock()
	watcher := c.watcher
	c.watcher = nil
	c.mu.Unlock()
	if watcher == nil {
		return nil
	}
	return watcher.Close()
}

// follow hears of plugins that are loaded on a bus from now on.
func (c *changes) follow(bus sdk.Bus) {
	bus.Add(sdk.Hook{Event: "module-loaded", Plugin: "files", OnError: sdk.Continue, Handler: func(context.Context, *sdk.Event) (any, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.watcher != nil {
			c.note()
			c.watcher.Poke()
		}
		return nil, nil
	}})
}

// note remembers the files of instances in other processes that are new.
func (c *changes) note() {
	list := c.srv.plugins.Instances("")
	for _, i := range list {
		if c.srv.pluginSettings(i.Name).Isolate && c.elsewhere[i] == nil {
			c.elsewhere[i] = c.srv.bridge.FilesOf(i.Name)
		}
	}
	maps.DeleteFunc(c.elsewhere, func(i *plugin.Instance, _ luabridge.Files) bool { return !slices.Contains(list, i) })
}

// running are the files that the instances run that are to be reloaded, and of those that failed to.
func (c *changes) running() map[instanceKey]luabridge.Files {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[instanceKey]luabridge.Files{}
	cfg := c.srv.cfg.Load()
	for _, i := range c.srv.plugins.Instances("") {
		if i.Global != nil || !cfg.Plugin(i.Name).ReloadOnChange {
			continue
		}
		files := c.elsewhere[i]
		if f, ok := i.Plugin.(hasFiles); ok {
			files = f.Files()
		}
		if len(files) > 0 {
			all[instanceKey{i.Host, i.Name}] = files
		}
	}
	for k, files := range c.lost {
		if all[k] == nil && cfg.Plugin(k.name).ReloadOnChange {
			all[k] = files
		}
	}
	return all
}

// look reloads what has changed. Files are watched before they are read, so that no change falls between; what was reloaded may have other files, so
// it is looked at again.
func (c *changes) look() {
	c.mu.Lock()
	watcher := c.watcher
	c.mu.Unlock()
	if watcher == nil {
		return
	}
	watcher.Watch(c.places())
	for k, files := range c.running() {
		now := sums(files)
		if maps.Equal(now, files) || maps.Equal(now, c.triedBefore(k)) {
			continue
		}
		c.attempt(k, now)
		watcher.Poke()
	}
}

func (c *changes) triedBefore(k instanceKey) luabridge.Files {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tried[k]
}

// attempt loads an instance anew, unless one of its files does not compile: then the old one goes on.
func (c *changes) attempt(k instanceKey, now luabridge.Files) {
	c.remember(k, now, false)
	log := c.srv.log.With("host", k.host, "plugin", k.name)
	if err := c.compile(now); err != nil {
		log.Error("a file of the plugin has changed and does not compile, the old one goes on", "err", err)
		return
	}
	ctx := sdk.WithChain(context.Background())
	var err error
	if c.loaded(k) {
		err = c.srv.plugins.Reload(ctx, k.host, k.name)
	} else { // it was lost when it was reloaded before
		_, err = c.srv.plugins.Load(ctx, k.host, k.name)
	}
	if err != nil {
		c.failed(k, now, log, err)
		return
	}
	log.Info("plugin reloaded, since a file of it has changed")
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tried, k)
	delete(c.lost, k)
}

// failed remembers and tells that a changed plugin was not loaded. Why it is gone has been told by who loads plugins.
func (c *changes) failed(k instanceKey, now luabridge.Files, log *slog.Logger, err error) {
	gone := !c.loaded(k)
	c.remember(k, now, gone)
	if gone {
		log.Warn("a file of the plugin has changed, and it was not loaded: the next change is another attempt")
		return
	}
	log.Error("a file of the plugin has changed, and it was not loaded: the old one goes on", "err", err)
}

func (c *changes) loaded(k instanceKey) bool { return slices.Contains(c.srv.hostsWith(k.name), k.host) }

func (c *changes) remember(k instanceKey, tried luabridge.Files, lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried[k] = tried
	if lost {
		c.lost[k] = tried
	}
}

func (c *changes) compile(files luabridge.Files) error {
	for file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := c.srv.bridge.Compiles(code, file); err != nil {
			return err
		}
	}
	return nil
}

// sums are what is in the files now. A file that cannot be read counts as it was: it may be about to be replaced.
func sums(files luabridge.Files) luabridge.Files {
	now := maps.Clone(files)
	for file := range now {
		if code, err := os.ReadFile(file); err == nil {
			now[file] = sha256.Sum256(code)
		}
	}
	return now
}

// places are the directories of the files, of what they are links to, and those in which modules' own folders may be replaced.
func (c *changes) places() map[string]bool {
	dirs := map[string]bool{}
	roots := c.srv.cfg.Load().PluginPaths()
	for _, files := range c.running() {
		for file := range files {
			dir := filepath.Dir(file)
			dirs[dir] = true
			if !slices.Contains(roots, dir) {
				dirs[filepath.Dir(dir)] = true
			}
			if target, err := filepath.EvalSymlinks(file); err == nil {
				dirs[filepath.Dir(target)] = true
			}
		}
	}
	return dirs
}

// setPluginPaths looks for plugins where the configuration now says.
func (srv *Server) setPluginPaths(cfg *config.Config) error {
	dirs, err := pluginDirs(cfg.PluginPaths(), srv.opts.Plugins)
	if err == nil {
		srv.bridge.SetDirs(dirs)
	}
	return err
}
