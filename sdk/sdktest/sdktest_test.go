package sdktest

import (
	"context"
	"errors"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// sample does a little of everything.
type sample struct {
	m     sdk.Module
	words sdk.Keyval
	saved string
}

func newSample() sdk.Plugin { return &sample{} }

func (p *sample) Load(ctx context.Context, m sdk.Module) error {
	if m.Option("refuse") == true {
		return errors.New("not today")
	}
	store, err := m.OpenStore(ctx, "", sdk.KindKeyval)
	if err != nil {
		return err
	}
	p.m, p.words = m, store.(sdk.Keyval)
	p.saved, _ = m.Kept()["word"].(string)
	m.AddItem(ctx, "feature", "urn:sample")
	m.Serve("message/host", 0, p.hear)
	m.Hook("iq-get/host/urn:sample:ask", 0, p.ask)
	return nil
}

func (p *sample) Save(context.Context) (any, error) { return p.saved, nil }

func (p *sample) Restore(_ context.Context, state any) error {
	p.saved, _ = state.(string)
	return nil
}

// hear does what the body says.
func (p *sample) hear(ctx context.Context, ev *sdk.Event) (any, error) {
	reply := func(text string) (any, error) {
		return true, ev.Origin.Send(ctx, stanza.Reply(ev.Stanza).TextTag("body", "", text))
	}
	switch body := ev.Stanza.ChildText("body", ""); body {
	case "":
		return nil, nil
	case "fail":
		return nil, errors.New("as you like it")
	case "panic":
		panic("the wood moves")
	case "refuse":
		return nil, stanza.NewError(stanza.NotAllowed, "no")
	case "option":
		text, _ := p.m.Option("word").(string)
		return reply(text)
	case "stored":
		v, err := p.words.Get(ctx, "romeo")
		if err != nil {
			return nil, err
		}
		text, _ := v.(sdk.Data)["word"].(string)
		return reply(text)
	case "saved":
		return reply(p.saved)
	case "tell":
		return true, p.m.Broadcast(ctx, []string{"juliet@localhost", "nurse@verona.example"}, stanza.Message("news", "from", p.m.Host()))
	case "later":
		p.m.AddTimer(time.Millisecond, func(ctx context.Context) time.Duration {
			p.m.Send(ctx, nil, stanza.Message("late", "from", p.m.Host(), "to", ev.Stanza.From()))
			return 0
		})
		return true, nil
	default:
		p.saved = body
		p.m.Keep("word", body)
		return true, p.words.Set(ctx, "romeo", sdk.Data{"word": body})
	}
}

// ask asks somebody else before it answers.
func (p *sample) ask(ctx context.Context, ev *sdk.Event) (any, error) {
	if !p.m.May(ctx, ":ask", sdk.Actor{Session: ev.Origin}, true) {
		return nil, stanza.NewError(stanza.Forbidden, "")
	}
	question := stanza.IQ("get", "q1", "from", p.m.Host(), "to", "oracle.example").Tag("ask", "urn:sample")
	p.m.SendIQ(ctx, nil, question, 0, func(ctx context.Context, reply *sdk.Event, err error) {
		st := stanza.Reply(ev.Stanza)
		if err == nil {
			st = st.TextTag("answer", "urn:sample", reply.Stanza.ChildText("answer", "urn:sample"))
		}
		ev.Origin.Send(ctx, st)
	})
	return true, nil
}

func TestBothWays(t *testing.T) {
	Run(t, newSample, Options{Settings: map[string]any{"word": "rose"}}, func(t *testing.T, s *Server) {
		romeo, juliet := s.Client("romeo@localhost/orchard"), s.Client("juliet@localhost/balcony")
		say := func(body string) { romeo.Says("<message to='localhost' id='m'><body>" + body + "</body></message>") }
		answers := func(body, want string) {
			t.Helper()
			say(body)
			got := romeo.Received()
			if len(got) != 1 || got[0].ChildText("body", "") != want {
				t.Errorf("%s: want %q, got %v", body, want, got)
			}
		}
		refused := func(body string, want stanza.Condition) {
			t.Helper()
			say(body)
			got := romeo.Received()
			if len(got) != 1 || stanza.ParseError(got[0]) == nil || stanza.ParseError(got[0]).Condition != want {
				t.Errorf("%q: want %s, got %v", body, want, got)
			}
		}
		refused("", stanza.ServiceUnavailable)
		refused("fail", stanza.InternalServerError)
		refused("panic", stanza.InternalServerError)
		refused("refuse", stanza.NotAllowed)
		answers("option", "rose")
		s.Set("word", "thorn")
		answers("option", "thorn")
		if items := s.Items("feature"); len(items) != 1 || items[0] != "urn:sample" {
			t.Errorf("items: %v", items)
		}

		say("moon")
		answers("stored", "moon")
		if v, err := s.Store("").GetKey(t.Context(), "romeo", "word"); v != "moon" || err != nil {
			t.Errorf("the store has %v, %v", v, err)
		}
		if err := s.Reload(); err != nil {
			t.Fatal(err)
		}
		answers("saved", "moon")
		say("sun")
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		answers("saved", "sun")

		say("tell")
		if got := juliet.Received(); len(got) != 1 || got[0].ChildText("body", "") != "news" {
			t.Errorf("Juliet received %v", got)
		}
		if sent := s.Sent(); len(sent) != 1 || sent[0].To() != "nurse@verona.example" {
			t.Errorf("sent: %v", sent)
		}
		say("later")
		if got := romeo.Receive(); got.ChildText("body", "") != "late" {
			t.Errorf("got %s", got)
		}

		ask := "<iq type='get' id='i' to='localhost'><ask xmlns='urn:sample'/></iq>"
		romeo.Says(ask)
		if e := stanza.ParseError(romeo.Receive()); e == nil || e.Condition != stanza.Forbidden {
			t.Errorf("who may not ask is answered %v", e)
		}
		s.Allow("romeo@localhost", "plugin:ask")
		romeo.Says(ask)
		question := s.Sent()
		if len(question) != 1 || question[0].To() != "oracle.example" {
			t.Fatalf("asked: %v", question)
		}
		s.Reply(stanza.Reply(question[0]).TextTag("answer", "urn:sample", "no"))
		if got := romeo.Receive(); got.ID() != "i" || got.ChildText("answer", "urn:sample") != "no" {
			t.Errorf("got %s", got)
		}

		if err := s.Unload(); err != nil {
			t.Fatal(err)
		}
		refused("option", stanza.ServiceUnavailable)
		if items := s.Items("feature"); len(items) != 0 {
			t.Errorf("items after unloading: %v", items)
		}
	})
}

func TestAPluginThatDoesNotLoad(t *testing.T) {
	for _, make := range []func(testing.TB, func() sdk.Plugin, Options) *Server{InMemory, ThroughGRPC} {
		s := make(t, newSample, Options{Settings: map[string]any{"refuse": true}})
		if err := s.Load(); err == nil || err.Error() != "not today" {
			t.Errorf("got %v", err)
		}
	}
}
