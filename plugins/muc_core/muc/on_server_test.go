package muc_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// TestOnServer tries what the package says, on the rooms of either twin.
func TestOnServer(t *testing.T) {
	tests := map[string]func(t *testing.T, twin string){
		"EventsOfRooms":          eventsOfRooms,
		"OccupantsOfRooms":       occupantsOfRooms,
		"AffiliationsOfRooms":    affiliationsOfRooms,
		"RegisteredNicksOfRooms": registeredNicksOfRooms,
		"SettingsOfRooms":        settingsOfRooms,
		"ChangingRoomsTogether":  changingRoomsTogether,
		"TalkingInRooms":         talkingInRooms,
		"ExtendingRooms":         extendingRooms,
		"MakingRooms":            makingRooms,
	}
	for _, twin := range []string{"lua", "go"} {
		for name, test := range tests {
			t.Run(twin+"/"+name, func(t *testing.T) { test(t, twin) })
		}
	}
}

func nothing(context.Context, *extension) error { return nil }

// must is a value without error.
func must[T any](t *testing.T, what string) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return v
	}
}

func eventsOfRooms(t *testing.T, twin string) {
	var told []string
	note := func(ctx context.Context, what string, who muc.Occupant) (any, error) {
		if who.IsZero() {
			told = append(told, what)
			return nil, nil
		}
		nick, err := who.Nick(ctx)
		told = append(told, what+" "+nick)
		return nil, err
	}
	s := onServer(t, twin, func(_ context.Context, e *extension) error {
		muc.On(e.m, 0, func(ctx context.Context, ev muc.RoomPreCreate) (any, error) {
			return note(ctx, "before the room", muc.Occupant{})
		})
		muc.On(e.m, 0, func(ctx context.Context, ev muc.RoomCreated) (any, error) { return note(ctx, "room", ev.Creator()) })
		muc.On(e.m, 0, func(ctx context.Context, ev muc.RoomLocked) (any, error) { return note(ctx, "locked", muc.Occupant{}) })
		muc.On(e.m, 0, func(ctx context.Context, ev muc.RoomUnlocked) (any, error) {
			return note(ctx, "unlocked", muc.Occupant{})
		})
		muc.On(e.m, 0, func(ctx context.Context, ev muc.PreJoin) (any, error) {
			if ev.IsNewRoom() != (ev.Stanza.From() == romeo) || !ev.IsFirstSession() || ev.Room().JID(ctx) != garden {
				t.Errorf("%s joins: %v, %v", ev.Stanza.From(), ev.IsNewRoom(), ev.IsFirstSession())
			}
			return note(ctx, "before", ev.Occupant())
		})
		muc.On(e.m, 0, func(ctx context.Context, ev muc.Joined) (any, error) { return note(ctx, "joined", ev.Occupant()) })
		muc.On(e.m, 0, func(ctx context.Context, ev muc.SessionNew) (any, error) {
			return note(ctx, "session of "+ev.FullJID()+" "+ev.OccupantJID(), muc.Occupant{})
		})
		muc.On(e.m, 0, func(ctx context.Context, ev muc.PreLeave) (any, error) { return note(ctx, "leaves", ev.Occupant()) })
		muc.On(e.m, 0, func(ctx context.Context, ev muc.Left) (any, error) { return note(ctx, "left", ev.Occupant()) })
		muc.On(e.m, 1, func(ctx context.Context, ev muc.RoomPreDestroy) (any, error) {
			ev.SetReason("it rains")
			return note(ctx, "is to end", muc.Occupant{})
		})
		muc.On(e.m, 1, func(ctx context.Context, ev muc.RoomDestroyed) (any, error) {
			return note(ctx, "ended as "+ev.Reason(), muc.Occupant{})
		})
		return nil
	})
	s.send(stanza.Presence("from", juliet, "to", garden+"/Juliet", "type", "unavailable"))
	if err := s.room().Destroy(s.ctx, "", "", ""); err != nil {
		t.Error(err)
	}
	want := []string{
		"locked", "before the room", "before Romeo", "joined Romeo", "session of " + romeo + " " + garden + "/Romeo", "room Romeo",
		"unlocked", "before Juliet", "joined Juliet", "session of " + juliet + " " + garden + "/Juliet",
		"leaves Juliet", "left Juliet", "is to end", "left Romeo", "ended as it rains",
	}
	if !slices.Equal(told, want) {
		t.Errorf("got  %q\nwant %q", told, want)
	}
	if room, err := s.rooms.Get(s.ctx, garden); err != nil || !room.IsZero() {
		t.Errorf("the room is still there: %v, %v", room, err)
	}
}

