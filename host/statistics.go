package host

import (
	"context"

	"quatrain/host/internal/config"
	"quatrain/sdk"
)

// startStatistics begins to take measurements if the operator wants them; without the options statistics and statistics_interval nothing is
// counted by the server, and modules count in vain.
func (srv *Server) startStatistics(ctx context.Context) error {
	cfg := srv.cfg.Load()
	if cfg.Option(config.Global, "statistics") == nil && cfg.Option(config.Global, "statistics_interval") == nil {
		return nil
	}
	srv.global.Add(sdk.Hook{Event: "stats-update", Plugin: "c2s", OnError: sdk.Continue, Handler: func(context.Context, *sdk.Event) (any, error) {
		srv.countConnections()
		return nil, nil
	}})
	return srv.bridge.Require(ctx, "core.statsmanager")
}

// countConnections sets the gauge of Prosody's that says how many clients are connected.
func (srv *Server) countConnections() {
	f := srv.metrics.Family("gauge", "prosody_mod_c2s/connections", "", "Established c2s connections", "host", "type", "ip_family")
	f.Reset()
	srv.c2s.Each(func(s sdk.Session, family string) {
		f.With(s.Host(), string(s.Type()), family).Add(1)
	})
}
