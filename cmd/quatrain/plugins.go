package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"quatrain/host"
)

// plugins loads what the configuration enables, without listening and without data, and lists it.
func (p *program) plugins(ctx context.Context, args []string) error {
	flags := p.flags("plugins")
	var s settings
	s.define(flags)
	hooks := flags.Bool("hooks", false, "list the events that each plugin hooks")
	if err := parseOnly(flags, args); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "quatrain-plugins-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	srv, err := p.quietServer(ctx, &s, scratch)
	if err != nil {
		return err
	}
	defer srv.Stop(ctx, "listed")
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "HOST\tPLUGIN\tSTATUS\tHOOKS\tDEPENDS ON")
	for _, info := range srv.Plugins() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", info.Host, info.Name, statusText(info), len(info.Hooks), strings.Join(info.DependsOn, ", "))
		if !*hooks {
			continue
		}
		for _, h := range info.Hooks {
			fmt.Fprintf(w, "\t  %s\tpriority %v\n", h.Event, h.Priority)
		}
	}
	return w.Flush()
}

func statusText(info host.PluginInfo) string {
	if info.Text == "" {
		return info.Status
	}
	return info.Status + ": " + info.Text
}
