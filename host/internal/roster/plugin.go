package roster

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

const nsVersioning = "urn:xmpp:features:rosterver"

// RFC 6121 §2.3.3 leaves limits to the server.
const (
	maxName   = 1023 // bytes of a name, and of a group's
	maxGroups = 100  // per item
)

// plugin is the built-in plugin "roster": the answers to jabber:iq:roster.
//
// It fires roster-item-removed {username, jid, item, origin, roster} before an item is removed; item is a table as stored.
type plugin struct {
	rosters *Manager
	m       sdk.Module
	limit   int
}

// New is the plugin for one VirtualHost.
func New(rosters *Manager) sdk.Plugin { return &plugin{rosters: rosters} }

func (p *plugin) Load(ctx context.Context, m sdk.Module) error {
	p.m = m
	if n, ok := m.Option("roster_limit").(float64); ok {
		p.limit = int(n)
	}
	m.AddItem(ctx, "feature", stanza.NSRoster)
	m.Hook("stream-features", 0, p.features)
	m.Hook("iq/self/"+stanza.NSRoster+":query", 0, p.query)
	m.HookGlobal("user-deleted", 300, p.deleted) // before the user's data is forgotten
	return nil
}

func (p *plugin) features(_ context.Context, ev *sdk.Event) (any, error) {
	if f, ok := ev.Get("features").(*stanza.Element); ok && ev.Origin.Username() != "" {
		f.AddChild(stanza.New("ver", nsVersioning))
	}
	return nil, nil
}

func (p *plugin) query(ctx context.Context, ev *sdk.Event) (any, error) {
	var reply *stanza.Element
	var err error
	switch ev.Stanza.Type() {
	case "get":
		return true, p.get(ctx, ev)
	case "set":
		reply, err = p.set(ctx, ev)
	}
	if e, ok := err.(*stanza.Error); ok {
		reply, err = stanza.ErrorReply(ev.Stanza, e), nil
	}
	if reply != nil {
		ev.Origin.Send(ctx, reply)
	}
	return true, err
}

// get answers with the roster, or with nothing to a client that has this version (RFC 6121 §2.6.2).
func (p *plugin) get(ctx context.Context, ev *sdk.Event) error {
	s := ev.Origin
	s.SetField("interested", true) // before the roster is read, so that no change falls in between
	r, err := p.rosters.Roster(ctx, s.Username(), s.Host())
	if err != nil {
		return err
	}
	reply := stanza.Reply(ev.Stanza)
	if ver, ok := ev.Stanza.Tags[0].LookupAttr("ver"); !ok || ver != r.Version() || ver == "" || r.Unversioned() {
		query := stanza.New("query", stanza.NSRoster, "ver", r.Version())
		for _, item := range r.Items() {
			query.AddChild(element(item))
		}
		reply.AddChild(query)
	}
	return s.Send(ctx, reply)
}

// set changes or removes one item (RFC 6121 §2.3 to §2.5).
func (p *plugin) set(ctx context.Context, ev *sdk.Event) (reply *stanza.Element, err error) {
	s := ev.Origin
	query := ev.Stanza.Tags[0]
	if len(query.Tags) != 1 || query.Tags[0].Name != "item" {
		return nil, stanza.NewError(stanza.BadRequest, "A roster set changes exactly one item")
	}
	tag := query.Tags[0]
	contact, err := jid.Parse(tag.Attr("jid"))
	switch {
	case err != nil || contact.Resource() != "":
		return nil, stanza.NewError(stanza.BadRequest, "The item needs a bare JID")
	case contact.Local() == s.Username() && contact.Domain() == s.Host():
		return nil, stanza.NewError(stanza.NotAllowed, "")
	}
	if tag.Attr("subscription") == "remove" {
		err = p.remove(ctx, s, contact.String())
	} else {
		err = p.change(ctx, s, contact.String(), tag)
	}
	if err != nil {
		return nil, err
	}
	s.Send(ctx, stanza.Reply(ev.Stanza))
	return nil, p.rosters.Push(ctx, s.Username(), s.Host(), contact.String())
}

