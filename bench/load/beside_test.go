package load

import (
	"testing"
	"time"
)

// BenchmarkBesideProsody runs Prosody's own mod_muc, unchanged, in Prosody and in this server, by turns: the CPU time that each server takes for the
// same, and ours as a part of Prosody's (ratio).
func BenchmarkBesideProsody(b *testing.B) {
	b.Run("room", benchmarkRoomBeside)
	b.Run("join", benchmarkJoinBeside)
}

// benchmarkRoomBeside is a room of 200 in which five talk.
func benchmarkRoomBeside(b *testing.B) {
	const occupants, messages = 200, 500
	besides(b, "copy", func(p *process) (work func() int64) {
		room := gather(b, p, 1, occupants, senders, false)
		return func() int64 {
			room.speak(messages)
			room.listen()
			return messages * occupants
		}
	})
}

// benchmarkJoinBeside is a room that 300 enter.
func benchmarkJoinBeside(b *testing.B) {
	const occupants = 300
	besides(b, "presence", func(p *process) (work func() int64) {
		all := assemble(b, p, occupants)
		return func() int64 {
			all.enter()
			return occupants * occupants
		}
	})
}

// besides does the same work with both servers. What prepare returns does a piece of it, and tells how many units that is.
func besides(b *testing.B, unit string, prepare func(p *process) (work func() int64)) {
	names := []string{"prosody", "server"}
	servers := []*process{startProsody(b), start(b, rooms+"="+prosodysRooms)}
	var works []func() int64
	for _, p := range servers {
		works = append(works, prepare(p))
		works[len(works)-1]() // so that both are warm
	}
	var total [2]time.Duration
	var units int64
	for b.Loop() {
		for i, p := range servers {
			before, after := p.busy(func() { units += works[i]() })
			total[i] += after.cpu() - before.cpu()
		}
	}
	for i, name := range names {
		b.ReportMetric(perUnit(total[i], units/2), name+"-µs/"+unit)
	}
	b.ReportMetric(float64(total[1])/float64(total[0]), "ratio")
	b.ReportMetric(0, "ns/op")
}
