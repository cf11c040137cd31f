package roster

import (
	"maps"
	"slices"
	"strings"

	"quatrain/host/internal/storage/value"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Prosody's layout: contact → {subscription, ask, name, groups = {group = true}, approved}, and under the key false what belongs to
// the roster: {version, pending = {contact = true or the request}}.

// data is what is stored of a roster; nil if there is nothing.
func (c *contents) data() any {
	items := maps.Clone(c.items)
	maps.DeleteFunc(items, func(_ string, item sdk.RosterItem) bool { return item.Virtual })
	if len(items) == 0 && len(c.pending) == 0 && c.version == 0 {
		return nil
	}
	pending := sdk.Data{}
	for jid, st := range c.pending {
		pending[jid] = true
		if st != nil {
			pending[jid] = stanzaData(st)
		}
	}
	d := sdk.Data{false: sdk.Data{"version": float64(c.version), "pending": pending}}
	for jid, item := range items {
		d[jid] = itemData(item)
	}
	return d
}

func itemData(item sdk.RosterItem) sdk.Data {
	groups := sdk.Data{}
	for _, g := range item.Groups {
		groups[g] = true
	}
	d := sdk.Data{"subscription": item.Subscription, "groups": groups}
	if item.Name != "" {
		d["name"] = item.Name
	}
	if item.Ask {
		d["ask"] = "subscribe"
	}
	if item.Approved {
		d["approved"] = "true"
	}
	return d
}

// stanzaData is an element as a table: name, attr, and the children as its list part.
func stanzaData(st *stanza.Element) sdk.Data {
	attr := sdk.Data{}
	for _, a := range st.Attrs {
		attr[strings.ReplaceAll(a.Name, "\x01", "|")] = a.Value
	}
	d := sdk.Data{"name": st.Name, "attr": attr}
	for i, n := range st.Nodes {
		if n.Element != nil {
			d[float64(i+1)] = stanzaData(n.Element)
		} else {
			d[float64(i+1)] = n.Text
		}
	}
	return d
}

// read is what a stored roster of a user holds. self is left out: nobody is his own contact.
func read(stored any, self string) *contents {
	c := &contents{items: map[string]sdk.RosterItem{}, pending: map[string]*stanza.Element{}}
	d, _ := stored.(sdk.Data)
	for k, v := range d {
		entry, _ := v.(sdk.Data)
		switch k := k.(type) {
		case bool:
			c.readMeta(entry)
		case string:
			if _, is := entry["subscription"].(string); is && k != "" && k != self {
				c.items[k] = readItem(k, entry)
			} else if k == "pending" { // where Prosody had it before 0.10
				c.readPending(entry)
			}
		}
	}
	return c
}

func (c *contents) readMeta(d sdk.Data) {
	if v, ok := d["version"].(float64); ok {
		c.version = int(v)
	}
	pending, _ := d["pending"].(sdk.Data)
	c.readPending(pending)
}

func (c *contents) readPending(d sdk.Data) {
	for k, v := range d {
		jid, ok := k.(string)
		if !ok {
			continue
		}
		st, err := value.Stanza(v)
		if err != nil { // true: the request itself was not kept
			st = nil
		}
		c.pending[jid] = st
	}
}

func readItem(jid string, d sdk.Data) sdk.RosterItem {
	item := sdk.RosterItem{JID: jid, Subscription: None}
	item.Name, _ = d["name"].(string)
	switch s := d["subscription"].(string); s {
	case To, From, Both:
		item.Subscription = s
	}
	item.Ask = d["ask"] == "subscribe"
	item.Approved = d["approved"] == "true" || d["approved"] == true
	if groups, ok := d["groups"].(sdk.Data); ok {
		for k := range maps.Keys(groups) {
			if g, ok := k.(string); ok {
				item.Groups = append(item.Groups, g)
			}
		}
	}
	slices.Sort(item.Groups)
	return item
}
