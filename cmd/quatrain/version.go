package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"quatrain/host"
)

// version prints what was built, from which commit, and with what.
func (p *program) version(_ context.Context, args []string) error {
	fs := p.flags("version")
	if err := parseOnly(fs, args); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "quatrain %s (%s, %s %s/%s)\n", host.Version, commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// commit is the one that was built.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown commit"
	}
	commit, modified := "unknown commit", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = " with changes"
		}
	}
	return commit + modified
}
