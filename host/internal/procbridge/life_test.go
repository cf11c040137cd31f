package procbridge_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"quatrain/host/internal/plugin"
	"quatrain/host/internal/procbridge"
	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/xmpp/stanza"
)

func (s *stage) want(want any, event string, pairs ...any) {
	s.t.Helper()
	if got, err := s.fire(event, pairs...); got != want || err != nil {
		s.t.Errorf("%s: got %v, %v; want %v", event, got, err, want)
	}
}

// kill kills a plugin's process.
func (s *stage) kill(i *procbridge.Instance) {
	s.t.Helper()
	pid, _, _ := i.Process()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		s.t.Fatal(err)
	}
}

func TestKilledPluginsComeBack(t *testing.T) {
	s := newStage(t, nil)
	i := s.load("moody")
	s.load("dependent")
	s.want(1.0, "count")
	s.want(2.0, "count")
	s.want(false, "reloading")
	for n := range 3 {
		s.kill(i)
		if got := s.say("are you there").wait(t); got == nil { // an error, if it was on its way
			t.Errorf("a message: %v", got)
		}
		s.until("it runs again", func() bool { _, restarts, _ := i.Process(); return restarts == n+1 })
	}
	for len(s.replies) > 0 {
		<-s.replies
	}
	if s.say("again").wait(t) != true || s.reply() != "re: again" {
		t.Error("no reply")
	}
	s.want(3.0, "count")
	s.want(true, "reloading")
	if n := len(s.buses["a.example"].Hooks("count")); n != 1 {
		t.Errorf("%d hooks", n)
	}
	if items := s.manager.Get("a.example", "moody").Module.Items("feature"); len(items) != 1 {
		t.Errorf("items %v", items)
	}
	s.until("the dependent knows the new process", func() bool {
		pid, _, _ := i.Process()
		got, err := s.fire("pid of moody")
		return err == nil && got == float64(pid)
	})
}

// A dependent that cannot be loaded again is tried until it can.
func TestDependentsComeBackLater(t *testing.T) {
	s := newStage(t, func(o *procbridge.Options) { o.MaxDeaths = 1e6 })
	i := s.load("moody")
	s.load("dependent")
	s.setOption("dependent_refuses", true)
	s.kill(i)
	s.logged("plugin not loaded", "plugin=dependent", "not now") // beyond the reload, which fails first
	s.setOption("dependent_refuses", false)
	s.until("the dependent is there", func() bool {
		pid, _, _ := i.Process()
		got, err := s.fire("pid of moody")
		return err == nil && got == float64(pid)
	})
}

// What comes while there is no process waits for the next one, in order.
func TestStanzasWaitForTheSuccessor(t *testing.T) {
	s := newStage(t, func(o *procbridge.Options) { o.Pause = 100 * time.Millisecond; o.MaxPause = time.Second })
	i := s.load("moody")
	var refused *stanza.Error
	if err, ok := s.say("die").wait(t).(error); !ok || !errors.As(err, &refused) || refused.Condition != stanza.InternalServerError {
		t.Errorf("the message that killed it: %v", err)
	}
	s.until("it runs again", func() bool { _, n, _ := i.Process(); return n == 1 })
	s.say("die").wait(t) // the second death in a row: there is a pause
	var answers []*late
	for _, text := range []string{"1", "2", "3"} {
		answers = append(answers, s.say(text))
	}
	for n, text := range []string{"1", "2", "3"} {
		if got := answers[n].wait(t); got != true {
			t.Errorf("message %s: %v", text, got)
		}
		if got := s.reply(); got != "re: "+text {
			t.Errorf("reply %q, want that to %s", got, text)
		}
	}
	s.logged("the plugin's process died", "plugin=moody", "exit status 5", "host=a.example")
	s.logged("the plugin runs again", "restarts=1", "stanzas_lost=1")
}

func TestHandlersThatFail(t *testing.T) {
	s := newStage(t, func(o *procbridge.Options) {
		o.Wire.Timeout, o.Wire.LateTimeout = 200*time.Millisecond, 200*time.Millisecond
	})
	i := s.load("moody")
	if _, err := s.fire("hang"); !errors.Is(err, wire.ErrTimeout) {
		t.Errorf("a handler that hangs: %v", err)
	}
	if err, ok := s.say("hang").wait(t).(error); !ok || !errors.Is(err, wire.ErrTimeout) {
		t.Errorf("a message that hangs: %v", err)
	}
	if err, ok := s.say("panic").wait(t).(error); !ok || !strings.Contains(err.Error(), "in a handler") {
		t.Errorf("a message that panics: %v", err)
	}
	s.logged("event handler failed", "plugin=moody", "panic: in a handler", "programs_test.go")
	if got := s.say("not mine").wait(t); got != nil {
		t.Errorf("a message that is not the plugin's: %v", got)
	}
	if _, restarts, _ := i.Process(); restarts != 0 {
		t.Errorf("%d restarts", restarts)
	}
}

