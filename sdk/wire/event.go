package wire

import (
	"bytes"
	"context"
	"reflect"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
	"quatrain/xmpp/stanza"
)

// encodeEvent makes an event ready to be sent.
func (p *Peer) encodeEvent(ctx context.Context, ev *sdk.Event) (*pb.Event, error) {
	e := &pb.Event{Name: ev.Name}
	if ev.ToSelf {
		e.ToSelf = &ev.ToSelf
	}
	if ev.Stanza != nil {
		e.Stanza = xml(ev.Stanza)
	}
	var err error
	if ev.Origin != nil {
		if e.Origin, err = p.referOrigin(ctx, ev.Origin); err != nil {
			return nil, err
		}
	}
	eachValue(ev, func(name string, value any) bool {
		var v *pb.Value
		if v, err = p.encode(ctx, value); err != nil {
			return false
		}
		e.Values = append(e.Values, &pb.Entry{Name: []byte(name), Value: v})
		return true
	})
	if f, ok := ev.Values().(sdk.FurtherValues); ok && err == nil {
		if o := f.Further(); o != nil {
			e.Further, err = p.refer(ctx, o)
		}
	}
	return e, err
}

// values are the values of an event that has further ones elsewhere.
type values struct {
	sdk.Values
	ctx     context.Context
	further sdk.Object
}

func (v *values) Further() sdk.Object { return v.further }

// Get asks for a value that was not sent.
func (v *values) Get(name string) any {
	if x := v.Values.Get(name); x != nil {
		return x
	}
	x, err := v.further.Get(v.ctx, name)
	if err != nil {
		return nil // its owner is gone, or has logged why it failed
	}
	return x
}

// referOrigin refers to a session, or to the object that stands in the place of one.
func (p *Peer) referOrigin(ctx context.Context, s sdk.Session) (*pb.Ref, error) {
	if o, ok := s.(*sdk.ObjectSession); ok {
		return p.refer(ctx, o.Object())
	}
	return p.refer(ctx, s)
}

// eachValue goes over the named values. They are gathered first, since a value may be one that can only be looked at elsewhere.
func eachValue(ev *sdk.Event, f func(name string, value any) bool) {
	values := ev.Values()
	if values == nil {
		return
	}
	type named struct {
		name  string
		value any
	}
	var all []named
	values.Each(func(name string, value any) bool {
		if value != nil {
			all = append(all, named{name, value})
		}
		return true
	})
	for _, n := range all {
		if !f(n.name, n.value) {
			return
		}
	}
}

// snapshot is an event as it arrived.
type snapshot struct {
	wire   *pb.Event
	origin sdk.Session
	values map[string]was
}

// was is a named value as it arrived.
type was struct {
	wire  *pb.Value
	value any
}

// decodeEvent is an event that was received, and what is needed to find out later how it has changed.
func (p *Peer) decodeEvent(ctx context.Context, e *pb.Event) (*sdk.Event, *snapshot, error) {
	ev := &sdk.Event{Name: e.GetName(), ToSelf: e.GetToSelf()}
	before := &snapshot{wire: e}
	var err error
	if len(e.GetStanza()) > 0 {
		if ev.Stanza, err = parse(e.GetStanza()); err != nil {
			return nil, nil, err
		}
	}
	if e.GetOrigin() != nil {
		origin, err := p.deref(e.GetOrigin())
		if err != nil {
			return nil, nil, err
		}
		ev.Origin = sdk.OriginOf(ctx, origin)
		before.origin = ev.Origin
	}
	if len(e.GetValues()) > 0 {
		before.values = make(map[string]was, len(e.GetValues()))
	}
	for _, entry := range e.GetValues() {
		v, err := p.decode(entry.GetValue())
		if err != nil {
			return nil, nil, err
		}
		ev.Set(string(entry.GetName()), v)
		before.values[string(entry.GetName())] = was{entry.GetValue(), v}
	}
	if e.GetFurther() != nil {
		further, err := p.deref(e.GetFurther())
		if err != nil {
			return nil, nil, err
		}
		if o, ok := further.(sdk.Object); ok {
			ev.Set("", nil) // there are values now
			ev.Adopt(&values{ev.Values(), ctx, o})
		}
	}
	return ev, before, nil
}