func (p *plugin) remove(ctx context.Context, s sdk.Session, contact string) error {
	r, err := p.rosters.Roster(ctx, s.Username(), s.Host())
	if err != nil {
		return err
	}
	item, ok := r.Item(contact)
	if !ok {
		return stanza.NewError(stanza.ItemNotFound, "")
	}
	if err := p.removing(ctx, s, r, s.Username(), contact, item); err != nil {
		return err
	}
	return p.rosters.Update(ctx, s.Username(), s.Host(), contact, nil)
}

// removing lets others end the subscriptions of an item that goes.
func (p *plugin) removing(ctx context.Context, origin sdk.Session, r *Roster, username, contact string, item sdk.RosterItem) error {
	if !p.m.Bus().Has("roster-item-removed") {
		return nil
	}
	ev := sdk.NewEvent("roster-item-removed", "username", username, "jid", contact, "roster", sdk.Roster(r), "item", table(item))
	ev.Origin = origin
	_, err := p.m.Fire(ctx, ev)
	return err
}

// table is an item as modules see it in events.
func table(item sdk.RosterItem) map[string]any {
	t := map[string]any{}
	for k, v := range itemData(item) {
		t[k.(string)] = v
	}
	groups := map[string]any{}
	for _, g := range item.Groups {
		groups[g] = true
	}
	t["groups"] = groups
	return t
}

// change takes name and groups from the client and nothing else.
func (p *plugin) change(ctx context.Context, s sdk.Session, contact string, tag *stanza.Element) error {
	name := tag.Attr("name")
	groups, err := groupsOf(tag)
	if err != nil {
		return err
	}
	if len(name) > maxName {
		return stanza.NewError(stanza.NotAcceptable, "The name is too long")
	}
	full := false
	_, err = p.rosters.edit(ctx, s.Username(), s.Host(), func(c *contents) bool {
		item, had := c.items[contact]
		if !had {
			item = sdk.RosterItem{JID: contact, Subscription: None}
			full = p.limit > 0 && len(c.items) >= p.limit
		}
		item.Name, item.Groups, item.Virtual = name, groups, false
		c.items[contact] = item
		return !full
	})
	if full {
		return stanza.NewError(stanza.ResourceConstraint, "The roster is full")
	}
	return err
}

func groupsOf(tag *stanza.Element) (groups []string, err error) {
	seen := map[string]bool{}
	for g := range tag.ChildTags("group", "") {
		name := g.Text()
		switch {
		case name == "" || len(name) > maxName:
			return nil, stanza.NewError(stanza.NotAcceptable, "A group needs a name of at most 1023 bytes")
		case seen[name]:
			return nil, stanza.NewError(stanza.BadRequest, "A group is named twice")
		}
		seen[name] = true
		if groups = append(groups, name); len(groups) > maxGroups {
			return nil, stanza.NewError(stanza.NotAcceptable, "Too many groups")
		}
	}
	return groups, nil
}

// deleted ends the subscriptions of an account that is gone.
func (p *plugin) deleted(ctx context.Context, ev *sdk.Event) (any, error) {
	username := ev.String("username")
	if ev.String("host") != p.m.Host() {
		return nil, nil
	}
	r, err := p.rosters.Roster(ctx, username, p.m.Host())
	if err != nil {
		return nil, err
	}
	for _, item := range r.Items() {
		if err := p.removing(ctx, ev.Origin, r, username, item.JID, item); err != nil {
			return nil, err
		}
	}
	for _, contact := range r.Pending() {
		if _, ok := r.Item(contact); ok {
			continue
		}
		if err := p.removing(ctx, ev.Origin, r, username, contact, sdk.RosterItem{JID: contact, Subscription: None}); err != nil {
			return nil, err
		}
	}
	p.rosters.Forget(username, p.m.Host())
	return nil, nil
}
