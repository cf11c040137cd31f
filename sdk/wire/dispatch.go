package wire

import (
	"context"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// dispatch does what a call asks of something of ours.
func (p *Peer) dispatch(ctx context.Context, t any, in *Invocation) ([]any, error) {
	switch t := t.(type) {
	case Target:
		return t.Invoke(ctx, in)
	case sdk.Session:
		if st := in.Args.Stanza(0); in.Method == "Send" && p.opts.MaySend != nil && st != nil {
			if err := p.opts.MaySend(st); err != nil {
				return nil, err
			}
		}
		return invokeSession(ctx, t, in.Method, in.Args)
	case sdk.Object:
		return invokeObject(ctx, t, in.Method, in.Args)
	case sdk.Function:
		args := in.Args
		if in.Event != nil {
			args = append([]any{in.Event}, args...)
		}
		return t.Call(ctx, args...)
	case sdk.Roster:
		return invokeRoster(t, in.Method, in.Args)
	case sdk.Exporter:
		return one(t.Export(ctx, in.Args.Text(0)))
	case sdk.Keyval, sdk.Map, sdk.Archive:
		return invokeStore(ctx, t, in.Method, in.Args)
	}
	return nil, fmt.Errorf("%w: %q", sdk.ErrNoMethod, in.Method)
}

// ask calls a method of a thing of the other side.
func (r *Remote) ask(ctx context.Context, method string, args ...any) ([]any, error) {
	return r.peer.Call(ctx, Request{Target: r.id, Method: method, Args: args})
}

// Ask is ask, for the packages that serve and use the wire.
func (r *Remote) Ask(ctx context.Context, method string, args ...any) ([]any, error) {
	return r.ask(ctx, method, args...)
}

// first is the first result of a call.
func first(results []any, err error) (any, error) {
	if err != nil || len(results) == 0 {
		return nil, err
	}
	return results[0], nil
}

// one makes results of a value.
func one(v any, err error) ([]any, error) { return []any{v}, err }

// Args are the arguments of a call; what was not given, or is of another type, is the zero value.
type Args []any

func (a Args) At(i int) any {
	if i >= len(a) {
		return nil
	}
	return a[i]
}

// From are the arguments from the ith on.
func (a Args) From(i int) []any {
	if i >= len(a) {
		return nil
	}
	return a[i:]
}

func (a Args) Text(i int) string {
	s, _ := a.At(i).(string)
	return s
}

func (a Args) Number(i int) float64 {
	f, _ := a.At(i).(float64)
	return f
}

func (a Args) Bool(i int) bool { return a.At(i) == true }

func (a Args) Stanza(i int) *stanza.Element {
	e, _ := a.At(i).(*stanza.Element)
	return e
}

// Session is a session, or an object in the place of one.
func (a Args) Session(ctx context.Context, i int) sdk.Session { return sdk.OriginOf(ctx, a.At(i)) }

func (a Args) Map(i int) map[string]any {
	m, _ := a.At(i).(map[string]any)
	return m
}

// Texts is a list of strings.
func (a Args) Texts(i int) []string { return texts(a.At(i)) }

func texts(v any) []string {
	if list, ok := v.([]string); ok {
		return list
	}
	list, _ := v.([]any)
	texts := make([]string, 0, len(list))
	for _, x := range list {
		if s, ok := x.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}
