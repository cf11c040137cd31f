package plugin

import (
	"context"
	"slices"

	"quatrain/host/internal/moduleapi"
	"quatrain/sdk"
)

// couple remembers that a module depends on an instance. The module may still be loading, so the relation is kept by its module until
// it is listed.
func (m *Manager) couple(mod *moduleapi.Module, on *Instance) {
	k := key{on.Host, on.Name}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.instances {
		if i.Module == mod {
			if !slices.Contains(i.dependsOn, k) {
				i.dependsOn = append(i.dependsOn, k)
			}
			return
		}
	}
	m.early[mod] = append(m.early[mod], k)
}

// DependsOn lists what an instance depends on, by name, each once.
func (m *Manager) DependsOn(i *Instance) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, k := range i.dependsOn {
		if !slices.Contains(names, k.name) {
			names = append(names, k.name)
		}
	}
	return names
}

// Started tells all instances, and from now on each new one, that the server has started.
func (m *Manager) Started(ctx context.Context) {
	m.mu.Lock()
	m.ready = true
	m.mu.Unlock()
	for _, i := range m.Instances("") {
		m.tellReady(ctx, i)
	}
}

func (m *Manager) tellReady(ctx context.Context, i *Instance) {
	r, ok := i.Plugin.(sdk.Readier)
	if !ok || i.Global != nil {
		return
	}
	if err := protect(func() error { return r.Ready(ctx) }); err != nil {
		m.logFailure("ready failed", i.Host, i.Name, err)
	}
}
