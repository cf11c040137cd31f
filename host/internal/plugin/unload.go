package plugin

import (
	"context"
	"fmt"
	"slices"

	"quatrain/host/internal/moduleapi"
	"quatrain/sdk"
)

// Unload ends an instance, after those that depend on it.
func (m *Manager) Unload(ctx context.Context, host, name string) error {
	i := m.named(host, name)
	if i == nil {
		if m.giveUp(key{host, m.policy.Resolve(name)}) {
			return nil
		}
		return fmt.Errorf("%w: %q on %q", ErrNotLoaded, name, host)
	}
	for _, dependent := range m.dependents(i) {
		if err := m.Unload(ctx, dependent.Host, dependent.Name); err != nil {
			m.log.Warn("dependent plugin not unloaded", "host", dependent.Host, "plugin", dependent.Name, "err", err)
		}
	}
	m.end(ctx, i)
	return nil
}

// end unloads one instance; a global one with all its hosts.
func (m *Manager) end(ctx context.Context, i *Instance) {
	for _, shared := range m.sharedOf(i) {
		m.end(ctx, shared)
	}
	if err := protect(func() error { return tellEnd(ctx, i) }); err != nil {
		m.logFailure("unloading failed", i.Host, i.Name, err)
	}
	i.Module.Undo(ctx)
	finish(ctx, i)
	m.mu.Lock()
	k := key{i.Host, i.Name}
	delete(m.missed, k)
	if m.instances[k] == i {
		delete(m.instances, k)
		m.order = slices.DeleteFunc(m.order, func(o key) bool { return o == k })
	}
	m.mu.Unlock()
	m.announce(ctx, "module-unloaded", i)
}

// tellEnd tells the plugin that an instance ends, or that a host of it does.
func tellEnd(ctx context.Context, i *Instance) error {
	if i.Global != nil {
		if r, ok := i.Plugin.(sdk.HostRemover); ok {
			return r.RemoveHost(ctx, i.Module)
		}
		return nil
	}
	if u, ok := i.Plugin.(sdk.Unloader); ok {
		return u.Unload(ctx)
	}
	return nil
}

// finisher is a plugin that has something which must outlast what its instance is undone of, such as the process that its items are in: those
// who hear that they are gone may look at them.
type finisher interface{ Finish(ctx context.Context) }

func finish(ctx context.Context, i *Instance) {
	if f, ok := i.Plugin.(finisher); ok && i.Global == nil {
		f.Finish(ctx)
	}
}

// Reload replaces an instance by a new one made from what is there now; state is handed over by Save and Restore. If the new source
// cannot be read or saving fails, the old instance stays.
func (m *Manager) Reload(ctx context.Context, host, name string) error {
	i := m.named(host, name)
	if i == nil {
		return fmt.Errorf("%w: %q on %q", ErrNotLoaded, name, host)
	}
	if i.Global != nil {
		i = i.Global
	}
	if err := m.check(ctx, i.Name); err != nil {
		return err
	}
	state, err := m.save(ctx, i)
	if err != nil {
		return err
	}
	hosts := m.hostsOf(i)
	dependents, missed := m.dependents(i), m.takeMissed(key{i.Host, i.Name})
	m.end(ctx, i)
	if _, err := m.load(ctx, i.Host, i.Name, &handover{state}); err != nil {
		m.logFailure("plugin is gone: reloading failed", i.Host, i.Name, err)
		return err
	}
	for _, h := range hosts {
		m.load(ctx, h, i.Name, nil) // already there, or told in the log by Load of the host
	}
	m.reloadAll(ctx, dependents)
	m.loadAll(ctx, key{i.Host, i.Name}, missed)
	m.announce(ctx, "module-reloaded", i)
	return nil
}

// ReloadDependents reloads those that depend on an instance whose process was replaced by another. It tells how many are missing after that:
// LoadMissed tries those again.
func (m *Manager) ReloadDependents(ctx context.Context, host, name string) (missing int) {
	i := m.named(host, name)
	if i == nil {
		return 0
	}
	k := key{i.Host, i.Name}
	missed := m.takeMissed(k)
	for _, dependent := range m.dependents(i) {
		if err := m.Reload(ctx, dependent.Host, dependent.Name); err != nil {
			m.log.Error("dependent plugin not reloaded", "host", dependent.Host, "plugin", dependent.Name, "err", err)
			missed = append(missed, key{dependent.Host, dependent.Name})
		}
	}
	return m.loadAll(ctx, k, missed)
}

// LoadMissed loads the dependents of an instance that were not loaded again, and tells how many are still missing.
func (m *Manager) LoadMissed(ctx context.Context, host, name string) (missing int) {
	i := m.named(host, name)
	if i == nil {
		return 0
	}
	k := key{i.Host, i.Name}
	return m.loadAll(ctx, k, m.takeMissed(k))
}

