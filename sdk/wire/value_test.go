package wire_test

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func TestValues(t *testing.T) {
	message := stanza.Message("hi", "to", "a@b/c", "xml:lang", "de").Tag("x", "urn:x").TextTag("y", "urn:y", "<&'\"").Up().TextTag("plain", "", "\u00fc\n\t")
	p := newPair(t, nil)
	p.pluginRoot.invoke = echo
	for name, v := range map[string]any{
		"nil": nil, "true": true, "false": false, "zero": 0.0, "number": -1.5, "infinity": math.Inf(1), "empty": "", "text": "J\u00fcliet", "not UTF-8": "\xff\x00",
		"bytes": []byte{1, 2}, "list": []any{1.0, "a", nil, []any{}}, "map": map[string]any{"a": 1.0, "": map[string]any{}},
		"data": sdk.Data{1.0: "a", "b": sdk.Data{}, true: 2.0}, "rows": sdk.Rows{{"a", 1.0}, {}},
		"error":      stanza.NewError(stanza.NotAllowed, "no"),
		"full error": &stanza.Error{Type: stanza.Modify, Condition: stanza.Gone, Text: "t", By: "a.b", URI: "xmpp:c"},
	} {
		t.Run(name, func(t *testing.T) {
			results, err := call(background(t), p.server, "echo", v)
			if err != nil || len(results) != 1 || !reflect.DeepEqual(results[0], v) {
				t.Errorf("got %#v, %v\nwant %#v", results, err, v)
			}
		})
	}
	results, err := call(background(t), p.server, "echo", message)
	if err != nil {
		t.Fatal(err)
	}
	if got := results[0].(*stanza.Element).String(); got != message.String() {
		t.Errorf("got  %s\nwant %s", got, message)
	}
}

func TestValuesThatDoNotCross(t *testing.T) {
	p := newPair(t, nil)
	p.pluginRoot.invoke = echo
	loop := []any{nil}
	loop[0] = loop
	if _, err := call(background(t), p.server, "echo", loop); err == nil || !strings.Contains(err.Error(), "nested more than") {
		t.Errorf("a list that contains itself: %v", err)
	}
	own := &struct{ n int }{1}
	results, err := call(background(t), p.server, "echo", own, own)
	if err != nil || results[0] != any(own) || results[1] != any(own) {
		t.Errorf("a value of another kind came back as %v, %v", results, err)
	}
}

// Errors keep what is known of them.
func TestErrors(t *testing.T) {
	p := newPair(t, nil)
	se := stanza.NewError(stanza.Conflict, "taken")
	for name, err := range map[string]error{"plain": errors.New("boom"), "gone": sdk.ErrGone, "method": sdk.ErrNoMethod, "property": sdk.ErrNoProperty,
		"item": sdk.ErrItemNotFound, "quota": sdk.ErrQuotaLimit, "unsupported": sdk.ErrUnsupported} {
		p.pluginRoot.invoke = failing(err)
		_, got := call(background(t), p.server, "fail")
		if got == nil || got.Error() != err.Error() || name != "plain" && !errors.Is(got, err) {
			t.Errorf("%s: got %v", name, got)
		}
	}
	p.pluginRoot.invoke = failing(se)
	if _, got := call(background(t), p.server, "fail"); !reflect.DeepEqual(got, se) {
		t.Errorf("a stanza error came as %v", got)
	}
	p.pluginRoot.invoke = failing(errors.Join(errors.New("why"), se))
	_, got := call(background(t), p.server, "fail")
	var inner *stanza.Error
	if !errors.As(got, &inner) || inner.Condition != se.Condition || !strings.HasPrefix(got.Error(), "why") {
		t.Errorf("a stanza error in another one came as %v", got)
	}
}

// The elements of the stream itself keep the prefix of their names.
func TestElementsOfTheStream(t *testing.T) {
	p := newPair(t, nil)
	p.pluginRoot.invoke = echo
	made := stanza.New("stream:features", "").Tag("register", "http://jabber.org/features/iq-register")
	results, err := call(background(t), p.server, "echo", made)
	if err != nil {
		t.Fatal(err)
	}
	if got := results[0].(*stanza.Element).String(); got != made.String() {
		t.Errorf("got  %s\nwant %s", got, made)
	}
}

// Whoever gets a stanza that is being built builds on where the builder was.
func TestStanzasThatAreBeingBuilt(t *testing.T) {
	p := newPair(t, nil)
	p.pluginRoot.invoke = echo
	for want, made := range map[string]*stanza.Element{
		"<iq><a/><new/></iq>":            stanza.New("iq", "").Tag("a", "").Up(),
		"<iq><a/><b><new/></b></iq>":     stanza.New("iq", "").TextTag("a", "", "").Tag("b", ""),
		"<iq><a><b/><new/></a><c/></iq>": stanza.New("iq", "").Tag("a", "").Tag("b", "").Up().AddChild(stanza.New("c", "")),
	} {
		results, err := call(background(t), p.server, "echo", made)
		if err != nil {
			t.Fatal(err)
		}
		got := results[0].(*stanza.Element)
		if got.Tag("new", ""); got.String() != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
