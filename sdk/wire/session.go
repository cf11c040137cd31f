package wire

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
	"quatrain/xmpp/stanza"
)

// sessionFields are what is told of a session with each reference to it.
var sessionFields = [...]struct {
	name []byte
	get  func(sdk.Session) string
}{
	{[]byte("id"), sdk.Session.ID}, {[]byte("type"), sdk.Session.Type}, {[]byte("username"), sdk.Session.Username},
	{[]byte("host"), sdk.Session.Host}, {[]byte("resource"), sdk.Session.Resource}, {[]byte("jid"), sdk.Session.JID},
}

// sessionConstants are the fields that are not empty, all in one piece of memory: there is a reference to a session with each stanza.
func sessionConstants(s sdk.Session) []*pb.Entry {
	all := &struct {
		list    [len(sessionFields)]*pb.Entry
		entries [len(sessionFields)]pb.Entry
		values  [len(sessionFields)]stringValue
	}{}
	n := 0
	for i := range sessionFields {
		text := sessionFields[i].get(s)
		if text == "" {
			continue
		}
		v, e := &all.values[n], &all.entries[n]
		v.kind.String_ = []byte(text)
		v.value.Kind = &v.kind
		e.Name, e.Value = sessionFields[i].name, &v.value
		all.list[n] = e
		n++
	}
	return all.list[:n]
}

// appendSession appends the fields for Ref.session.
func appendSession(dst []byte, s sdk.Session) []byte {
	for i := range sessionFields {
		dst = appendField(dst, sessionFields[i].get(s))
	}
	return dst
}

// appendField appends one field, and the zero byte that ends it; there is none in an honest one.
func appendField(dst []byte, text string) []byte {
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	return append(append(dst, text...), 0)
}

// session is a session of the server's, in a plugin. What it says of itself is as of when the plugin was last told of it.
type session struct {
	Remote
	said string // as in Ref.session; Remote.mu guards it
	face atomic.Value
}

func (s *session) ID() string       { return s.field(0) }
func (s *session) Type() string     { return s.field(1) }
func (s *session) Username() string { return s.field(2) }
func (s *session) Host() string     { return s.field(3) }
func (s *session) Resource() string { return s.field(4) }
func (s *session) JID() string      { return s.field(5) }

// field is what the session says by its place in sessionFields.
func (s *session) field(i int) string {
	s.mu.Lock()
	rest := s.said
	s.mu.Unlock()
	for ; i > 0; i-- {
		_, rest, _ = strings.Cut(rest, "\x00")
	}
	text, _, _ := strings.Cut(rest, "\x00")
	return text
}

// update takes what the session says now, which is nearly always the same.
func (s *session) update(ref *pb.Ref, constants map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	said := ref.GetSession()
	if said == nil {
		for i := range sessionFields {
			text, _ := constants[string(sessionFields[i].name)].(string)
			said = appendField(said, text)
		}
	}
	if string(said) != s.said {
		s.said = string(said)
	}
}

// Send queues the stanza. That the session has ended meanwhile is no error here.
func (s *session) Send(ctx context.Context, st *stanza.Element) error {
	return s.peer.Cast(ctx, Lane(st.From()), s.id, "Send", st)
}

// Lane is the lane of what is sent by, or to, an address.
func Lane(address string) string {
	if address == "" {
		return "-"
	}
	bare, _, _ := strings.Cut(address, "/")
	return bare
}

func (s *session) Close(ctx context.Context, reason *stanza.StreamError) {
	var args []any
	if reason != nil {
		args = []any{reason.Condition, reason.Text}
	}
	_, _ = s.ask(ctx, "Close", args...) // the server logs what it refuses
}

func (s *session) Field(name string) (any, bool) {
	results, err := s.ask(context.Background(), "Field", name)
	if err != nil {
		return nil, false
	}
	return Args(results).At(0), Args(results).Bool(1)
}

func (s *session) SetField(name string, value any) bool {
	results, err := s.ask(context.Background(), "SetField", name, value)
	return err == nil && Args(results).Bool(0)
}