// loadAll loads dependents that are not there, and remembers those which fail.
func (m *Manager) loadAll(ctx context.Context, on key, dependents []key) (missing int) {
	for _, d := range dependents {
		if m.exact(d.host, d.name) != nil {
			continue
		}
		if _, err := m.Load(ctx, d.host, d.name); err != nil {
			m.miss(on, d)
			missing++
		}
	}
	return missing
}

// miss remembers a dependent that was not loaded again, maybe since the process that it depends on died another time.
func (m *Manager) miss(on, dependent key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.missed[on] = append(m.missed[on], dependent)
}

func (m *Manager) takeMissed(on key) []key {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.missed[on]
	delete(m.missed, on)
	return list
}

// giveUp forgets a dependent that is missing; false if it is not.
func (m *Manager) giveUp(dependent key) (missed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for on, list := range m.missed {
		rest := slices.DeleteFunc(list, func(k key) bool { return k == dependent })
		missed = missed || len(rest) < len(list)
		m.missed[on] = rest
	}
	return missed
}

func (m *Manager) reloadAll(ctx context.Context, dependents []*Instance) {
	for _, dependent := range dependents {
		if err := m.Reload(ctx, dependent.Host, dependent.Name); err != nil {
			m.log.Error("dependent plugin not reloaded", "host", dependent.Host, "plugin", dependent.Name, "err", err)
		}
	}
}

func (m *Manager) check(ctx context.Context, name string) error {
	for _, s := range m.sources {
		if err := s.Check(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (m *Manager) save(ctx context.Context, i *Instance) (state any, err error) {
	s, ok := i.Plugin.(sdk.Saver)
	if !ok {
		return nil, nil
	}
	err = protect(func() error {
		state, err = s.Save(ctx)
		return err
	})
	if err != nil && m.policy.ForceReload(i.Host) {
		m.log.Warn("saving state failed, reloading without", "host", i.Host, "plugin", i.Name, "err", err)
		return nil, nil
	}
	return state, err
}

// named is the instance on a host under a name, or else under another one of the plugin's.
func (m *Manager) named(host, name string) *Instance {
	if i := m.exact(host, name); i != nil {
		return i
	}
	for _, other := range m.policy.Synonyms(name) {
		if i := m.exact(host, other); i != nil {
			return i
		}
	}
	return nil
}

func (m *Manager) exact(host, name string) *Instance {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.instances[key{host, name}]
}

func (m *Manager) dependents(i *Instance) []*Instance {
	return m.matching(func(other *Instance) bool { return slices.Contains(other.dependsOn, key{i.Host, i.Name}) })
}

func (m *Manager) sharedOf(i *Instance) []*Instance {
	return m.matching(func(other *Instance) bool { return other.Global == i })
}

func (m *Manager) hostsOf(i *Instance) []string {
	var hosts []string
	for _, shared := range m.sharedOf(i) {
		hosts = append(hosts, shared.Host)
	}
	return hosts
}

func (m *Manager) matching(f func(*Instance) bool) []*Instance {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []*Instance
	for _, k := range m.order {
		if i := m.instances[k]; i != nil && f(i) {
			list = append(list, i)
		}
	}
	return list
}

// UnloadAll ends every instance, newest first.
func (m *Manager) UnloadAll(ctx context.Context) {
	for _, i := range slices.Backward(m.Instances("")) {
		if m.exact(i.Host, i.Name) == i {
			m.end(ctx, i)
		}
	}
}

// Depends makes sure that a plugin is loaded on the module's host, or globally, under any of its names, and couples the two.
func (m *Manager) Depends(ctx context.Context, mod *moduleapi.Module, name string, soft bool) (sdk.Plugin, error) {
	host := mod.Host()
	i := m.Get(host, name)
	if i != nil {
		name = i.Name
	} else {
		name = m.policy.Resolve(name)
	}
	if i == nil || i.Host == moduleapi.Global && host != moduleapi.Global && isShared(i) {
		if m.policy.Disabled(host, name) {
			if soft {
				return nil, nil
			}
			return nil, fmt.Errorf("%w: %q on %q", ErrDisabled, name, host)
		}
		loaded, err := m.load(ctx, host, name, nil)
		if err != nil && i == nil {
			return nil, fmt.Errorf("loading dependency %q: %w", name, err)
		}
		if err == nil {
			i = loaded
		}
	}
	m.couple(mod, i)
	return i.Plugin, nil
}

func isShared(i *Instance) bool {
	_, ok := i.Plugin.(sdk.HostAdder)
	return ok
}