func TestCrash(t *testing.T) {
	s := newStage(t, nil)
	i := s.load("moody")
	if _, err := s.fire("crash"); !errors.Is(err, wire.ErrEnded) {
		t.Errorf("the event: %v", err)
	}
	s.logged("the plugin's process died", "plugin=moody", "exit status 2", "in a goroutine of its own", "programs_test.go")
	s.until("it runs again", func() bool { _, n, _ := i.Process(); return n == 1 })
	s.want(1.0, "count")
}

// A process that is stopped, or hangs as a whole, is killed and replaced.
func TestHangingProcess(t *testing.T) {
	s := newStage(t, func(o *procbridge.Options) { o.Heartbeat = 100 * time.Millisecond })
	i := s.load("moody")
	if _, err := s.fire("stop"); err == nil {
		t.Error("the event of a process that was stopped is answered")
	}
	s.logged("the plugin's process died", "hung")
	s.until("it runs again", func() bool { _, n, _ := i.Process(); return n == 1 })
	s.want(1.0, "count")
}

func TestPluginsThatDieAgainAndAgain(t *testing.T) {
	s := newStage(t, func(o *procbridge.Options) { o.MaxDeaths = 3 })
	i := s.load("moody")
	s.mu.Lock()
	s.options["die_on_reload"] = true
	s.mu.Unlock()
	s.kill(i)
	s.logged("the plugin is unloaded: its process died too often", "plugin=moody", "deaths=3")
	s.until("it is unloaded", func() bool { return s.manager.Get("a.example", "moody") == nil })
	if s.buses["a.example"].Has("message/bare") {
		t.Error("hooks are left behind")
	}
	if got, err := s.fire("count"); got != nil || err != nil {
		t.Errorf("an event is answered by a plugin that is gone: %v, %v", got, err)
	}
}

func TestReloadHandsOver(t *testing.T) {
	s := newStage(t, nil)
	s.load("moody")
	s.want(1.0, "count")
	if err := s.manager.Reload(sdk.NewChain(t.Context()), "a.example", "moody"); err != nil {
		t.Fatal(err)
	}
	s.want(2.0, "count")
	kept, err := s.fire("kept")
	if m, _ := kept.(map[string]any); len(m) != 0 || err != nil {
		t.Errorf("kept after unloading: %v, %v", kept, err)
	}
}

func TestUnloadEndsTheProcess(t *testing.T) {
	s := newStage(t, nil)
	i := s.load("moody")
	pid, _, _ := i.Process()
	if err := s.manager.Unload(sdk.NewChain(t.Context()), "a.example", "moody"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d: %v", pid, err)
	}
	if s.buses["a.example"].Has("count") {
		t.Error("hooks are left behind")
	}
	if strings.Contains(s.log.String(), "died") {
		t.Errorf("the log:\n%s", s.log.String())
	}
}

func TestSharedPlugin(t *testing.T) {
	s := newStage(t, nil)
	ctx := sdk.NewChain(t.Context())
	for _, host := range []string{"a.example", "b.example"} {
		if _, err := s.manager.Load(ctx, host, "shared"); err != nil {
			t.Fatal(err)
		}
	}
	where := func() (places []any) {
		for _, host := range []string{"a.example", "b.example", "*"} {
			got, err := s.buses[host].Fire(sdk.NewChain(context.Background()), sdk.NewEvent("where"))
			if err != nil {
				t.Error(err)
			}
			places = append(places, got)
		}
		return places
	}
	check := func() {
		if got := where(); got[0] != "a.example" || got[1] != "b.example" || got[2] != "*" {
			t.Errorf("got %v", got)
		}
	}
	check()
	i := s.manager.Get("*", "shared").Plugin.(*procbridge.Instance)
	s.kill(i)
	s.until("it runs again", func() bool { _, n, _ := i.Process(); return n == 1 })
	check()
	if err := s.manager.Unload(ctx, "b.example", "shared"); err != nil {
		t.Fatal(err)
	}
	if got := where(); got[0] != "a.example" || got[1] != nil {
		t.Errorf("after one host: %v", got)
	}
}

func TestGlobalPluginThatServesNoHosts(t *testing.T) {
	s := newStage(t, nil)
	ctx := sdk.NewChain(t.Context())
	s.load("moody")
	i := s.manager.Get("a.example", "moody")
	if err := i.Plugin.(sdk.HostAdder).AddHost(ctx, i.Module); !errors.Is(err, plugin.ErrNotShared) {
		t.Errorf("AddHost: %v", err)
	}
}

// Directories of sockets that killed servers left behind are removed.
func TestSweep(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	old := filepath.Join(tmp, "quatrain-plugins-999999999-x")
	if err := os.Mkdir(old, 0o700); err != nil {
		t.Fatal(err)
	}
	s := newStage(t, nil)
	s.load("moody")
	found, err := filepath.Glob(filepath.Join(tmp, "quatrain-plugins-*"))
	if err != nil || len(found) != 1 || found[0] == old {
		t.Errorf("found %v, %v", found, err)
	}
	if info, err := os.Stat(found[0]); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory is %v, %v", info, err)
	}
}
