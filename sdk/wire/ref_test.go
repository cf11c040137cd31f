package wire_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

var roomType = &sdk.ObjectType{Name: "room", Lasting: true, Constants: []string{"jid"}, Properties: []string{"topic"}, Methods: []string{"greet"}}

// room is a lasting object.
type room struct {
	sdk.WithFace
	jid, topic string
}

func (r *room) Type() *sdk.ObjectType { return roomType }

func (r *room) Get(_ context.Context, property string) (any, error) {
	switch property {
	case "jid":
		return r.jid, nil
	case "topic":
		return r.topic, nil
	}
	return nil, nil
}

func (r *room) Set(_ context.Context, property string, value any) error {
	if s, ok := value.(string); ok && property == "topic" {
		r.topic = s
		return nil
	}
	return sdk.MethodError(r, property, sdk.ErrNoProperty)
}

func (r *room) Call(_ context.Context, method string, args ...any) ([]any, error) {
	if method != "greet" {
		return nil, sdk.MethodError(r, method, sdk.ErrNoMethod)
	}
	return append([]any{r}, args...), nil
}

func TestObjects(t *testing.T) {
	p := newPair(t, nil)
	r := &room{jid: "a@b", topic: "love"}
	p.pluginRoot.invoke = func(_ context.Context, c *wire.Invocation) ([]any, error) {
		if c.Method == "is it you" {
			return []any{c.Args.At(0) == any(r)}, nil
		}
		return []any{r, r}, nil
	}
	ctx := background(t)
	results, err := call(ctx, p.server, "get")
	if err != nil || results[0] != results[1] {
		t.Fatalf("got %v, %v", results, err)
	}
	o := results[0].(sdk.Object)
	if jid, err := o.Get(ctx, "jid"); jid != "a@b" || err != nil || o.Type().Name != "room" || !o.Type().Lasting {
		t.Errorf("jid %v, %v, type %+v", jid, err, o.Type())
	}
	if err := o.Set(ctx, "topic", "hate"); err != nil || r.topic != "hate" {
		t.Errorf("topic %q, %v", r.topic, err)
	}
	if err := o.Set(ctx, "other", 1.0); !errors.Is(err, sdk.ErrNoProperty) {
		t.Errorf("an unknown property: %v", err)
	}
	if _, err := o.Call(ctx, "fly"); !errors.Is(err, sdk.ErrNoMethod) {
		t.Errorf("an unknown method: %v", err)
	}
	if results, err := o.Call(ctx, "greet", "you"); err != nil || results[0] != any(o) || results[1] != "you" {
		t.Errorf("greet: %v, %v", results, err)
	}
	if results, err := call(ctx, p.server, "is it you", o); err != nil || results[0] != true {
		t.Errorf("at home it is %v, %v", results, err)
	}
}

// A lasting object is there, with what hangs on it, until its owner has it no more; nobody's holding it keeps it with the owner.
func TestLastingObjects(t *testing.T) {
	p := newPair(t, nil)
	rooms := map[string]*room{"a": {jid: "a"}}
	p.pluginRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) { return []any{rooms["a"]}, nil }
	ctx := background(t)
	get := func() sdk.Object {
		results, err := call(ctx, p.server, "get")
		if err != nil {
			t.Fatal(err)
		}
		return results[0].(sdk.Object)
	}
	get().(sdk.Faced).SetFace(t, "mine")
	runtime.GC()
	runtime.GC()
	held := get()
	if got := held.(sdk.Faced).Face(t); got != "mine" {
		t.Errorf("the face is %v", got)
	}
	delete(rooms, "a")
	eventually(t, func() bool {
		runtime.GC()
		_, err := held.Get(ctx, "topic")
		return errors.Is(err, sdk.ErrGone)
	})
}

// eventually waits until garbage has been collected and the other side been told.
func eventually(t *testing.T, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !f(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not happen")
		}
	}
}

// What nobody has any more is given back, and only as often as it was given.
func TestReleases(t *testing.T) {
	p := newPair(t, nil)
	alive := make(chan struct{})
	p.pluginRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) {
		f := sdk.Func(func(context.Context, ...any) ([]any, error) { return []any{"called"}, nil })
		runtime.AddCleanup(&f, func(int) {}, 0)
		big := &struct{ f sdk.Function }{f}
		runtime.AddCleanup(big, func(int) {}, 0)
		watch := new([64]byte)
		runtime.AddCleanup(watch, func(int) { close(alive) }, 0)
		return []any{sdk.Func(func(context.Context, ...any) ([]any, error) { return []any{len(watch)}, nil })}, nil
	}
	ctx := background(t)
	results, err := call(ctx, p.server, "get")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := results[0].(sdk.Function).Call(ctx); err != nil || got[0] != 64.0 {
		t.Fatalf("got %v, %v", got, err)
	}
	results = nil
	eventually(t, func() bool {
		runtime.GC()
		select {
		case <-alive:
			return true
		default:
			return false
		}
	})
}

