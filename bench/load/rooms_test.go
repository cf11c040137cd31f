package load

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

const (
	idleRooms = 10000
	atOnce    = 100 // rooms made without waiting for an answer
)

// roomMaker makes rooms, and goes in and out.
type roomMaker struct {
	*client
	service              string
	subjects, done, gone atomic.Int64
}

func newRoomMaker(b *testing.B, p *process, service string) *roomMaker {
	m := &roomMaker{client: connect(b, p, false), service: service}
	m.watch(counted("<subject", &m.subjects), counted("id='u'", &m.done), counted("type='unavailable'", &m.gone))
	return m
}

// each says something to n rooms by their numbers, and waits until counter has grown by as much as there are rooms.
func (m *roomMaker) each(b *testing.B, n int, counter *atomic.Int64, text func(room string) string) {
	want := counter.Load() + int64(n)
	for first := 0; first < n; first += atOnce {
		var batch strings.Builder
		for i := first; i < min(first+atOnce, n); i++ {
			batch.WriteString(text(fmt.Sprintf("room%d@%s", i, m.service)))
		}
		m.say(batch.String())
		await(b, counter, want-int64(n-min(first+atOnce, n)))
	}
}

func (m *roomMaker) joinAll(b *testing.B, n int, nick string) {
	m.each(b, n, &m.subjects, func(room string) string {
		return "<presence to='" + room + "/" + nick + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
	})
}

func (m *roomMaker) leaveAll(b *testing.B, n int, nick string) {
	m.each(b, n, &m.gone, func(room string) string { return "<presence to='" + room + "/" + nick + "' type='unavailable'/>" })
}

func (m *roomMaker) keepAll(b *testing.B, n int) {
	m.each(b, n, &m.done, func(room string) string {
		return "<iq to='" + room + "' type='set' id='u'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>" +
			"<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>" +
			"<field var='muc#roomconfig_persistentroom'><value>1</value></field></x></query></iq>"
	})
}

// BenchmarkRooms is what 10,000 rooms take while nobody speaks: with nobody inside, with an occupant each, for each further occupant, and
// swapped out.
func BenchmarkRooms(b *testing.B) {
	b.Run("empty", func(b *testing.B) { benchmarkEmptyRooms(b, service) })
	b.Run("swapped", func(b *testing.B) { benchmarkEmptyRooms(b, few) })
	b.Run("occupied", benchmarkOccupiedRooms)
}

func benchmarkEmptyRooms(b *testing.B, service string) {
	p := start(b)
	m := newRoomMaker(b, p, service)
	before := p.settled()
	first, second := p.busy(func() {
		m.joinAll(b, idleRooms, "nick")
		m.keepAll(b, idleRooms)
		m.leaveAll(b, idleRooms, "nick")
	})
	after := p.settled()
	for b.Loop() { // there is nothing to repeat
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(per(after.Heap, before.Heap, idleRooms), "heap-B/room")
	b.ReportMetric(per(after.RSS, before.RSS, idleRooms), "rss-B/room")
	b.ReportMetric(perUnit(second.cpu()-first.cpu(), idleRooms), "server-µs/room")
}

func benchmarkOccupiedRooms(b *testing.B) {
	const more = 9 // further occupants of a tenth of the rooms
	p := start(b)
	m := newRoomMaker(b, p, service)
	guests := make([]*roomMaker, more)
	for i := range guests {
		guests[i] = newRoomMaker(b, p, service)
	}
	before := p.settled()
	m.joinAll(b, idleRooms, "nick")
	m.keepAll(b, idleRooms)
	full := p.settled()
	for i, guest := range guests {
		guest.joinAll(b, idleRooms/10, fmt.Sprint("guest", i))
	}
	after := p.settled()
	for b.Loop() { // there is nothing to repeat
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(per(full.Heap, before.Heap, idleRooms), "heap-B/room")
	b.ReportMetric(per(after.Heap, full.Heap, idleRooms/10*more), "heap-B/occupant")
}
