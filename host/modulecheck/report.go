// Package modulecheck finds out whether Lua modules load in this server. Each is loaded, unchanged, on servers of its own that talk to nobody: with
// stores in memory, on a host, on a component, on one with a service or for the whole server, until one of these takes it.
//
// That a module loads does not say that it works. What it will ask for later is looked up in its text, as far as that can be followed.
package modulecheck

import "quatrain/host"

// State is what became of a module.
type State string

// The states.
const (
	Loads    State = "loads"
	Warnings State = "loads with warnings"
	Core     State = "the core's own" // the server does its work itself and would not load it
	Needs    State = "needs"
	Broken   State = "does not parse"
)

// Report is what was found in the directories.
type Report struct {
	Modules []Module `json:"modules"`
	// Broken are the files that do not parse, those of modules and others.
	Broken []BadFile `json:"broken,omitempty"`
}

// BadFile is a file that is no Lua that this server takes.
type BadFile struct {
	File    string `json:"file"`
	Problem string `json:"problem"` // with file and line
}

// Module is what was found about one module.
type Module struct {
	Name  string `json:"name"`
	File  string `json:"file"`
	State State  `json:"state"`
	// On is where it has loaded: host, component, global, or the name of a service.
	On string `json:"on,omitempty"`
	// Beside is whether it loads only if the modules that it depends on are the server's own, and not those in its directory.
	Beside bool `json:"beside_our_own,omitempty"`
	// Needs is what is missing, and At the place that asks for it, "file:line".
	Needs string `json:"needs,omitempty"`
	At    string `json:"at,omitempty"`
	// Warnings are what it said as it was loaded, and what is known not to work later.
	Warnings []Warning `json:"warnings,omitempty"`
	// Given are options that it asked for, with the samples that it got.
	Given []Given `json:"given,omitempty"`

	Hooks     []string `json:"hooks,omitempty"`
	Stores    []string `json:"stores,omitempty"`
	DependsOn []string `json:"depends_on,omitempty"`
	Offers    []string `json:"offers,omitempty"`
}

// Warning is something odd about a module.
type Warning struct {
	At   string `json:"at,omitempty"` // "file:line"
	Text string `json:"text"`
}

// Given is an option and the sample that a module got.
type Given struct {
	Option string `json:"option"`
	Value  any    `json:"value"`
}

// Loaded is whether the server does what the module is for, as far as loading tells.
func (m Module) Loaded() bool { return m.State == Loads || m.State == Warnings || m.State == Core }

// Count is how many of the modules are loaded.
func (r *Report) Count() (loaded int) {
	for _, m := range r.Modules {
		if m.Loaded() {
			loaded++
		}
	}
	return loaded
}

// fill takes over what a plugin does.
func (m *Module) fill(p host.PluginInfo) {
	m.Stores, m.DependsOn, m.Offers = p.Stores, p.DependsOn, p.Offers
	for _, h := range p.Hooks {
		m.Hooks = append(m.Hooks, h.Event)
	}
}

// Of is the part of a report that is about some modules.
func (r *Report) Of(names map[string]bool) *Report {
	part := &Report{}
	for _, m := range r.Modules {
		if names[m.Name] {
			part.Modules = append(part.Modules, m)
		}
	}
	return part
}
