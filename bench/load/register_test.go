package load

import (
	"fmt"
	"regexp"
	"sync/atomic"
	"testing"
)

const (
	registered  = 100 // members of the room
	registering = 20  // of them, at once
)

// BenchmarkRegister is members of a persistent room who register one nick after the other, each waiting for the answer: the room is kept each time.
func BenchmarkRegister(b *testing.B) {
	p := start(b)
	owner := connect(b, p, false)
	owner.join("guild", "owner")
	owner.say(fmt.Sprintf("<iq to='guild@%s' type='set' id='u'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>"+
		"<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"+
		"<field var='muc#roomconfig_persistentroom'><value>1</value></field></x></query></iq>", service))
	owner.until("id='u'")
	var answers, next atomic.Int64
	people := make([]*client, registered)
	for i := range people {
		people[i] = newMember(b, p, owner)
		people[i].watch(counted("type='result'", &answers))
		people[i].say(registration(next.Add(1)))
		await(b, &answers, int64(i)+1)
	}
	total := answers.Load()
	before, after := p.busy(func() {
		for b.Loop() {
			for _, c := range people[:registering] {
				c.say(registration(next.Add(1)))
			}
			total += registering
			await(b, &answers, total)
		}
	})
	report(b, before, after, int64(b.N)*registering, "nick")
	b.ReportMetric(0, "ns/op")
}

var bareTo = regexp.MustCompile(` to='([^/']+)/`)

// newMember is somebody whom the owner has made a member. An answer tells which address he has.
func newMember(b *testing.B, p *process, owner *client) *client {
	c := connect(b, p, false)
	c.say(registration(0))
	jid := bareTo.FindStringSubmatch(c.until("</iq>"))
	owner.say(fmt.Sprintf("<iq to='guild@%s' type='set' id='m'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='%s'/></query></iq>",
		service, jid[1]))
	owner.until("id='m'")
	return c
}

func registration(n int64) string {
	return fmt.Sprintf("<iq to='guild@%s' type='set' id='r'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"+
		"<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#register</value></field>"+
		"<field var='muc#register_roomnick'><value>nick%d</value></field></x></query></iq>", service, n)
}
