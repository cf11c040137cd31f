// Package offline is the built-in plugin "offline": messages for users who are not there are kept and handed over when they come
// (XEP-0160), in the archive store "offline" as Prosody keeps them.
package offline

import (
	"context"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const (
	nsDelay = "urn:xmpp:delay" // XEP-0203
	nsHints = "urn:xmpp:hints" // XEP-0334
	nsState = "http://jabber.org/protocol/chatstates"
)

type plugin struct {
	m       sdk.Module
	archive sdk.Archive
}

// New is the plugin for one VirtualHost.
func New() sdk.Plugin { return &plugin{} }

func (p *plugin) Load(ctx context.Context, m sdk.Module) error {
	store, err := m.OpenStore(ctx, "offline", sdk.KindArchive)
	if err != nil {
		return err
	}
	p.m, p.archive = m, store.(sdk.Archive)
	m.AddItem(ctx, "feature", "msgoffline")
	m.Hook("message/offline/handle", -1, p.keep) // after modules that know better
	m.Hook("message/offline/broadcast", -1, p.handOver)
	return nil
}

// keep stores a message that somebody may want to read later. Typing notifications and the like are dropped without a word (XEP-0160
// #types); who asked not to store is told that nobody is there.
func (p *plugin) keep(ctx context.Context, ev *sdk.Event) (any, error) {
	st := ev.Stanza
	switch {
	case !says(st):
		return true, nil
	case st.Child("no-store", nsHints) != nil || st.Child("no-permanent-store", nsHints) != nil:
		return nil, nil
	}
	if _, err := p.archive.Append(ctx, ev.String("username"), "", st, time.Now(), ""); err != nil {
		return nil, err
	}
	return true, nil
}

// says tells whether there is anything in a message besides the state of the chat.
func says(st *stanza.Element) bool {
	for _, c := range st.Tags {
		if c.NS() != nsState && c.Name != "thread" {
			return true
		}
	}
	return false
}

// handOver sends what was kept, oldest first, and removes it.
func (p *plugin) handOver(ctx context.Context, ev *sdk.Event) (any, error) {
	user := ev.Origin.Username()
	entries, _, err := p.archive.Find(ctx, user, sdk.ArchiveQuery{})
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	var sent []string
	for _, e := range entries {
		if e.Stanza.Child("delay", nsDelay) == nil {
			e.Stanza.AddChild(stanza.New("delay", nsDelay, "from", p.m.Host(), "stamp", e.When.UTC().Format("2006-01-02T15:04:05Z")))
		}
		if ev.Origin.Send(ctx, e.Stanza) != nil {
			break // the rest stays for the next session
		}
		sent = append(sent, e.ID)
	}
	if len(sent) == 0 {
		return true, nil
	}
	if _, err := p.archive.Delete(ctx, user, sdk.ArchiveQuery{IDs: sent}); err != nil { // not what has come meanwhile
		return nil, err
	}
	p.m.Logger().Debug("offline messages delivered", "session", ev.Origin.ID(), "count", len(sent))
	return true, nil
}
