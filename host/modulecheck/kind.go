package modulecheck

import (
	"fmt"
	"os"
	"strings"
	"time"

	"quatrain/host/internal/luabridge/luascan"
)

// Service is a component that runs a plugin, which modules may be written for.
type Service struct {
	Name   string // as in Module.On
	Plugin string
	// Events is how the names of its events begin. A module that hooks mostly these is meant for such a component, although it may load elsewhere.
	Events string
}

// kind is where a module is tried.
type kind struct {
	name, host string
	dirs       []string // that modules are looked for in
}

const (
	plainHost      = "example.org"
	plainComponent = "part.example.org"
)

// kinds are in the order in which they are tried with a module's file.
func (c *Checker) kinds(file string, dirs []string) []kind {
	list := []kind{{"host", plainHost, dirs}, {"component", plainComponent, dirs}}
	for _, s := range c.Services {
		k := kind{s.Name, s.host(), dirs}
		if s.suits(file) {
			list = append([]kind{k}, list...)
		} else {
			list = append(list, k)
		}
	}
	return append(list, kind{"global", "*", dirs})
}

func (s Service) host() string { return s.Name + ".example.org" }

// suits is whether most of what a file hooks are events of the service.
func (s Service) suits(file string) bool {
	src, err := os.ReadFile(file)
	if err != nil {
		return false // which the attempt tells
	}
	scan, err := luascan.File(src, file)
	if err != nil {
		return false
	}
	n := 0
	for _, event := range scan.Events {
		if strings.HasPrefix(event, s.Events) {
			n++
		}
	}
	return 2*n > len(scan.Events)
}

// dryConfig is what the servers serve on which modules are tried; %s are how long a module may run as it loads, the directories, and the services.
const dryConfig = `
[global]
handler_timeout = %v
plugin_paths = [%s]
default_storage = "memory"
modules_enabled = ["tls", "saslauth", "roster", "disco"]
admins = ["admin@example.org"]
[host."example.org"]
[component."part.example.org"]
plugin = "iq"
%s`

func (c *Checker) config(paths []string) []byte {
	var dirs, services []string
	for _, dir := range paths {
		dirs = append(dirs, fmt.Sprintf("%q", dir))
	}
	for _, s := range c.Services {
		services = append(services, fmt.Sprintf("[component.%q]\nplugin = %q\n", s.host(), s.Plugin))
	}
	return fmt.Appendf(nil, dryConfig, c.patience().Seconds(), strings.Join(dirs, ", "), strings.Join(services, ""))
}

func (c *Checker) patience() time.Duration {
	if c.Patience > 0 {
		return c.Patience
	}
	return 5 * time.Second
}
