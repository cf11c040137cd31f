package load

import (
	"fmt"
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
		people[i] = connect(b, p, false)
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

func registration(n int64) string {
	return fmt.Sprintf("<iq to='guild@%s' type='set' id='r'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"+
		"<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#register</value></field>"+
		"<field var='muc#register_roomnick'><value>nick%d</value></field></x></query></iq>", service, n)
}
