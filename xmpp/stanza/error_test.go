package stanza

import (
	"errors"
	"testing"
)

func TestErrorReply(t *testing.T) {
	const open = `<iq to='a' from='b' id='1' type='error'><error type=`
	const ns = ` xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'`
	tests := []struct {
		name string
		err  *Error
		want string
	}{
		{"usual type", NewError(ItemNotFound, ""), open + `'cancel'><item-not-found` + ns + `/></error></iq>`},
		{"text", NewError(Forbidden, "no"), open + `'auth'><forbidden` + ns + `/><text` + ns + `>no</text></error></iq>`},
		{"by", &Error{Type: Wait, Condition: Conflict, By: "c"}, open + `'wait' by='c'><conflict` + ns + `/></error></iq>`},
		{"by the answerer", &Error{Type: Wait, Condition: Conflict, By: "b"}, open + `'wait'><conflict` + ns + `/></error></iq>`},
		{"gone", &Error{Type: Cancel, Condition: Gone, URI: "xmpp:d"}, open + `'cancel'><gone` + ns + `>xmpp:d</gone></error></iq>`},
		{"redirect", &Error{Type: Modify, Condition: Redirect, URI: "xmpp:d"}, open + `'modify'><redirect` + ns + `>xmpp:d</redirect></error></iq>`},
		{"application", &Error{Type: Cancel, Condition: Conflict, App: New("x", "urn:x")}, open + `'cancel'><conflict` + ns + `/><x xmlns='urn:x'/></error></iq>`},
		{"zero", &Error{}, open + `'cancel'><undefined-condition` + ns + `/></error></iq>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			st := IQ("get", "1", "from", "a", "to", "b").Tag("query", "urn:q").Reset()
			reply := ErrorReply(st, tt.err)
			if got := reply.String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			got := ParseError(reply)
			if again := ErrorReply(st, got).String(); again != tt.want {
				t.Errorf("read and written: %s", again)
			}
		})
	}
}

func TestNoErrorForErrors(t *testing.T) {
	if r := ErrorReply(IQ("error", "1"), NewError(Conflict, "")); r != nil {
		t.Errorf("got %s", r)
	}
}

func TestParseError(t *testing.T) {
	if e := ParseError(IQ("result", "1")); e != nil {
		t.Errorf("got %v", e)
	}
	e := ParseError(IQ("error", "1").Tag("error", "", "type", "wait").Reset())
	if e == nil || e.Type != Wait || e.Condition != UndefinedCondition {
		t.Errorf("got %+v", e)
	}
}

func TestErrorText(t *testing.T) {
	var err error = NewError(Conflict, "taken")
	if err.Error() != "conflict: taken" || NewError(Gone, "").Error() != "gone" {
		t.Errorf("got %q", err)
	}
	var se *Error
	if !errors.As(err, &se) || se.Type != Cancel {
		t.Errorf("got %+v", se)
	}
}

func TestStreamError(t *testing.T) {
	e := &StreamError{Condition: "not-well-formed", Text: "why"}
	want := `<error xmlns='http://etherx.jabber.org/streams'><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>` +
		`<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>why</text></error>`
	if got := e.Element().String(); got != want || e.Error() != "stream error not-well-formed: why" {
		t.Errorf("got %s, %v", got, e)
	}
}

func TestStreamErrorsWithoutCondition(t *testing.T) {
	for _, condition := range []string{"", "not well-formed", "x/><evil", "-x", "Ümlaut"} {
		e := &StreamError{Condition: condition}
		want := "<stream:error><undefined-condition xmlns='" + NSStreamErrors + "'/></stream:error>"
		if got := string(e.AppendXML(nil)); got != want {
			t.Errorf("%q: %s", condition, got)
		}
	}
}
