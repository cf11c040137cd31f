package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"quatrain/host"
)

// plugins lists the plugins of the running server, or changes one.
func (p *program) plugins(ctx context.Context, args []string) error {
	flags := p.flags("plugins")
	var s settings
	s.define(flags)
	hooks := flags.Bool("hooks", false, "list the events that each plugin hooks")
	if err := parse(flags, args); err != nil {
		return err
	}
	control, err := s.control()
	if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return p.changePlugin(ctx, flags, control)
	}
	list, err := control.Plugins(ctx)
	if errors.Is(err, host.ErrNoServer) {
		fmt.Fprintln(p.stderr, "No server is running; this is what one would load.")
		list, err = p.wouldLoad(ctx, &s)
	}
	if err != nil {
		return err
	}
	return p.listPlugins(list, *hooks)
}

// changePlugin takes "load NAME HOST", "reload NAME [HOST]" or "unload NAME [HOST]".
func (p *program) changePlugin(ctx context.Context, flags *flag.FlagSet, control *host.Control) error {
	word, name, on := flags.Arg(0), flags.Arg(1), flags.Arg(2)
	switch {
	case word != "load" && word != "unload" && word != "reload":
		return misuse(flags, "unexpected argument %q", word)
	case flags.NArg() > 3, name == "", word == "load" && on == "":
		return misuse(flags, "want one of: load NAME HOST, reload NAME [HOST], unload NAME [HOST]")
	}
	hosts, err := control.ChangePlugin(ctx, word, on, name)
	if err == nil {
		fmt.Fprintf(p.stdout, "%sed %s on %s\n", word, name, strings.Join(hosts, ", "))
	}
	return err
}

// wouldLoad loads what the configuration enables, without listening and without data.
func (p *program) wouldLoad(ctx context.Context, s *settings) ([]host.PluginInfo, error) {
	scratch, err := os.MkdirTemp("", "quatrain-plugins-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	srv, err := p.quietServer(ctx, s, scratch)
	if err != nil {
		return nil, err
	}
	defer srv.Stop(ctx, "listed")
	return srv.Plugins(), nil
}

func (p *program) listPlugins(list []host.PluginInfo, hooks bool) error {
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "HOST\tPLUGIN\tPROCESS\tRESTARTS\tSTATUS\tHOOKS\tDEPENDS ON")
	for _, info := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", info.Host, info.Name, processText(info), statusText(info), len(info.Hooks), strings.Join(info.DependsOn, ", "))
		if !hooks {
			continue
		}
		for _, h := range info.Hooks {
			fmt.Fprintf(w, "\t  %s\tpriority %v\n", h.Event, h.Priority)
		}
	}
	return w.Flush()
}

// processText is the number of a plugin's own process and how often it was started again, "-" for the server's.
func processText(info host.PluginInfo) string {
	if info.PID == 0 {
		return "-\t-"
	}
	return fmt.Sprintf("%d\t%d", info.PID, info.Restarts)
}

func statusText(info host.PluginInfo) string {
	if info.Text == "" {
		return info.Status
	}
	return info.Status + ": " + info.Text
}
