package c2s

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"quatrain/host/internal/router"
	"quatrain/host/internal/sasl"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// nsBinding is the namespace of the types of channel binding (XEP-0440).
const nsBinding = "urn:xmpp:sasl-cb:0"

// failuresPerAttempt is how often a stream may fail for whatever reason, for each attempt it has with a wrong password: a client that
// tries mechanisms one after the other is not guessing.
const failuresPerAttempt = 4

// NewSASL is the plugin saslauth: authentication (RFC 6120 §6), resource binding (§7) and the session of RFC 3921, which clients may still
// ask for. Options: c2s_require_encryption (true), allow_unencrypted_plain_auth (false), insecure_sasl_mechanisms (PLAIN, LOGIN),
// disable_sasl_mechanisms (DIGEST-MD5), conflict_resolve (kick_old), max_resources (10).
//
// It fires authentication-success {session} and authentication-failure {session, condition, text} on the host.
func (srv *Server) NewSASL() sdk.Plugin { return &saslauth{srv: srv} }

type saslauth struct {
	srv        *Server
	module     sdk.Module
	requireTLS bool
	insecure   []string
	disabled   []string
	binding    router.BindOptions
}

func (p *saslauth) Load(_ context.Context, m sdk.Module) (err error) {
	p.module = m
	if p.requireTLS, err = requireEncryption(m); err != nil {
		return err
	}
	allowPlain, err := optionBool(m, "allow_unencrypted_plain_auth", false)
	if err != nil {
		return err
	}
	insecure := []string{sasl.Plain, "LOGIN"}
	if allowPlain {
		insecure = nil
	}
	if p.insecure, err = optionStrings(m, "insecure_sasl_mechanisms", insecure); err != nil {
		return err
	}
	if p.disabled, err = optionStrings(m, "disable_sasl_mechanisms", []string{"DIGEST-MD5"}); err != nil {
		return err
	}
	if p.binding, err = bindOptions(m); err != nil {
		return err
	}
	m.Hook("stream-features", 0, p.features)
	m.Hook("stanza/"+stanza.NSSASL+":auth", 0, p.auth)
	m.Hook("stanza/"+stanza.NSSASL+":response", 0, p.response)
	m.Hook("stanza/"+stanza.NSSASL+":abort", 0, p.abort)
	m.Hook("stanza/iq/"+stanza.NSBind+":bind", 0, p.bind)
	m.Hook("iq/self/"+stanza.NSSession+":session", 0, p.session)
	m.Hook("iq/host/"+stanza.NSSession+":session", 0, p.session)
	return nil
}

// features offers mechanisms to those who have to authenticate, binding to those who have.
func (p *saslauth) features(ctx context.Context, ev *sdk.Event) (any, error) {
	st, features := p.srv.streamOf(ev.Origin), element(ev, "features")
	if st == nil || features == nil {
		return nil, nil
	}
	if ev.Origin.Type() != sdk.TypeUnauthed {
		features.AddChild(stanza.New("bind", stanza.NSBind).AddChild(stanza.New("required", stanza.NSBind)))
		features.AddChild(stanza.New("session", stanza.NSSession).AddChild(stanza.New("optional", stanza.NSSession)))
		return nil, nil
	}
	if p.requireTLS && !st.encrypted() {
		return nil, nil
	}
	handler, err := p.handler(ctx, st)
	if err != nil {
		return nil, fmt.Errorf("offering mechanisms: %w", err)
	}
	mechanisms := stanza.New("mechanisms", stanza.NSSASL)
	usable := p.usable(st, handler.Mechanisms())
	for _, name := range usable {
		mechanisms.AddChild(stanza.New("mechanism", stanza.NSSASL).AddText(name))
	}
	if len(usable) == 0 {
		p.module.Logger().Warn("no mechanism to offer", "session", ev.Origin.ID(), "secure", st.encrypted(), "known", handler.Mechanisms())
		return nil, nil
	}
	features.AddChild(mechanisms)
	if slices.ContainsFunc(usable, isBound) {
		features.AddChild(stanza.New("sasl-channel-binding", nsBinding).
			AddChild(stanza.New("channel-binding", nsBinding, "type", sasl.TLSExporter)))
	}
	return nil, nil
}

// usable are the mechanisms that this stream may use now.
func (p *saslauth) usable(st *stream, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.Contains(p.disabled, name) || !st.encrypted() && slices.Contains(p.insecure, name)
	})
}

func isBound(mechanism string) bool { return strings.HasSuffix(mechanism, "-PLUS") }

// handler makes one for the next attempt. It is bound to the connection unless the operator disabled what needs that: then nobody was
// offered it, and a client that could have is not the victim of a downgrade.
func (p *saslauth) handler(ctx context.Context, st *stream) (sasl.Handler, error) {
	h, err := p.srv.cfg.Users.SASL(ctx, st.sess())
	if err != nil {
		return nil, err
	}
	b, ok := h.(sasl.Binder)
	if !ok || len(st.exporter) == 0 {
		return h, nil
	}
	b.Bind(sasl.TLSExporter, st.exporter)
	if slices.ContainsFunc(p.usable(st, h.Mechanisms()), isBound) {
		return h, nil
	}
	b.Bind("", nil)
	return h, nil
}

