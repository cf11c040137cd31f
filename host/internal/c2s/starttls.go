package c2s

import (
	"context"
	"sync"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// NewTLS is the plugin tls: STARTTLS (RFC 6120 §5). Option: c2s_require_encryption (true). Streams between servers, where plugins open some,
// are left to a plugin of their own.
func (srv *Server) NewTLS() sdk.Plugin { return &startTLS{srv: srv} }

type startTLS struct {
	srv      *Server
	module   sdk.Module
	required bool
	servers  sync.Once
}

func (p *startTLS) Load(_ context.Context, m sdk.Module) (err error) {
	p.module = m
	if p.required, err = requireEncryption(m); err != nil {
		return err
	}
	m.HookGlobal("s2s-created", 0, p.encryptServers)
	m.Hook("stream-features", 0, p.features)
	m.Hook("stanza/"+stanza.NSTLS+":starttls", 0, p.start)
	return nil
}

// forServers is the plugin that encrypts streams between servers.
const forServers = "s2s_tls"

// encryptServers has it loaded before the first such stream negotiates anything.
func (p *startTLS) encryptServers(ctx context.Context, _ *sdk.Event) (_ any, err error) {
	p.servers.Do(func() { _, err = p.module.Depends(ctx, forServers, true) })
	return nil, err
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