func occupantsOfRooms(t *testing.T, twin string) {
	s := onServer(t, twin, nothing)
	room, ctx := s.room(), s.ctx
	byNick := must[muc.Occupant](t, "by nick")(room.OccupantByNick(ctx, garden+"/Juliet"))
	byJID := must[muc.Occupant](t, "by JID")(room.OccupantByRealJID(ctx, juliet))
	for _, o := range []muc.Occupant{byNick, byJID} {
		sessions := must[map[string]*stanza.Element](t, "sessions")(o.Sessions(ctx))
		presence := must[*stanza.Element](t, "presence")(o.Presence(ctx, ""))
		got := []any{
			must[string](t, "nick")(o.Nick(ctx)), must[string](t, "bare JID")(o.BareJID(ctx)), must[string](t, "real JID")(o.RealJID(ctx)),
			must[muc.Role](t, "role")(o.Role(ctx)), len(sessions), sessions[juliet] != nil, presence != nil,
		}
		if want := []any{"Juliet", "juliet@localhost", juliet, muc.Participant, 1, true, true}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	all := must[[]muc.Occupant](t, "occupants")(room.Occupants(ctx))
	nobody := must[muc.Occupant](t, "nobody")(room.OccupantByNick(ctx, garden+"/Nurse"))
	occupantJID := must[string](t, "occupant JID")(room.OccupantJID(ctx, juliet))
	if len(all) != 2 || !nobody.IsZero() || occupantJID != garden+"/Juliet" || !must[bool](t, "has")(room.HasOccupant(ctx)) {
		t.Errorf("%v, %v, %q", all, nobody, occupantJID)
	}
	if taken := must[bool](t, "taken")(room.IsTakenByOther(ctx, garden+"/Juliet", "romeo@localhost")); !taken {
		t.Error("the nick is Juliet's")
	}
	err := room.RenameOccupant(ctx, garden+"/Juliet", garden+"/Rosaline")
	if role := must[muc.Role](t, "role")(room.Role(ctx, garden+"/Rosaline")); err != nil || role != muc.Participant {
		t.Errorf("renamed: %v, %q", err, role)
	}
	if err := room.Kick(ctx, garden+"/Rosaline", "enough"); err != nil {
		t.Error(err)
	}
	if role := must[muc.Role](t, "role")(room.Role(ctx, garden+"/Rosaline")); role != muc.NoRole {
		t.Errorf("kicked: %q", role)
	}
	var gone *stanza.Error
	if err := room.Kick(ctx, garden+"/Rosaline", ""); !errors.As(err, &gone) || gone.Condition != stanza.ItemNotFound {
		t.Errorf("kicked again: %v", err)
	}
}

func affiliationsOfRooms(t *testing.T, twin string) {
	var told []string
	s := onServer(t, twin, func(_ context.Context, e *extension) error {
		muc.On(e.m, 5, func(ctx context.Context, ev muc.PreSetAffiliation) (any, error) {
			if ev.JID() == "tybalt@localhost" {
				ev.Veto(stanza.NewError(stanza.PolicyViolation, ""))
				return nil, nil
			}
			data, err := ev.Data(ctx)
			if data != nil {
				data["added"] = true
				ev.SetData(data)
			}
			return nil, errors.Join(err, ev.OnceSaved(ctx, func(context.Context) error {
				told = append(told, "saved")
				return nil
			}))
		})
		muc.On(e.m, 0, func(_ context.Context, ev muc.AffiliationSet) (any, error) {
			told = append(told, string(ev.Previous())+"→"+string(ev.Affiliation()))
			return nil, nil
		})
		muc.OnPart(e.m, "mood", 0, func(_ context.Context, ev muc.AffiliationDataSet) (any, error) {
			told = append(told, ev.Key()+" "+ev.Value().(string))
			return nil, nil
		})
		return nil
	})
	room, ctx := s.room(), s.ctx
	told = nil
	err := errors.Join(
		room.SetAffiliation(ctx, romeo, "juliet@localhost", muc.Member, "", muc.Data{"hats": map[string]any{"urn:example:hat": map[string]any{"title": "Heir"}}}),
		room.SetAffiliationValue(ctx, "juliet@localhost", "mood", "merry"),
	)
	a := must[muc.Affiliation](t, "affiliation")(room.Affiliation(ctx, juliet))
	data := must[muc.Data](t, "data")(room.AffiliationData(ctx, "juliet@localhost"))
	hats, _ := sdk.Field(ctx, data["hats"], "urn:example:hat")
	if err != nil || a != muc.Member || data["added"] != true || data["mood"] != "merry" || sdk.Text(ctx, hats, "title") != "Heir" {
		t.Errorf("%v, %v, %v", err, a, data)
	}
	if want := []string{"saved", "none→member", "mood merry"}; !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
	owners := must[[]muc.Affiliate](t, "owners")(room.Affiliates(ctx, muc.Owner))
	all := must[[]muc.Affiliate](t, "all")(room.Affiliates(ctx, ""))
	if len(owners) != 1 || owners[0].JID != "romeo@localhost" || len(all) != 2 {
		t.Errorf("%v, %v", owners, all)
	}
	refusals := map[stanza.Condition]error{
		stanza.NotAllowed:      room.SetAffiliation(ctx, juliet, "romeo@localhost", muc.None, "", nil),
		stanza.Conflict:        room.SetAffiliation(ctx, romeo, "romeo@localhost", muc.None, "", nil),
		stanza.PolicyViolation: room.SetAffiliation(ctx, romeo, "tybalt@localhost", muc.Owner, "", nil),
		stanza.NotAcceptable:   room.SetAffiliation(ctx, romeo, "juliet@localhost", "king", "", nil),
	}
	for condition, err := range refusals {
		if e, ok := err.(*stanza.Error); !ok || e.Condition != condition {
			t.Errorf("want %s, got %v", condition, err)
		}
	}
	if err := room.SetAffiliation(ctx, muc.Service, "juliet@localhost", muc.Member, "", muc.Data{}); err != nil {
		t.Error(err)
	}
	if nick := must[string](t, "nick")(room.RegisteredNick(ctx, "juliet@localhost")); nick != "" {
		t.Errorf("a nick %q", nick)
	}
	data = must[muc.Data](t, "data")(room.AffiliationData(ctx, "juliet@localhost"))
	if len(data) != 0 {
		t.Errorf("data that was cleared: %v", data)
	}
}

// What a plugin reserves through the affiliation is a registered nick.
func registeredNicksOfRooms(t *testing.T, twin string) {
	s := onServer(t, twin, nothing)
	room, ctx := s.room(), s.ctx
	err := room.SetAffiliation(ctx, muc.Service, "juliet@localhost", muc.Member, "", muc.Data{"reserved_nickname": "Juliet"})
	nick := must[string](t, "nick")(room.RegisteredNick(ctx, "juliet@localhost"))
	holder := must[string](t, "holder")(room.RegisteredJID(ctx, "Juliet"))
	if err != nil || nick != "Juliet" || holder != "juliet@localhost" {
		t.Errorf("%v, %q, %q", err, nick, holder)
	}
}

func settingsOfRooms(t *testing.T, twin string) {
	s := onServer(t, twin, nothing)
	room, ctx := s.room(), s.ctx
	changed := must[bool](t, "name")(room.SetName(ctx, "Garden"))
	again := must[bool](t, "name")(room.SetName(ctx, "Garden"))
	if !changed || again || must[string](t, "name")(room.Name(ctx)) != "Garden" {
		t.Errorf("%v, %v", changed, again)
	}
	must[bool](t, "moderated")(room.SetModerated(ctx, true))
	must[bool](t, "history")(room.SetHistoryLength(ctx, 3))
	must[bool](t, "whois")(room.SetWhois(ctx, muc.WhoisAnyone))
	must[bool](t, "subject")(room.SetSubject(ctx, garden+"/Romeo", "Roses"))
	from, subject, err := room.Subject(ctx)
	got := []any{
		must[bool](t, "moderated")(room.Moderated(ctx)), must[bool](t, "hidden")(room.Hidden(ctx)), must[int](t, "history")(room.HistoryLength(ctx)),
		must[string](t, "whois")(room.Whois(ctx)), must[muc.Role](t, "role")(room.DefaultRole(ctx, muc.None)),
		must[bool](t, "anonymous")(room.IsAnonymousFor(ctx, juliet)), must[bool](t, "locked")(room.IsLocked(ctx)), from, subject, err,
	}
	if want := []any{true, true, 3, muc.WhoisAnyone, muc.Visitor, false, false, garden + "/Romeo", "Roses", nil}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// All or nothing.
func changingRoomsTogether(t *testing.T, twin string) {
	s := onServer(t, twin, nothing)
	room, ctx := s.room(), s.ctx
	refused := stanza.NewError(stanza.Conflict, "no")
	var told []string
	change := func(name string, result error) error {
		return room.ChangeTogether(ctx, func(ctx context.Context) error {
			_, err := room.SetName(ctx, name)
			later := must[bool](t, "later")(room.SaveLater(ctx))
			if !later {
				t.Error("this is not saved later")
			}
			tell := func(what string) func(context.Context) error {
				return func(context.Context) error { told = append(told, what+" "+name); return nil }
			}
			return errors.Join(err, room.OnceSaved(ctx, tell("saved")), room.UnlessSaved(ctx, tell("not saved")), result)
		})
	}
	if err := change("Orchard", refused); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	name := must[string](t, "name")(room.Name(ctx))
	if err := change("Garden", nil); err != nil || name != "" || must[string](t, "name")(room.Name(ctx)) != "Garden" {
		t.Errorf("%v, %q", err, name)
	}
	if want := []string{"not saved Orchard", "saved Garden"}; !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
}

func talkingInRooms(t *testing.T, twin string) {
	s := onServer(t, twin, func(_ context.Context, e *extension) error {
		muc.On(e.m, 10, func(ctx context.Context, ev muc.Groupchat) (any, error) {
			switch ev.Stanza.ChildText("body", "") {
			case "rude":
				return ev.Refuse(ctx, stanza.NewError(stanza.PolicyViolation, ""))
			case "wrong":
				return nil, stanza.NewError(stanza.PolicyViolation, "")
			}
			return nil, nil
		})
		muc.On(e.m, 0, func(_ context.Context, ev muc.BroadcastMessage) (any, error) {
			if ev.Stanza.ChildText("body", "") == "secret" {
				return true, nil
			}
			return nil, nil
		})
		return nil
	})
	room, ctx := s.room(), s.ctx
	moderators := func(ctx context.Context, _ string, o muc.Occupant) bool {
		role, _ := o.Role(ctx)
		return role == muc.Moderator
	}
	message := func(body string) *stanza.Element { return stanza.Message(body, "from", garden, "type", "groupchat") }
	err := errors.Join(
		room.BroadcastMessage(ctx, message("all")), room.Broadcast(ctx, message("everybody"), nil),
		room.Broadcast(ctx, message("moderators"), moderators),
		room.Send(ctx, stanza.Message("one", "from", garden, "to", juliet)),
		room.SendTo(ctx, must[muc.Occupant](t, "Romeo")(room.OccupantByNick(ctx, garden+"/Romeo")), stanza.Message("Romeo", "from", garden)),
		room.BroadcastMessage(ctx, message("secret")),
	)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, st := range s.audience.take() {
		body := st.ChildText("body", "")
		got[body] = append(got[body], strings.Split(st.To(), "@")[0])
		slices.Sort(got[body])
	}
	both := []string{"juliet", "romeo"}
	want := map[string][]string{"all": both, "everybody": both, "moderators": {"romeo"}, "one": {"juliet"}, "Romeo": {"romeo"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	say := func(body string) { s.send(stanza.Message(body, "from", juliet, "to", garden, "type", "groupchat")) }
	if say("polite"); len(s.heard("polite")) != 2 {
		t.Error("what is polite is not heard by both")
	}
	for _, body := range []string{"rude", "wrong"} {
		if say(body); !slices.Equal(s.errors(), []stanza.Condition{stanza.PolicyViolation}) {
			t.Errorf("%q was not refused", body)
		}
	}
}

// Owners find the setting in the form, and everybody finds it in what the room says about itself.
func extendingRooms(t *testing.T, twin string) {
	setting := muc.Setting{Field: dataform.Text("urn:example:motto", "Motto", "none yet")}
	s := onServer(t, twin, func(ctx context.Context, e *extension) error {
		setting.Offer(e.m)
		muc.On(e.m, 0, func(ctx context.Context, ev muc.DiscoInfo) (any, error) {
			motto, err := setting.Text(ctx, ev.Room())
			ev.AddFeature("urn:example:motto")
			return nil, errors.Join(err, ev.AddField(ctx, dataform.Text("urn:example:motto", "Motto", motto)))
		})
		return e.rooms.AddMethod(ctx, "get_motto", func(ctx context.Context, room muc.Room, _ []any) ([]any, error) {
			motto, err := setting.Text(ctx, room)
			return []any{motto}, err
		})
	})
	ask := func(typ string, query *stanza.Element) string {
		s.audience.take()
		s.send(stanza.IQ(typ, "q", "from", romeo, "to", garden).AddChild(query))
		heard := s.audience.take()
		if len(heard) == 0 {
			t.Fatal("no answer")
		}
		return xml(heard[0])
	}
	if form := ask("get", stanza.New("query", muc.NSOwner)); !strings.Contains(form, `<value>none yet</value>`) {
		t.Errorf("the form lacks the motto:\n%s", form)
	}
	submitted := dataform.New(muc.NSRoomConfig, "")
	submitted.Type = dataform.TypeSubmit
	submitted.Set("urn:example:motto", "love")
	if answer := ask("set", stanza.New("query", muc.NSOwner).AddChild(submitted.Element())); !strings.Contains(answer, `type="result"`) {
		t.Errorf("the form is refused: %s", answer)
	}
	info := ask("get", stanza.New("query", muc.NSDiscoInfo))
	for _, want := range []string{`<feature var="urn:example:motto"/>`, `<value>love</value>`} {
		if !strings.Contains(info, want) {
			t.Errorf("the room does not say %s:\n%s", want, info)
		}
	}
	if results, err := s.room().Call(s.ctx, "get_motto"); err != nil || results[0] != "love" {
		t.Errorf("%v, %v", results, err)
	}
}

func makingRooms(t *testing.T, twin string) {
	s := onServer(t, twin, nothing)
	made, err := s.rooms.Create(s.ctx, "hall@"+service, map[string]any{"name": "Hall", "persistent": true})
	if err != nil || made.JID(s.ctx) != "hall@"+service {
		t.Fatalf("%v, %v", made, err)
	}
	if _, err := s.rooms.Create(s.ctx, "hall@"+service, nil); err == nil {
		t.Error("it is there already")
	}
	if found, err := s.rooms.Get(s.ctx, "hall@"+service); err != nil || found != made {
		t.Errorf("%v is another than %v: %v", found, made, err)
	}
	names := must[map[string]string](t, "names")(s.rooms.Names(s.ctx))
	if want := map[string]string{garden: "", "hall@" + service: "Hall"}; !reflect.DeepEqual(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	for _, all := range []func(context.Context) func(func(muc.Room, error) bool){
		func(ctx context.Context) func(func(muc.Room, error) bool) { return s.rooms.All(ctx) },
		func(ctx context.Context) func(func(muc.Room, error) bool) { return s.rooms.Live(ctx) },
	} {
		var jids []string
		for room, err := range all(s.ctx) {
			if err != nil {
				t.Fatal(err)
			}
			jids = append(jids, room.JID(s.ctx))
		}
		slices.Sort(jids)
		if want := []string{garden, "hall@" + service}; !slices.Equal(jids, want) {
			t.Errorf("got %q, want %q", jids, want)
		}
	}
}
