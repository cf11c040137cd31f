package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"

	"quatrain/host"
	"quatrain/host/modulecheck"
	"quatrain/lua"
	"quatrain/plugins"
)

// check reads the configuration as the server would, and nothing else; with --modules it looks at modules instead.
func (p *program) check(ctx context.Context, args []string) error {
	flags := p.flags("check")
	var s settings
	s.define(flags)
	modules := flags.Bool("modules", false, "look whether the Lua modules in the directories that follow load, instead of the configuration")
	format := flags.String("format", "text", "of what is said about modules: text, json or markdown")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *modules {
		return p.checkModules(ctx, flags, *format)
	}
	if flags.NArg() > 0 {
		return misuse(flags, "unexpected argument %q", flags.Arg(0))
	}
	return p.checkConfig(&s)
}

func (p *program) checkConfig(s *settings) error {
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

// checkModules fails if a directory cannot be read or a file does not parse. That a module does not load is what one wants to know, no failure.
func (p *program) checkModules(ctx context.Context, flags *flag.FlagSet, format string) error {
	if flags.NArg() == 0 {
		return misuse(flags, "want directories with modules")
	}
	write, ok := map[string]func(*modulecheck.Report) error{
		"text":     func(r *modulecheck.Report) error { return r.Text(p.stdout) },
		"markdown": func(r *modulecheck.Report) error { return r.Markdown(p.stdout) },
		"json":     p.writeJSON,
	}[format]
	if !ok {
		return misuse(flags, "format: want text, json or markdown, got %q", format)
	}
	c := modulecheck.Checker{
		Options:  host.Options{Plugins: plugins.FS, Library: lua.FS, Programs: programs()},
		Services: []modulecheck.Service{{Name: "rooms", Plugin: "muc_core", Events: "muc-"}},
	}
	report, err := c.Check(ctx, flags.Args())
	if err != nil {
		return err
	}
	if err := write(report); err != nil {
		return err
	}
	if n := len(report.Broken); n > 0 {
		return errors.New(plural(n, "file") + " cannot be parsed")
	}
	return nil
}

func (p *program) writeJSON(r *modulecheck.Report) error {
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
