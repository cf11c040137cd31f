package c2s

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// NewPlugin is the plugin c2s, a global one: it ends the streams of users whose account has changed.
func (srv *Server) NewPlugin() sdk.Plugin { return accountWatch{srv} }

type accountWatch struct{ srv *Server }

func (p accountWatch) Load(_ context.Context, m sdk.Module) error {
	// Before others look at who is still there.
	const early = 200
	m.HookGlobal("user-password-changed", early, p.end(xmlstream.Reset, "the password has been changed"))
	m.HookGlobal("user-role-changed", early, p.end(xmlstream.Reset, "the role has been changed"))
	m.HookGlobal("user-disabled", early, p.end(xmlstream.NotAuthorized, "the account has been disabled"))
	m.HookGlobal("user-deleted", early, p.end(xmlstream.NotAuthorized, "the account has been deleted"))
	return nil
}

// end closes the streams of {username, host}, but for that of {resource}, which asked for the change.
func (p accountWatch) end(condition, text string) sdk.Handler {
	return func(ctx context.Context, ev *sdk.Event) (any, error) {
		reason := &stanza.StreamError{Condition: condition, Text: text}
		p.srv.CloseUser(ctx, ev.String("username"), ev.String("host"), ev.String("resource"), reason)
		return nil, nil
	}
}
