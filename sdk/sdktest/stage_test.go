package sdktest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/sdktest"
	"quatrain/xmpp/stanza"
)

// counter counts the messages of each sender. It shows what a plugin can do, and is what both ways are compared with.
type counter struct {
	m     sdk.Module
	store sdk.Keyval
	log   sdk.Archive
}

func (p *counter) Load(ctx context.Context, m sdk.Module) error {
	p.m = m
	s, err := m.OpenStore(ctx, "", sdk.KindKeyval)
	if err != nil {
		return err
	}
	p.store = s.(sdk.Keyval)
	if s, err = m.OpenStore(ctx, "log", sdk.KindArchive); err != nil {
		return err
	}
	p.log = s.(sdk.Archive)
	m.AddItem(ctx, "feature", "urn:example:counter")
	m.Serve("message/host", 0, p.message)
	m.Hook("counter-get", 0, func(ctx context.Context, ev *sdk.Event) (any, error) { return p.store.Get(ctx, ev.String("user")) })
	m.Hook("iq-get/host/urn:example:ask:ask", 0, p.ask)
	return nil
}

func (p *counter) message(ctx context.Context, ev *sdk.Event) (any, error) {
	user := ev.Origin.Username()
	if ev.Stanza.ChildText("body", "") == "refuse me" {
		return nil, stanza.NewError(stanza.PolicyViolation, "as you like")
	}
	if _, err := p.log.Append(ctx, user, "", ev.Stanza, time.Unix(1000, 0), user); err != nil {
		return nil, err
	}
	old, err := p.store.Get(ctx, user)
	if err != nil {
		return nil, err
	}
	n, _ := old.(float64)
	seen := sdk.NewEvent("counter-seen", "user", user, "count", n+1)
	if result, err := p.m.Fire(ctx, seen); result != nil || err != nil {
		return result, err
	}
	if err := p.store.Set(ctx, user, seen.Get("count")); err != nil {
		return nil, err
	}
	word, _ := p.m.Option("counter_word").(string)
	return true, p.m.Send(ctx, nil, stanza.Message(fmt.Sprint(word, " ", seen.Get("count")), "from", p.m.Host(), "to", ev.Stanza.From()))
}

// ask asks the client back.
func (p *counter) ask(ctx context.Context, ev *sdk.Event) (any, error) {
	question := stanza.IQ("get", "q", "from", p.m.Host(), "to", ev.Stanza.From()).Tag("why", "urn:example:ask").Reset()
	request, origin := ev.Stanza, ev.Origin
	p.m.SendIQ(ctx, nil, question, 0, func(ctx context.Context, reply *sdk.Event, err error) {
		answer := stanza.Reply(request)
		if err != nil {
			answer = stanza.ErrorReply(request, stanza.NewError(stanza.UndefinedCondition, err.Error()))
		}
		_ = origin.Send(ctx, answer)
	})
	return true, nil
}

func (p *counter) Export(context.Context, string) (any, error) { return p.m.Name(), nil }

func newCounter() sdk.Plugin { return &counter{} }

func TestBothWays(t *testing.T) {
	o := sdktest.Options{Name: "counter", Config: map[string]any{"counter_word": "number"}}
	sdktest.Each(t, newCounter, o, func(t *testing.T, s *sdktest.Stage) {
		romeo := s.Client("romeo@localhost/balcony")
		for _, want := range []string{"number 1", "number 2"} {
			romeo.Say(stanza.Message("hi", "to", "localhost"))
			if got := romeo.Next().ChildText("body", ""); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		s.Restart()
		unhook := s.Hook("counter-seen", 1, func(_ context.Context, ev *sdk.Event) (any, error) {
			ev.Set("count", ev.Get("count").(float64)*10)
			return nil, nil
		})
		romeo.Say(stanza.Message("hi", "to", "localhost"))
		if got := romeo.Next().ChildText("body", ""); got != "number 30" {
			t.Errorf("with a handler of another plugin: %q", got)
		}
		unhook()
		if got, err := s.Fire(sdk.NewEvent("counter-get", "user", "romeo")); got != 30.0 || err != nil {
			t.Errorf("stored: %v, %v", got, err)
		}
		romeo.Say(stanza.Message("refuse me", "to", "localhost"))
		if e := stanza.ParseError(romeo.Next()); e == nil || e.Condition != stanza.PolicyViolation || e.Text != "as you like" {
			t.Errorf("refused with %v", e)
		}
		if items := s.Module().Items("feature"); !slices.Equal(items, []any{"urn:example:counter"}) {
			t.Errorf("items %v", items)
		}
		if name, err := s.Plugin().(sdk.Exporter).Export(s.Context(), "name"); name != "counter" || err != nil {
			t.Errorf("export: %v, %v", name, err)
		}
		archived(t, s)
	})
}

func archived(t *testing.T, s *sdktest.Stage) {
	store, err := s.Module().OpenStore(s.Context(), "log", sdk.KindArchive)
	if err != nil {
		t.Fatal(err)
	}
	list, total, err := store.(sdk.Archive).Find(s.Context(), "romeo", sdk.ArchiveQuery{Total: true, Limit: 1, Reverse: true})
	if err != nil || total != 3 || len(list) != 1 || list[0].ID != "3" || !list[0].When.Equal(time.Unix(1000, 0)) || list[0].Stanza.ChildText("body", "") != "hi" {
		t.Errorf("archived: %v, %d, %v", list, total, err)
	}
}

func TestRequests(t *testing.T) {
	sdktest.Each(t, newCounter, sdktest.Options{}, func(t *testing.T, s *sdktest.Stage) {
		romeo := s.Client("romeo@localhost/balcony")
		for _, kind := range []string{"result", "error"} {
			romeo.Say(stanza.IQ("get", "1", "to", "localhost").Tag("ask", "urn:example:ask").Reset())
			question := romeo.Next()
			if question.Type() != "get" || len(question.Tags) == 0 || question.Tags[0].Name != "why" {
				t.Fatalf("asked %s", question)
			}
			answer := stanza.Reply(question)
			if kind == "error" {
				answer = stanza.ErrorReply(question, stanza.NewError(stanza.Forbidden, ""))
			}
			romeo.Say(answer)
			if got := romeo.Next(); got.Type() != kind || got.ID() != "1" {
				t.Errorf("got %s, want %s", got, kind)
			}
		}
	})
}

func TestPluginThatRefuses(t *testing.T) {
	s := sdktest.New(t, sdktest.Options{})
	if err := s.TryLoad(refuser{}); err == nil || err.Error() != "no" {
		t.Errorf("got %v", err)
	}
	if s.Module().Loaded() {
		t.Error("it is loaded")
	}
}

type refuser struct{}

func (refuser) Load(context.Context, sdk.Module) error { return errors.New("no") }
