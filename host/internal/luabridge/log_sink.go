package luabridge

import (
	"context"
	"slices"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// LogLine is one line of the server's log. Level is debug, info, warn or error.
type LogLine struct{ Source, Level, Text string }

type sinkKey struct{}

// InLogSink tells whether a log sink runs: sinks are not told what they log.
func InLogSink(ctx context.Context) bool { return ctx.Value(sinkKey{}) != nil }

// maxLogLines is how many lines may wait for the sinks; when there are more, new ones are not told.
const maxLogLines = 4096

// logSinks are the functions of modules that want to see the log. They are called on a goroutine of their own: what is logged may be logged under any
// lock.
type logSinks struct {
	b *Bridge

	// What follows is touched only under the interpreter's lock.
	list  []*logSink
	types map[string]lua.LValue // makers, by the name that the option log gives
	stop  func()

	mu      sync.Mutex // guards waiting
	waiting []LogLine
	wake    chan struct{}
}

type logSink struct {
	f      lua.LValue
	levels []string
}

func newLogSinks(b *Bridge) *logSinks {
	return &logSinks{b: b, types: map[string]lua.LValue{}, wake: make(chan struct{}, 1)}
}

// add tells f(source, level, text) what is logged at some levels.
func (s *logSinks) add(f lua.LValue, levels []string) *logSink {
	sink := &logSink{f, levels}
	s.list = append(slices.Clip(s.list), sink)
	if s.stop == nil {
		ctx, cancel := context.WithCancel(context.Background())
		unwatch := s.b.srv.WatchLog(s.take)
		s.stop = func() {
			unwatch()
			cancel()
		}
		go s.run(ctx)
	}
	return sink
}

func (s *logSinks) remove(L *lua.LState, sink *logSink) {
	s.flush(L)
	s.list = slices.DeleteFunc(slices.Clone(s.list), func(other *logSink) bool { return other == sink })
	if len(s.list) == 0 {
		s.close()
	}
}

func (s *logSinks) close() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

// take is told a line by whoever logs it.
func (s *logSinks) take(line LogLine) {
	s.mu.Lock()
	if len(s.waiting) < maxLogLines {
		s.waiting = append(s.waiting, line)
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// next takes the line that has waited longest. Only under the interpreter's lock: no line is on its way while somebody else has that.
func (s *logSinks) next() (line LogLine, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		return line, false
	}
	line, s.waiting = s.waiting[0], s.waiting[1:]
	return line, true
}

func (s *logSinks) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		for s.tellNext(context.WithValue(ctx, sinkKey{}, true)) {
		}
	}
}

// tellNext tells one line, and whether there was one.
func (s *logSinks) tellNext(ctx context.Context) bool {
	t := s.b.in.Enter(ctx)
	defer t.Leave()
	line, ok := s.next()
	if ok {
		s.tell(ctx, t, line)
	}
	return ok
}

// tell calls the sinks. What fails is logged, and heard by none of them.
func (s *logSinks) tell(ctx context.Context, t *compat.Thread, line LogLine) {
	for _, sink := range s.list {
		if !slices.Contains(sink.levels, line.Level) {
			continue
		}
		t.L.Push(sink.f)
		for _, text := range []string{line.Source, line.Level, line.Text} {
			t.L.Push(lua.LString(text))
		}
		if err := t.PCall(3, 0); err != nil {
			s.b.log.ErrorContext(ctx, "log sink failed", "err", err)
		}
	}
}

// flush tells what was logged until now, so that a sink has heard what came before its removal.
func (s *logSinks) flush(L *lua.LState) {
	s.mu.Lock()
	n := len(s.waiting)
	s.mu.Unlock()
	s.b.in.Unlocked(L, func() {
		ctx := context.WithValue(context.Background(), sinkKey{}, true)
		for ; n > 0 && s.tellNext(ctx); n-- {
		}
	})
}

var levelNames = []string{"debug", "info", "warn", "error"}

// levelsOf reads levels: a list, {min = LEVEL, max = LEVEL}, or the lowest.
func (b *Bridge) levelsOf(v lua.LValue) []string {
	from, to := 0, len(levelNames)-1
	switch v := v.(type) {
	case lua.LString:
		from = max(slices.Index(levelNames, string(v)), 0)
	case *lua.LTable:
		var listed []string
		for _, level := range b.fields(v) {
			listed = append(listed, lua.LVAsString(level))
		}
		low, high := lua.LVAsString(v.RawGetString("min")), lua.LVAsString(v.RawGetString("max"))
		if low == "" && high == "" && len(listed) > 0 {
			return listed
		}
		from = max(slices.Index(levelNames, low), 0)
		if at := slices.Index(levelNames, high); at >= 0 {
			to = at
		}
	}
	return levelNames[from : to+1]
}

// loggerLibrary is util.logger: init(name) and make_logger(name, level) give log functions; add_simple_sink(f, levels) has f(source, level, text) called
// with what is logged, until remove_sink.
func (b *Bridge) loggerLibrary(*lua.LState) lua.LValue {
	initialize := func(L *lua.LState) int {
		log := b.log.With("source", L.CheckString(1))
		L.Push(L.NewFunction(func(L *lua.LState) int {
			b.writeLog(L, log, 1)
			return 0
		}))
		return 1
	}
	makeLogger := func(L *lua.LState) int {
		log, level := b.log.With("source", L.CheckString(1)), lua.LString(L.OptString(2, "info"))
		L.Push(L.NewFunction(func(L *lua.LState) int {
			L.Insert(level, 1)
			b.writeLog(L, log, 1)
			return 0
		}))
		return 1
	}
	return b.table(map[string]lua.LGFunction{
		"init": initialize, "make_logger": makeLogger, "new": makeLogger, "reset": func(*lua.LState) int { return 0 },
		"add_simple_sink": func(L *lua.LState) int { return b.addSink(L, L.CheckAny(1), b.levelsOf(L.Get(2))) },
		"add_level_sink":  func(L *lua.LState) int { return b.addSink(L, L.CheckAny(2), []string{L.CheckString(1)}) },
		"remove_sink": func(L *lua.LState) int {
			if u, ok := L.Get(1).(*lua.LUserData); ok {
				if sink, ok := u.Value.(*logSink); ok {
					b.sinks.remove(L, sink)
				}
			}
			return 0
		},
	})
}

func (b *Bridge) addSink(L *lua.LState, f lua.LValue, levels []string) int {
	L.Push(&lua.LUserData{Value: b.sinks.add(f, levels), Metatable: lua.LNil})
	return 1
}

// loggingManager is core.loggingmanager: register_sink_type(name, maker) makes a sink for each entry {to = name, levels} of the option log, and gives
// the maker that was there before.
func (b *Bridge) loggingManager() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"reload_logging": func(*lua.LState) int { return 0 }, // of the server's own log nothing can be changed at run time
		"register_sink_type": func(L *lua.LState) int {
			name, maker := L.CheckString(1), L.CheckFunction(2)
			before := b.sinks.types[name]
			b.sinks.types[name] = maker
			rules, _ := b.srv.Option("*", "log").([]any)
			for _, rule := range rules {
				if r, ok := rule.(map[string]any); ok && r["to"] == name {
					t := b.toLua(r)
					b.sinks.add(call(L, maker, t), b.levelsOf(L.GetField(t, "levels")))
				}
			}
			if before == nil {
				before = lua.LNil
			}
			L.Push(before)
			return 1
		},
	}
}

// call calls a function for one result.
func call(L *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	L.Push(fn)
	for _, a := range args {
		L.Push(a)
	}
	L.Call(len(args), 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}
