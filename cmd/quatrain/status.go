package main

import (
	"context"
	"fmt"
	"time"
)

// status shows how the running server is.
func (p *program) status(ctx context.Context, args []string) error {
	flags := p.flags("status")
	var s settings
	s.define(flags)
	if err := parseOnly(flags, args); err != nil {
		return err
	}
	control, err := s.control()
	if err != nil {
		return err
	}
	is, err := control.Status(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "quatrain %s, process %d, running for %s\n%d sessions, %d goroutines, %d MiB of heap\n",
		is.Version, is.PID, time.Since(is.Started).Round(time.Second), is.Sessions, is.Goroutines, is.Heap>>20)
	return nil
}
