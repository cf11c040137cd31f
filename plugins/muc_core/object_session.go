package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// tableSession is a table that another plugin hands over as the origin of a stanza: its function "send" gets the answers.
type tableSession struct{ table sdk.Object }

func (t tableSession) text(name string) string { return sdk.Text(context.Background(), t.table, name) }

func (t tableSession) ID() string       { return t.text("id") }
func (t tableSession) Type() string     { return t.text("type") }
func (t tableSession) Username() string { return t.text("username") }
func (t tableSession) Host() string     { return t.text("host") }
func (t tableSession) Resource() string { return t.text("resource") }
func (t tableSession) JID() string      { return t.text("full_jid") }

// Send calls the table's function "send".
func (t tableSession) Send(ctx context.Context, st *stanza.Element) error {
	_, err := sdk.CallField(ctx, t.table, "send", st)
	return err
}

// Close calls the table's method "close", if it has one.
func (t tableSession) Close(ctx context.Context, reason *stanza.StreamError) {
	_, _ = t.table.Call(ctx, "close")
}

// Field reads a field of the table.
func (t tableSession) Field(name string) (any, bool) {
	v, err := sdk.Field(context.Background(), t.table, name)
	return v, err == nil && v != nil
}

// SetField writes a field of the table.
func (t tableSession) SetField(name string, value any) bool {
	return sdk.SetField(context.Background(), t.table, name, value) == nil
}

// AddFilter does nothing: there is no stream.
func (t tableSession) AddFilter(string, float64, sdk.Filter) (remove func()) { return func() {} }

// Face is the table: to whom it came from it stays what it was.
func (t tableSession) Face() any { return nil }

// SetFace forgets it.
func (t tableSession) SetFace(any) {}

var _ sdk.Session = tableSession{}
