package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"quatrain/host"
	"quatrain/host/collector"
)

// stopTimeout is how long ending the streams may take.
const stopTimeout = 10 * time.Second

// runServer runs the server until a signal or a plugin ends it.
func (p *program) runServer(ctx context.Context, args []string) error {
	flags := p.flags("run")
	var s settings
	var l logging
	s.define(flags)
	l.define(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return misuse(flags, "unexpected argument %q", flags.Arg(0))
	}
	o, err := s.options()
	if err != nil {
		return err
	}
	if o.Log, err = p.configuredLogger(l, o); err != nil {
		return err
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(signals)
	tuning, stopTuning := context.WithCancel(ctx)
	defer stopTuning()
	collector.Tune(tuning)
	srv, err := host.New(o)
	if err != nil {
		return err
	}
	if err := srv.Start(ctx); err != nil {
		return err
	}
	return serve(ctx, srv, signals, o.Log)
}

// serve waits for what ends the server, and ends it. SIGHUP reloads.
func serve(ctx context.Context, srv *host.Server, signals <-chan os.Signal, log *slog.Logger) error {
	reason := ""
	for reason == "" {
		select {
		case sig := <-signals:
			if sig != syscall.SIGHUP {
				reason = "received " + sig.String()
			} else if err := srv.Reload(ctx); err != nil {
				log.Error("reloading failed", "err", err)
			}
		case reason = <-srv.ShutdownRequested():
		case <-ctx.Done():
			reason = ctx.Err().Error()
		}
	}
	log.Info("stopping", "reason", reason)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := srv.Stop(ctx, reason); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}
