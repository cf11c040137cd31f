package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"quatrain/host"
)

const (
	talkers   = 200
	roomSize  = 10
	talkPause = 500 * time.Millisecond // of one talker; not for order, but so that the machine has time for all
)

// TestFaults lets 200 clients talk to each other, in rooms of a plugin that is killed and stopped, and with plugins that are not attacked, while
// another plugin dies, hangs, panics and floods the server: for a minute, or a moment with -short.
func TestFaults(t *testing.T) {
	t.Parallel()
	length := time.Minute
	if testing.Short() {
		length = 5 * time.Second
	}
	p, control := startFaults(t)
	t.Cleanup(func() { p.tellDeaths(t) })
	crowd := make([]*talker, talkers)
	for i := range crowd {
		crowd[i] = newTalker(t, p.address, i)
		crowd[i].say("<presence to='" + roomOf(i) + "/nick" + strconv.Itoa(i) + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
		crowd[i].until("<subject")
		go crowd[i].listen()
	}
	stage := &faultStage{t: t, control: control, crowd: crowd, said: make([]int, talkers)}
	before := stage.status()
	stage.server = before.PID
	processes := len(childrenOf(t, stage.server))
	stop := make(chan struct{})
	var talking sync.WaitGroup
	for i := range crowd {
		talking.Go(func() { stage.talk(i, stop) })
	}
	stage.attack(length)
	close(stop)
	talking.Wait()
	stage.settle()
	stage.finalWords()
	stage.lookForLeaks(before, processes)
	p.stop()
}

// startFaults starts the server of the test.
func startFaults(t *testing.T) (*process, *host.Control) {
	t.Helper()
	folder, err := filepath.Abs("testdata/faults")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	i := installOnly(t, testConfig(t, "testdata/faults/plugins.toml", "FOLDER", folder, "PROGRAM", program))
	control, err := host.NewControl(host.Options{Config: []byte("[host.\"localhost\"]\n"), DataDir: i.data})
	if err != nil {
		t.Fatal(err)
	}
	return i.start(t), control
}

// tellDeaths shows, if the test has failed, what the server said of its plugins' processes.
func (p *process) tellDeaths(t *testing.T) {
	if !t.Failed() {
		return
	}
	for line := range strings.Lines(p.log.String()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "the plugin") {
			t.Log(strings.TrimSpace(line))
		}
	}
}

func roomOf(i int) string { return fmt.Sprintf("room%d@rooms.localhost", i/roomSize) }

// faultStage is the crowd and what it said.
type faultStage struct {
	t       *testing.T
	control *host.Control
	crowd   []*talker
	said    []int // how many words each talker said
	server  int   // its process
}