func (s *session) AddFilter(kind string, priority float64, f sdk.Filter) (remove func()) {
	filter := sdk.Func(func(ctx context.Context, args ...any) ([]any, error) { return []any{f(ctx, Args(args).At(0))}, nil })
	v, err := first(s.ask(context.Background(), "AddFilter", kind, priority, filter))
	undo, ok := v.(sdk.Function)
	if err != nil || !ok {
		return func() {}
	}
	return func() { _, _ = undo.Call(context.Background()) } // the session may be gone
}

type box struct{ v any }

func (s *session) Face() any {
	b, _ := s.face.Load().(box)
	return b.v
}

func (s *session) SetFace(v any) { s.face.Store(box{v}) }

// invokeSession is the other end of session's methods.
func invokeSession(ctx context.Context, s sdk.Session, method string, a Args) ([]any, error) {
	switch method {
	case "Send":
		st := a.Stanza(0)
		if st == nil {
			return nil, fmt.Errorf("sending to session %q: no stanza", s.ID())
		}
		_ = s.Send(ctx, st) // a session that has ended is no fault
		return nil, nil
	case "Close":
		var reason *stanza.StreamError
		if len(a) > 0 {
			reason = &stanza.StreamError{Condition: a.Text(0), Text: a.Text(1)}
		}
		s.Close(ctx, reason)
		return nil, nil
	case "Field":
		v, known := s.Field(a.Text(0))
		return []any{v, known}, nil
	case "SetField":
		return []any{s.SetField(a.Text(0), a.At(1))}, nil
	case "AddFilter":
		f, ok := a.At(2).(sdk.Function)
		if !ok {
			return nil, fmt.Errorf("a filter without a function")
		}
		remove := s.AddFilter(a.Text(0), a.Number(1), func(ctx context.Context, data any) any {
			v, err := first(f.Call(ctx, data))
			if err != nil {
				return data // whoever owns the filter is gone, or has failed and logs it
			}
			return v
		})
		return []any{sdk.Func(func(context.Context, ...any) ([]any, error) {
			remove()
			return nil, nil
		})}, nil
	}
	return nil, fmt.Errorf("session: %w: %q", sdk.ErrNoMethod, method)
}

// roster is a contact list of the server's, in a plugin.
type roster struct{ Remote }

func (r *roster) list(method string) []any {
	v, err := first(r.ask(context.Background(), method))
	if err != nil {
		return nil
	}
	list, _ := v.([]any)
	return list
}

func (r *roster) Version() string {
	v, _ := first(r.ask(context.Background(), "Version"))
	s, _ := v.(string)
	return s
}

func (r *roster) Item(jid string) (sdk.RosterItem, bool) {
	v, _ := first(r.ask(context.Background(), "Item", jid))
	m, ok := v.(map[string]any)
	return rosterItem(m), ok
}

func (r *roster) Items() (items []sdk.RosterItem) {
	for _, v := range r.list("Items") {
		m, _ := v.(map[string]any)
		items = append(items, rosterItem(m))
	}
	return items
}

func (r *roster) Pending() []string { return texts(any(r.list("Pending"))) }

func rosterItem(m map[string]any) (i sdk.RosterItem) {
	i.JID, _ = m["jid"].(string)
	i.Name, _ = m["name"].(string)
	i.Subscription, _ = m["subscription"].(string)
	i.Ask, i.Approved = m["ask"] == true, m["approved"] == true
	i.Groups = texts(m["groups"])
	return i
}

func rosterMap(i sdk.RosterItem) map[string]any {
	return map[string]any{"jid": i.JID, "name": i.Name, "subscription": i.Subscription, "ask": i.Ask, "approved": i.Approved, "groups": i.Groups}
}

// invokeRoster is the other end of roster's methods.
func invokeRoster(r sdk.Roster, method string, a Args) ([]any, error) {
	switch method {
	case "Version":
		return []any{r.Version()}, nil
	case "Item":
		if i, ok := r.Item(a.Text(0)); ok {
			return []any{rosterMap(i)}, nil
		}
		return []any{nil}, nil
	case "Items":
		list := []any{}
		for _, i := range r.Items() {
			list = append(list, rosterMap(i))
		}
		return []any{list}, nil
	case "Pending":
		return []any{r.Pending()}, nil
	}
	return nil, fmt.Errorf("roster: %w: %q", sdk.ErrNoMethod, method)
}

var (
	_ sdk.Session = (*session)(nil)
	_ sdk.Roster  = (*roster)(nil)
)
