package muc

import (
	"context"

	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// DiscoInfo is fired when somebody asks what a room is (disco#info without a node).
type DiscoInfo struct{ RoomEvent }

func (DiscoInfo) EventName() string { return "muc-disco#info" }

// AddFeature and AddIdentity add to the answer.
func (e DiscoInfo) AddFeature(ns string) { e.add(stanza.New("feature", "", "var", ns)) }

func (e DiscoInfo) AddIdentity(category, typ, name string) { e.add(identity(category, typ, name)) }

// AddField adds a field to the form that describes the room (XEP-0045 #disco-roominfo).
func (e DiscoInfo) AddField(ctx context.Context, f dataform.Field) error {
	return e.addField(ctx, "form", f)
}

// DiscoNode is fired when somebody asks for a node of a room. Hook it with OnPart. A node that nobody adds anything to is empty.
type DiscoNode struct{ RoomEvent }

func (DiscoNode) EventName() string { return "muc-disco#info" }

func (e DiscoNode) AddFeature(ns string) { e.add(stanza.New("feature", "", "var", ns)) }

func (e DiscoNode) AddIdentity(category, typ, name string) { e.add(identity(category, typ, name)) }

func identity(category, typ, name string) *stanza.Element {
	i := stanza.New("identity", "", "category", category, "type", typ)
	if name != "" {
		i.SetAttr("name", name)
	}
	return i
}

// add adds a child to the answer's query.
func (e RoomEvent) add(child *stanza.Element) {
	reply, _ := e.Get("reply").(*stanza.Element)
	if reply == nil {
		return
	}
	if query := reply.Child("query", NSDiscoInfo); query != nil {
		query.AddChild(child)
	}
}
