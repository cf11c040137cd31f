package sdk

import (
	"context"
	"errors"

	"quatrain/xmpp/stanza"
)

// ObjectSession is an Object in the place of a Session: Lua modules pass a table with a function "send" for an origin, to catch what is
// answered. Over the wire and in Lua it is the object.
type ObjectSession struct {
	ctx context.Context
	o   Object
}

// OriginOf is a value as a session: itself, or an ObjectSession for an object. nil for anything else. ctx is for fields that are read.
func OriginOf(ctx context.Context, v any) Session {
	switch v := v.(type) {
	case Session:
		return v
	case Object:
		return &ObjectSession{ctx, v}
	}
	return nil
}

// Object is what stands behind.
func (s *ObjectSession) Object() Object { return s.o }

func (s *ObjectSession) text(name string) string { return Text(s.ctx, s.o, name) }

// ID implements Session.
func (s *ObjectSession) ID() string { return s.text("id") }

// Type implements Session.
func (s *ObjectSession) Type() string { return s.text("type") }

// Username implements Session.
func (s *ObjectSession) Username() string { return s.text("username") }

// Host implements Session.
func (s *ObjectSession) Host() string { return s.text("host") }

// Resource implements Session.
func (s *ObjectSession) Resource() string { return s.text("resource") }

// JID implements Session.
func (s *ObjectSession) JID() string { return s.text("full_jid") }

var errNotSent = errors.New("the origin did not take the stanza")

// Send calls the object's own "send" with the stanza.
func (s *ObjectSession) Send(ctx context.Context, st *stanza.Element) error {
	results, err := CallField(ctx, s.o, "send", st)
	if err == nil && len(results) > 0 && (results[0] == nil || results[0] == false) {
		err = errNotSent
	}
	return err
}

// Close calls the object's own "close" with the condition.
func (s *ObjectSession) Close(ctx context.Context, reason *stanza.StreamError) {
	var args []any
	if reason != nil {
		args = append(args, reason.Condition)
	}
	CallField(ctx, s.o, "close", args...) // there is nobody to tell
}

// Field implements Session.
func (s *ObjectSession) Field(name string) (any, bool) {
	v, err := s.o.Get(s.ctx, name)
	return v, err == nil && v != nil
}

// SetField implements Session.
func (s *ObjectSession) SetField(name string, value any) bool {
	return s.o.Set(s.ctx, name, value) == nil
}

// AddFilter does nothing: there is no stream.
func (s *ObjectSession) AddFilter(string, float64, Filter) (remove func()) { return func() {} }

// Face implements Session.
func (s *ObjectSession) Face() any { return nil }

// SetFace implements Session.
func (s *ObjectSession) SetFace(any) {}

var _ Session = (*ObjectSession)(nil)
