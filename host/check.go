package host

import (
	"quatrain/host/internal/config"
)

// Check reads the configuration as New does, and nothing else. The error joins all mistakes, with their places; warnings are what is right
// but has no effect.
func Check(o Options) (warnings []string, err error) {
	cfg, err := (&Server{opts: o}).readConfig()
	if err != nil {
		return nil, err
	}
	return cfg.Warnings(), nil
}

// LogSettings are what the configuration says about the log: its level (debug, info, warn, error) and its format (text, json).
func LogSettings(o Options) (level, format string, err error) {
	cfg, err := (&Server{opts: o}).readConfig()
	if err != nil {
		return "", "", err
	}
	r := cfg.Reader(config.Global)
	return r.String("log_level"), r.String("log_format"), r.Err()
}
