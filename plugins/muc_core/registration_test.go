package muccore

import (
	"testing"

	"quatrain/xmpp/xmlstream"
)

// Rooms read only forms that are right and have nothing but the nick; all others are another plugin's.
func TestSubmittedNick(t *testing.T) {
	const (
		formType = "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>"
		nick     = "<field var='muc#register_roomnick'><value>Nurse</value></field>"
	)
	submit := func(fields string) string {
		return "<iq type='set'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>" + fields + "</x></query></iq>"
	}
	for name, c := range map[string]struct{ stanza, nick string }{
		"right":           {submit(formType + nick), "Nurse"},
		"prepared":        {submit(formType + "<field var='muc#register_roomnick'><value>N&#x212B;</value></field>"), "NÅ"},
		"other fields":    {submit(formType + nick + "<field var='email'><value>n@v.lit</value></field>"), "Nurse"},
		"get":             {"<iq type='get'><query xmlns='jabber:iq:register'/></iq>", ""},
		"without a form":  {"<iq type='set'><query xmlns='jabber:iq:register'><username>Nurse</username></query></iq>", ""},
		"without a query": {"<iq type='set'><other xmlns='jabber:iq:register'/></iq>", ""},
		"removal":         {"<iq type='set'><query xmlns='jabber:iq:register'><remove/><x xmlns='jabber:x:data' type='submit'>" + formType + nick + "</x></query></iq>", ""},
		"cancel":          {"<iq type='set'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='cancel'>" + formType + nick + "</x></query></iq>", ""},
		"of no type":      {submit(nick), ""},
		"of another type": {submit("<field var='FORM_TYPE'><value>other</value></field>" + nick), ""},
		"of two types":    {submit("<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value><value>other</value></field>" + nick), ""},
		"no nick":         {submit(formType), ""},
		"two nicks":       {submit(formType + "<field var='muc#register_roomnick'><value>a</value><value>b</value></field>"), ""},
		"empty":           {submit(formType + "<field var='muc#register_roomnick'><value/></field>"), ""},
		"spaces":          {submit(formType + "<field var='muc#register_roomnick'><value>  </value></field>"), ""},
		"not allowed":     {submit(formType + "<field var='muc#register_roomnick'><value>a&#xE000;b</value></field>"), ""},
	} {
		st, err := xmlstream.ParseElement([]byte(c.stanza))
		if err != nil {
			t.Fatal(name, err)
		}
		if got, ok := submittedNick(st); ok != (c.nick != "") || ok && got != c.nick {
			t.Errorf("%s: %q, %v; want %q", name, got, ok, c.nick)
		}
	}
}