func (p *saslauth) auth(ctx context.Context, ev *sdk.Event) (any, error) {
	st := p.srv.streamOf(ev.Origin)
	if st == nil || ev.Origin.Type() != sdk.TypeUnauthed {
		return nil, nil
	}
	st.sasl = nil // a new attempt may begin before the last one ended
	mechanism := ev.Stanza.Attr("mechanism")
	switch {
	case !st.encrypted() && (p.requireTLS || slices.Contains(p.insecure, mechanism)):
		return true, p.fail(ctx, st, &sasl.Failure{Condition: sasl.EncryptionRequired})
	case slices.Contains(p.disabled, mechanism):
		return true, p.fail(ctx, st, &sasl.Failure{Condition: sasl.InvalidMechanism})
	}
	handler, err := p.handler(ctx, st)
	if err != nil {
		return true, p.fail(ctx, st, sasl.AsFailure(err))
	}
	if !handler.Select(mechanism) {
		return true, p.fail(ctx, st, &sasl.Failure{Condition: sasl.InvalidMechanism})
	}
	st.sasl = handler
	return true, p.process(ctx, st, ev.Stanza)
}

func (p *saslauth) response(ctx context.Context, ev *sdk.Event) (any, error) {
	st := p.srv.streamOf(ev.Origin)
	if st == nil || ev.Origin.Type() != sdk.TypeUnauthed {
		return nil, nil
	}
	if st.sasl == nil {
		return true, p.fail(ctx, st, &sasl.Failure{Condition: sasl.MalformedRequest, Text: "a response to no challenge"})
	}
	return true, p.process(ctx, st, ev.Stanza)
}

func (p *saslauth) abort(ctx context.Context, ev *sdk.Event) (any, error) {
	st := p.srv.streamOf(ev.Origin)
	if st == nil || ev.Origin.Type() != sdk.TypeUnauthed {
		return nil, nil
	}
	return true, p.fail(ctx, st, &sasl.Failure{Condition: sasl.Aborted})
}

// process takes one step of the attempt.
func (p *saslauth) process(ctx context.Context, st *stream, el *stanza.Element) error {
	message, ok := decode(el.Text())
	if !ok {
		return p.fail(ctx, st, &sasl.Failure{Condition: sasl.IncorrectEncoding})
	}
	reply, done, err := st.sasl.Process(ctx, message)
	switch {
	case err != nil:
		return p.fail(ctx, st, sasl.AsFailure(err))
	case !done:
		return st.send(ctx, answer("challenge", reply))
	}
	username, ok := jid.Nodeprep(st.sasl.Username(), true)
	if !ok || username == "" {
		return p.fail(ctx, st, &sasl.Failure{Condition: sasl.NotAuthorized, Text: "the user name is not allowed"})
	}
	st.sasl = nil
	st.authenticated(ctx, username, "")
	st.restart(ctx)
	p.module.Logger().Info("client authenticated", "session", st.sess().ID(), "jid", username+"@"+st.host)
	if _, err := p.module.Fire(ctx, sdk.NewEvent("authentication-success", "session", sdk.Session(st.sess()))); err != nil {
		p.module.Logger().Error("authentication-success", "session", st.sess().ID(), "err", err)
	}
	return st.send(ctx, answer("success", reply))
}

// fail ends an attempt, and the stream after too many.
func (p *saslauth) fail(ctx context.Context, st *stream, f *sasl.Failure) error {
	if c, ok := st.sasl.(sasl.Claimer); ok {
		st.sess().SetClaim(c.Claimed()) // modules tell in their logs whose password is tried
		defer st.sess().SetClaim("")
	}
	st.sasl = nil
	st.failures++
	if f.Condition == sasl.NotAuthorized {
		st.guesses++
	}
	log := p.module.Logger().With("session", st.sess().ID(), "address", st.address, "condition", f.Condition)
	if f.Cause != nil {
		log.Warn("authentication failed", "err", f.Cause)
	} else {
		log.Info("authentication failed")
	}
	ev := sdk.NewEvent("authentication-failure", "session", sdk.Session(st.sess()), "condition", f.Condition)
	if f.Text != "" {
		ev.Set("text", f.Text)
	}
	if _, err := p.module.Fire(ctx, ev); err != nil {
		p.module.Logger().Error("authentication-failure", "session", st.sess().ID(), "err", err)
	}
	el := stanza.New("failure", stanza.NSSASL).AddChild(stanza.New(f.Condition, stanza.NSSASL))
	if f.Text != "" {
		el.AddChild(stanza.New("text", stanza.NSSASL, "xml:lang", "en").AddText(f.Text))
	}
	err := st.send(ctx, el)
	if attempts := p.srv.opts.LoginAttempts; attempts > 0 && (st.guesses >= attempts || st.failures >= attempts*failuresPerAttempt) {
		st.close(ctx, &stanza.StreamError{Condition: xmlstream.PolicyViolation, Text: "too many failed attempts to authenticate"})
	}
	return err
}

// decode reads the content of a SASL element: nil if there is none, empty for "=" (RFC 6120 §6.4.2).
func decode(text string) ([]byte, bool) {
	switch text {
	case "":
		return nil, true
	case "=":
		return []byte{}, true
	}
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") { // which the decoder skips, and RFC 6120 §13.9.1 does not
		return nil, false
	}
	return b, true
}

func answer(name string, reply []byte) *stanza.Element {
	el := stanza.New(name, stanza.NSSASL)
	if len(reply) > 0 {
		el.AddText(base64.StdEncoding.EncodeToString(reply))
	}
	return el
}

func element(ev *sdk.Event, name string) *stanza.Element {
	el, _ := ev.Get(name).(*stanza.Element)
	return el
}