// changes is what has become of an event, nil if nothing has.
func (p *Peer) changes(ctx context.Context, ev *sdk.Event, before *snapshot) (*pb.Event, error) {
	e, changed := &pb.Event{}, false
	if now := printed(ev.Stanza); !bytes.Equal(now, before.wire.GetStanza()) {
		e.Stanza, changed = append([]byte{}, now...), true
	}
	if ev.ToSelf != before.wire.GetToSelf() {
		e.ToSelf, changed = &ev.ToSelf, true
	}
	if ev.Origin != before.origin && ev.Origin != nil {
		var err error
		if e.Origin, err = p.referOrigin(ctx, ev.Origin); err != nil {
			return nil, err
		}
		changed = true
	}
	var err error
	seen := 0
	eachValue(ev, func(name string, value any) bool {
		old, there := before.values[name]
		if there {
			seen++
			if p.unchanged(old.wire, old.value, value) {
				return true
			}
		}
		var v *pb.Value
		if v, err = p.encode(ctx, value); err != nil {
			return false
		}
		e.Values = append(e.Values, &pb.Entry{Name: []byte(name), Value: v})
		return true
	})
	if err != nil {
		return nil, err
	}
	if seen < len(before.values) {
		for name := range before.values {
			if ev.Get(name) == nil {
				e.Values = append(e.Values, &pb.Entry{Name: []byte(name), Value: &pb.Value{}})
			}
		}
	}
	if !changed && len(e.Values) == 0 {
		return nil, nil
	}
	return e, nil
}

func printed(e *stanza.Element) []byte {
	if e == nil {
		return nil
	}
	return xml(e)
}

// unchanged is whether a value is what it was when it arrived as w and was decoded as old.
func (p *Peer) unchanged(w *pb.Value, old, now any) bool {
	switch now := now.(type) {
	case bool, float64, string:
		return old == now
	case *stanza.Element:
		return bytes.Equal(w.GetStanza(), xml(now))
	case *stanza.Error:
		return old == any(now)
	}
	if w.GetRef() != nil {
		return same(old, now)
	}
	return p.equal(w, now)
}

// same is whether two values that may be anything are one and the same.
func same(a, b any) bool {
	return a != nil && b != nil && reflect.TypeOf(a).Comparable() && reflect.TypeOf(b).Comparable() && a == b
}

// equal compares what was received with a value of ours, without sending anything.
func (p *Peer) equal(w *pb.Value, v any) bool {
	switch k := w.GetKind().(type) {
	case nil:
		return v == nil
	case *pb.Value_Bool:
		return v == any(k.Bool)
	case *pb.Value_Number:
		return v == any(k.Number)
	case *pb.Value_String_:
		s, ok := v.(string)
		return ok && s == string(k.String_)
	case *pb.Value_Stanza:
		e, ok := v.(*stanza.Element)
		return ok && bytes.Equal(k.Stanza, printed(e))
	case *pb.Value_Ref:
		return same(p.peek(k.Ref), v)
	case *pb.Value_List:
		list, ok := v.([]any)
		return ok && p.equalList(k.List.GetValues(), list)
	case *pb.Value_Map:
		m, ok := v.(map[string]any)
		if !ok || len(m) != len(k.Map.GetEntries()) {
			return false
		}
		for _, e := range k.Map.GetEntries() {
			if x, there := m[string(e.GetName())]; !there || !p.equal(e.GetValue(), x) {
				return false
			}
		}
		return true
	}
	return false // seldom enough to be sent back
}

func (p *Peer) equalList(values []*pb.Value, list []any) bool {
	if len(values) != len(list) {
		return false
	}
	for i, v := range values {
		if !p.equal(v, list[i]) {
			return false
		}
	}
	return true
}

// applyChanges makes an event of ours what the other side has made of it. Stanzas stay the same elements.
func (p *Peer) applyChanges(ctx context.Context, ev *sdk.Event, e *pb.Event) error {
	if e.Stanza != nil {
		var now *stanza.Element
		if len(e.Stanza) > 0 {
			var err error
			if now, err = parse(e.Stanza); err != nil {
				return err
			}
		}
		if ev.Stanza != nil && now != nil {
			ev.Stanza.Become(now)
		} else {
			ev.Stanza = now
		}
	}
	if e.ToSelf != nil {
		ev.ToSelf = *e.ToSelf
	}
	if e.Origin != nil {
		origin, err := p.deref(e.Origin)
		if err != nil {
			return err
		}
		if s := sdk.OriginOf(ctx, origin); s != nil {
			ev.Origin = s
		}
	}
	for _, entry := range e.GetValues() {
		v, err := p.decode(entry.GetValue())
		if err != nil {
			return err
		}
		name := string(entry.GetName())
		old, wasStanza := ev.Get(name).(*stanza.Element)
		if now, ok := v.(*stanza.Element); ok && wasStanza && old != nil {
			path := now.Path()
			old.Become(now)
			old.SetPath(path)
			continue
		}
		ev.Set(name, v)
	}
	return nil
}
