package main

import (
	"context"
	"fmt"

	"quatrain/host"
)

// check reads the configuration as the server would, and nothing else.
func (p *program) check(_ context.Context, args []string) error {
	flags := p.flags("check")
	var s settings
	s.define(flags)
	if err := parseOnly(flags, args); err != nil {
		return err
	}
	o, err := s.options()
	if err != nil {
		return err
	}
	warnings, err := host.Check(o)
	for _, w := range warnings {
		fmt.Fprintln(p.stdout, "warning:", w)
	}
	if err != nil {
		return err
	}
	name := o.ConfigFile
	if name == "" {
		name = "the built-in configuration"
	}
	fmt.Fprintln(p.stdout, name+": no mistakes found")
	return nil
}
