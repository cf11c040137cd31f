package main

import (
	"flag"
	"fmt"
	"log/slog"
)

// logging are the options of a command that writes a log, on stderr.
type logging struct {
	level, format string
}

func (l *logging) define(flags *flag.FlagSet) {
	flags.StringVar(&l.level, "log-level", "", "debug, info, warn or error (what the configuration says)")
	flags.StringVar(&l.format, "log-format", "", "text or json (what the configuration says)")
}

// logger makes the log. level and format are what the configuration says; the command line goes before it.
func (p *program) logger(l logging, level, format string) (*slog.Logger, error) {
	if l.level != "" {
		level = l.level
	}
	if l.format != "" {
		format = l.format
	}
	var o slog.HandlerOptions
	var lowest slog.Level
	if err := lowest.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level: want debug, info, warn or error, got %q", level)
	}
	o.Level = lowest
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(p.stderr, &o)), nil
	case "text":
		return slog.New(slog.NewTextHandler(p.stderr, &o)), nil
	}
	return nil, fmt.Errorf("log format: want text or json, got %q", format)
}