func (s *faultStage) status() host.Status {
	s.t.Helper()
	status, err := s.control.Status(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return status
}

// talk says a word to everybody a talker knows, and again.
func (s *faultStage) talk(i int, stop <-chan struct{}) {
	c, partner := s.crowd[i], s.crowd[i^1]
	pause := time.NewTicker(talkPause)
	defer pause.Stop()
	for {
		select {
		case <-stop:
			return
		case <-pause.C:
		}
		s.said[i]++
		n := s.said[i]
		c.say(word("message to='"+partner.jid+"' type='chat'", "chat", i, n) +
			word("message to='"+roomOf(i)+"' type='groupchat'", "room", i, n) +
			word(fmt.Sprintf("message to='t%d@echo.localhost' type='chat'", i), "echo", i, n) +
			word(fmt.Sprintf("message to='t%d@lua.localhost' type='chat'", i), "lua", i, n))
	}
}

func word(element, kind string, id, n int) string {
	return fmt.Sprintf("<%s><body>[%s:%d:%d]</body></message>", element, kind, id, n)
}

// attack does something bad now and then.
func (s *faultStage) attack(length time.Duration) {
	end := time.After(length)
	deeds := []string{"die", "panic", "hang", "flood", "forge", "nonsense", "kill rooms", "stop rooms", "kill registration", "kill chaos"}
	for i := 0; ; i++ {
		if i%len(deeds) == 0 {
			rand.Shuffle(len(deeds), func(a, b int) { deeds[a], deeds[b] = deeds[b], deeds[a] })
		}
		select {
		case <-end:
			return
		case <-time.After(length / 40):
		}
		s.do(deeds[i%len(deeds)])
	}
}

func (s *faultStage) do(deed string) {
	s.t.Logf("%s: %s", time.Now().Format(time.TimeOnly), deed)
	switch deed {
	case "kill rooms":
		s.signal("muc_core", syscall.SIGKILL)
	case "stop rooms":
		s.signal("muc_core", syscall.SIGSTOP)
	case "kill registration":
		s.signal("muc_register", syscall.SIGKILL)
	case "kill chaos":
		s.signal("chaos", syscall.SIGKILL)
	default:
		s.crowd[0].say("<message to='x@chaos.localhost' type='chat'><body>" + deed + "</body></message>")
	}
}

// signal sends a signal to the process of a plugin, if it has one at the moment.
func (s *faultStage) signal(plugin string, sig syscall.Signal) {
	for _, child := range childrenOf(s.t, s.server) {
		command, _ := os.ReadFile(filepath.Join("/proc", child, "cmdline")) // it may have ended
		if pid, err := strconv.Atoi(child); err == nil && strings.HasSuffix(string(command), "\x00"+plugin+"\x00") {
			syscall.Kill(pid, sig)
		}
	}
}

// settle waits until all words have come that have to, and looks at their order.
func (s *faultStage) settle() {
	for i := range s.crowd {
		s.await(i^1, "chat", i, s.said[i])
		s.await(i, "echo", i, s.said[i])
		s.await(i, "lua", i, s.said[i])
	}
	for _, c := range s.crowd {
		if fault := c.fault(); fault != "" {
			s.t.Error(fault)
		}
	}
}

// await waits until a talker has heard the words of another up to number n, and all of them.
func (s *faultStage) await(listener int, kind string, speaker, n int) {
	s.t.Helper()
	c := s.crowd[listener]
	if !eventually(s.t.Context(), func() bool { return c.has(kind, speaker).last >= n }) {
		s.t.Fatalf("talker %d heard %s of %d up to %d, not %d; %s", listener, kind, speaker, c.has(kind, speaker).last, n, c.fault())
	}
	if h := c.has(kind, speaker); kind != "room" && h.count != n {
		s.t.Errorf("talker %d heard %d of %d words (%s of %d)", listener, h.count, n, kind, speaker)
	}
}

// finalWords are heard by everybody in the room: nobody has been lost.
func (s *faultStage) finalWords() {
	for i, c := range s.crowd {
		s.said[i]++
		c.say(word("message to='"+roomOf(i)+"' type='groupchat'", "room", i, s.said[i]))
	}
	for i := range s.crowd {
		for other := i - i%roomSize; other < i-i%roomSize+roomSize; other++ {
			s.await(other, "room", i, s.said[i])
		}
	}
}

// lookForLeaks compares what the server uses with what it used before the attacks.
func (s *faultStage) lookForLeaks(before host.Status, processes int) {
	var after host.Status
	if !eventually(s.t.Context(), func() bool {
		after = s.status()
		return after.Goroutines <= before.Goroutines+10 && after.Heap <= before.Heap+before.Heap/2+32<<20 && len(childrenOf(s.t, s.server)) == processes
	}) {
		s.t.Errorf("goroutines %d → %d, heap %d → %d KiB, processes %d → %d", before.Goroutines, after.Goroutines, before.Heap>>10, after.Heap>>10,
			processes, len(childrenOf(s.t, s.server)))
	}
	s.t.Logf("goroutines %d → %d, heap %d → %d KiB", before.Goroutines, after.Goroutines, before.Heap>>10, after.Heap>>10)
}

// eventually waits for a condition, for a minute at most.
func eventually(ctx context.Context, condition func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for !condition() {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
	return true
}

// childrenOf are the processes that a process has started and that have not ended.
func childrenOf(t *testing.T, pid int) (children []string) {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range tasks {
		text, _ := os.ReadFile(file) // the thread may have ended
		children = append(children, strings.Fields(string(text))...)
	}
	return children
}
