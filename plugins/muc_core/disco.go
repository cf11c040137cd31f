package muccore

import (
	"context"
	"strconv"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// What a room tells about itself (XEP-0045 #disco-roominfo, #disco-roomitems; M40–M47).

func (s *service) loadDisco(ctx context.Context) error {
	// XEP-0045 #message wants to see it on the service, too.
	s.addFeature(ctx, nsStableID)
	s.hook("muc-disco#info", 0, describeRoom)
	s.method("handle_disco_info_get_query", (*Room).ownHandleDiscoInfo)
	s.method("handle_disco_items_get_query", (*Room).ownHandleDiscoItems)
	return nil
}

// newDiscoReply is the beginning of an answer, and the node that is asked about; "" for the room itself.
func newDiscoReply(st *stanza.Element, ns string) (reply *stanza.Element, node string) {
	query := stanza.New("query", ns)
	if len(st.Tags) > 0 {
		if given, ok := st.Tags[0].LookupAttr("node"); ok {
			query.SetAttr("node", given)
			node = given
		}
	}
	return stanza.Reply(st).Open(query), node // others add to the query where the builder stands
}

// gather puts into the query what others have added beside it.
func gather(reply *stanza.Element) *stanza.Element {
	if len(reply.Tags) < 2 || reply.Type() == "error" {
		return reply.Reset()
	}
	query := reply.Tags[0]
	for _, e := range reply.Tags[1:] {
		query.AddChild(e)
	}
	kept := false
	return reply.Reset().MapTags(func(e *stanza.Element) *stanza.Element {
		if kept {
			return nil
		}
		kept = true
		return e
	})
}

// discoInfo is the answer to a query. With a node the event is that node's, and an unknown node has nothing to tell.
func (r *Room) discoInfo(ctx context.Context, st *stanza.Element) (*stanza.Element, error) {
	if f := r.replaced("get_disco_info"); f != nil {
		return elementFrom(f.Call(ctx, r, st))
	}
	return r.ownDiscoInfo(ctx, st)
}

func (r *Room) ownDiscoInfo(ctx context.Context, st *stanza.Element) (*stanza.Element, error) {
	reply, node := newDiscoReply(st, nsDiscoInfo)
	if node != "" {
		ev := r.newEvent("muc-disco#info/"+node, nil, st, "reply", reply)
		_, err := r.fire(ctx, ev)
		return replyFrom(ev, reply), err
	}
	form := newFormTable("", "", formType(nsRoomInfo))
	ev := r.newEvent("muc-disco#info", nil, st, "reply", reply, "form", form, "formdata", sdk.NewTable(nil, nil))
	if _, err := r.fire(ctx, ev); err != nil {
		return nil, err
	}
	reply = replyFrom(ev, reply)
	if ev.Get("form") == nil {
		return reply, nil
	}
	layout, err := readLayout(ctx, ev.Get("form"))
	if err != nil {
		return nil, err
	}
	values, err := sdk.Fields(ctx, ev.Get("formdata"))
	if err != nil {
		return nil, err
	}
	query := reply
	if len(reply.Tags) > 0 {
		query = reply.Tags[0]
	}
	query.AddChild(layout.element(values, "result"))
	return reply, nil
}

// replyFrom is the answer that handlers have made.
func replyFrom(ev *sdk.Event, made *stanza.Element) *stanza.Element {
	if reply, ok := ev.Get("reply").(*stanza.Element); ok {
		made = reply
	}
	return gather(made)
}

// elementFrom is the stanza that a function returns.
func elementFrom(results []any, err error) (*stanza.Element, error) {
	e, ok := first(results).(*stanza.Element)
	if err == nil && !ok {
		err = errNoStanza
	}
	return e, err
}

// discoItems is the answer to a query: occupants see each other; to the others the list is empty. So is that of any node, such as the one of
// commands (XEP-0050 #retrieve): people there would pass for commands.
func (r *Room) discoItems(ctx context.Context, st *stanza.Element) (*stanza.Element, error) {
	if f := r.replaced("get_disco_items"); f != nil {
		return elementFrom(f.Call(ctx, r, st))
	}
	return r.ownDiscoItems(ctx, st)
}

func (r *Room) ownDiscoItems(ctx context.Context, st *stanza.Element) (*stanza.Element, error) {
	reply, node := newDiscoReply(st, nsDiscoItems)
	if node != "" || r.occupantJID(st.From()) == "" {
		return reply, nil
	}
	shown, err := r.shownRoles(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range r.inOrder() {
		if shown[o.role] {
			reply.Tags[0].AddChild(stanza.New("item", "", "jid", o.nick, "name", resourceOf(o.nick)))
		}
	}
	return reply, nil
}

func describeRoom(ctx context.Context, ev roomEvent) (any, error) {
	for _, feature := range []string{nsMUC, nsStableID, nsSelfPing} {
		addDiscoFeature(ev, feature)
	}
	return nil, addDiscoField(ctx, ev, strconv.Itoa(len(ev.room.occupants)),
		map[string]any{"name": "muc#roominfo_occupants", "label": "Number of occupants"})
}

// addDiscoField adds a field and its value to the form of muc-disco#info.
func addDiscoField(ctx context.Context, ev roomEvent, value any, field map[string]any) error {
	if err := addField(ctx, ev, field); err != nil {
		return err
	}
	return setFormValue(ctx, ev, field["name"].(string), value)
}

// isTrafficUnlimited: an empty list of what passes would mean that no payloads pass (XEP-0045 #impl-service-traffic). Whoever lets only some
// pass says which in the event.
func isTrafficUnlimited(reply *stanza.Element) bool {
	query := reply.Tags[0]
	return query.Attr("node") == nsTraffic && len(query.Tags) == 0
}

func (r *Room) ownHandleDiscoInfo(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	reply, err := r.discoInfo(ctx, st)
	if err != nil {
		return false, err
	}
	if len(reply.Tags) > 0 && isTrafficUnlimited(reply) {
		reply = stanza.ErrorReply(st, refuse(stanza.Cancel, stanza.ServiceUnavailable, "All payloads pass", r.jid))
	}
	r.s.answer(ctx, origin, reply)
	return true, nil
}

func (r *Room) ownHandleDiscoItems(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	reply, err := r.discoItems(ctx, st)
	if err != nil {
		return false, err
	}
	r.s.answer(ctx, origin, reply)
	return true, nil
}
