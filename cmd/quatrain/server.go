package main

import (
	"context"
	"log/slog"

	"quatrain/host"
)

// configuredLogger is the log of a command that runs a server: as the configuration says, unless the command line does.
func (p *program) configuredLogger(l logging, o host.Options) (*slog.Logger, error) {
	level, format, err := host.LogSettings(o)
	if err != nil {
		return nil, err
	}
	return p.logger(l, level, format)
}

// quietServer starts a server that does not listen and reports only what goes wrong, for commands that look at it. Its plugins run and
// may write, so it needs the data for itself; dataDir replaces the configured directory unless it is "".
func (p *program) quietServer(ctx context.Context, s *settings, dataDir string) (*host.Server, error) {
	o, err := s.options()
	if err != nil {
		return nil, err
	}
	if dataDir != "" {
		o.DataDir = dataDir
	}
	o.Exclusive = true
	if o.Log, err = p.logger(logging{}, "error", "text"); err != nil {
		return nil, err
	}
	o.Listen = &host.Listen{}
	srv, err := host.New(o)
	if err != nil {
		return nil, err
	}
	return srv, srv.Start(ctx)
}
