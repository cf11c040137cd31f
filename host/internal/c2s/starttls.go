package c2s

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// NewTLS is the plugin tls: STARTTLS (RFC 6120 §5). Option: c2s_require_encryption (true).
func (srv *Server) NewTLS() sdk.Plugin { return &startTLS{srv: srv} }

type startTLS struct {
	srv      *Server
	required bool
}

func (p *startTLS) Load(_ context.Context, m sdk.Module) (err error) {
	if p.required, err = requireEncryption(m); err != nil {
		return err
	}
	m.Hook("stream-features", 0, p.features)
	m.Hook("stanza/"+stanza.NSTLS+":starttls", 0, p.start)
	return nil
}

func (p *startTLS) features(_ context.Context, ev *sdk.Event) (any, error) {
	st, features := p.srv.streamOf(ev.Origin), element(ev, "features")
	if st == nil || features == nil || st.secure || st.adopted != nil {
		return nil, nil
	}
	feature := stanza.New("starttls", stanza.NSTLS)
	if p.required {
		feature.AddChild(stanza.New("required", stanza.NSTLS))
	}
	features.AddChild(feature)
	return nil, nil
}

func (p *startTLS) start(ctx context.Context, ev *sdk.Event) (any, error) {
	st := p.srv.streamOf(ev.Origin)
	switch {
	case st == nil, st.adopted != nil:
		return nil, nil
	case st.secure, st.sess().Type() != sdk.TypeUnauthed:
		err := st.send(ctx, stanza.New("failure", stanza.NSTLS))
		st.close(ctx, nil) // RFC 6120 §5.4.2.2
		return true, err
	}
	if st.Secure(ctx, nil); st.next != upgrade {
		return true, nil
	}
	return true, st.send(ctx, stanza.New("proceed", stanza.NSTLS))
}