// Frames that no honest program sends end the stream, or are errors of their own.
func TestBadFrames(t *testing.T) {
	for name, test := range map[string]struct {
		frame *pb.Frame
		want  string // the end of the stream; "" if it goes on
	}{
		"nothing":               {&pb.Frame{}, "unknown kind"},
		"a second hello":        {&pb.Frame{Body: &pb.Frame_Hello{Hello: &pb.Hello{}}}, "unknown kind"},
		"a call without number": {&pb.Frame{Body: &pb.Frame_Call{Call: &pb.Call{Method: "x"}}}, "without a number"},
		"an unknown answer":     {&pb.Frame{Id: 99, Body: &pb.Frame_Return{Return: &pb.Return{}}}, ""},
		"an unknown release":    {&pb.Frame{Body: &pb.Frame_Release{Release: &pb.Release{Id: 7, Count: 1}}}, "not given so often"},
		"a type twice":          {&pb.Frame{Body: &pb.Frame_Type{Type: &pb.TypeDef{Id: 1}}}, "described twice"},
		"an unknown target":     {&pb.Frame{Id: 1, Body: &pb.Frame_Call{Call: &pb.Call{Target: 12345}}}, ""},
		"an unknown handle": {&pb.Frame{Id: 1, Body: &pb.Frame_Call{Call: &pb.Call{Args: []*pb.Value{
			{Kind: &pb.Value_Ref{Ref: &pb.Ref{Id: 5, Yours: true}}}}}}}, ""},
		"a malformed stanza": {&pb.Frame{Lane: []byte("x"), Body: &pb.Frame_Cast{Cast: &pb.Cast{Method: "send", Args: []*pb.Value{
			{Kind: &pb.Value_Stanza{Stanza: []byte("<message")}}}}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			gone := make(chan struct{})
			defer close(gone)
			up, down := make(chan []byte, 64), make(chan []byte, 64)
			server := wire.NewPeer(&pipe{out: up, in: down, gone: gone}, wire.Options{Root: &root{invoke: echo}})
			plugin := &pipe{out: down, in: up, gone: gone}
			ended := make(chan error, 1)
			go func() { ended <- server.Run([]*pb.Frame{{Body: &pb.Frame_Type{Type: &pb.TypeDef{Id: 1}}}}) }()
			if err := plugin.Send(&pb.Batch{Frames: []*pb.Frame{test.frame, {Body: &pb.Frame_Ping{Ping: &pb.Ping{Number: 1}}}}}); err != nil {
				t.Fatal(err)
			}
			if test.want != "" {
				if err := <-ended; !strings.Contains(err.Error(), test.want) {
					t.Errorf("ended with %v", err)
				}
				return
			}
			for {
				b, err := plugin.Recv()
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range b.GetFrames() {
					if f.GetPong() != nil {
						return
					}
				}
			}
		})
	}
}

// A sender waits for credit; one that does not is ended.
func TestCredit(t *testing.T) {
	p := newPair(t, func(server, plugin *wire.Options) {
		server.Credit, plugin.CreditGiven = 1000, 1000
	})
	release := make(chan struct{})
	ran := make(chan struct{}, 1000)
	p.serverRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) {
		<-release
		ran <- struct{}{}
		return nil, nil
	}
	text := strings.Repeat("x", 100)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	sent := 0
	for ; p.plugin.Cast(ctx, "lane", 0, "send", text) == nil; sent++ {
	}
	if sent < 8 || sent > 10 {
		t.Errorf("%d were sent", sent)
	}
	close(release)
	for range sent {
		<-ran
	}
	for range 100 {
		if err := p.plugin.Cast(background(t), "lane", 0, "send", text); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCreditExceeded(t *testing.T) {
	p := newPair(t, func(server, _ *wire.Options) { server.Credit, server.MaxFrame = 1000, 1000 })
	release := make(chan struct{})
	defer close(release)
	p.serverRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) {
		<-release
		return nil, nil
	}
	for p.plugin.Cast(background(t), "lane", 0, "send", strings.Repeat("x", 100)) == nil {
		select {
		case err := <-p.ended:
			if !strings.Contains(err.Error(), "beyond its credit of 1000") {
				t.Errorf("ended with %v", err)
			}
			return
		default:
		}
	}
}

func TestFramesThatAreTooLarge(t *testing.T) {
	p := newPair(t, func(server, _ *wire.Options) { server.MaxFrame = 1000 })
	p.pluginRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) { return []any{"small"}, nil }
	if _, err := call(background(t), p.server, "x", strings.Repeat("x", 2000)); !errors.Is(err, wire.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	p.serverRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) { return []any{strings.Repeat("x", 2000)}, nil }
	if _, err := call(background(t), p.plugin, "x"); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("an answer that is too large: %v", err)
	}
}
