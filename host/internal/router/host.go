package router

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Host is a domain of ours. It is the origin of what its modules send (sdk.Session): what is sent to it is brought on its way.
type Host struct {
	router *Router
	name   string
	typ    sdk.HostType
	bus    Bus
	face   any // only the script runtime uses it, under its own lock
}

func (h *Host) ID() string             { return h.name }
func (h *Host) Type() string           { return string(h.typ) }
func (h *Host) HostType() sdk.HostType { return h.typ }
func (h *Host) Username() string       { return "" }
func (h *Host) Host() string           { return h.name }
func (h *Host) Resource() string       { return "" }
func (h *Host) JID() string            { return h.name }
func (h *Host) Bus() Bus               { return h.bus }
func (h *Host) Face() any              { return h.face }
func (h *Host) SetFace(v any)          { h.face = v }

// Send brings the stanza on its way, as from the host that its "from" names.
func (h *Host) Send(ctx context.Context, st *stanza.Element) error {
	_, domain, _ := jid.Split(st.From())
	if from := h.router.Host(domain); from != nil {
		h = from
	}
	return h.router.Post(ctx, h, st)
}

// Close does nothing: a host has no stream.
func (h *Host) Close(context.Context, *stanza.StreamError) {}

// AddFilter does nothing: a host has no stream.
func (h *Host) AddFilter(string, float64, sdk.Filter) (remove func()) { return func() {} }

// Field reads what modules look at.
func (h *Host) Field(name string) (value any, ok bool) {
	switch name {
	case "type":
		return string(h.typ), true
	case "host", "id":
		return h.name, true
	}
	return nil, false
}

// SetField changes nothing.
func (h *Host) SetField(name string, _ any) bool { return name == "type" || name == "host" }

var _ sdk.Session = (*Host)(nil)
