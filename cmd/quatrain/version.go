package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version prints what was built, from which commit, and with what.
func (p *program) version(_ context.Context, args []string) error {
	fs := p.flags("version")
	if err := parse(fs, args); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "quatrain %s (%s %s/%s)\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// buildVersion is the module's version, or the commit that was built.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	commit, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "+changes"
		}
	}
	switch {
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		return info.Main.Version
	case commit != "":
		return commit + modified
	}
	return "development"
}
