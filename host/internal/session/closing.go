package session

import (
	"context"

	"quatrain/xmpp/stanza"
)

// Closing tells whether the stream has been ended from our side: nothing can be sent any more, and what the peer still sends is late.
func (s *Session) Closing() bool { return s.link.Load().Closing() }

// Close ends the stream: what is queued is written, then the stream error unless reason is nil, then the end of the stream. The
// connection is closed when the peer has taken it, or does not. A session with a resource is unbound when Close returns. A function that a
// module put in the place of the session's own goes before (OverrideClose).
func (s *Session) Close(ctx context.Context, reason *stanza.StreamError) {
	if f := s.closes.Load(); f != nil && (s.Offline() || !s.Closing()) {
		(*f)(ctx, reason)
		return
	}
	s.CloseOwn(ctx, reason)
}

// CloseOwn is Close without what was put in its place: what such a function calls to close after all.
func (s *Session) CloseOwn(ctx context.Context, reason *stanza.StreamError) {
	s.mu.Lock()
	first, before := !s.state.closing, s.state.before
	s.state.closing = true
	s.mu.Unlock()
	if first && before != nil {
		before(ctx, reason)
	}
	offline := s.Offline()
	if !offline && !s.link.Load().out.close(ctx, reason) {
		return
	}
	s.mu.RLock()
	ended := s.state.ended
	s.mu.RUnlock()
	if ended != nil {
		ended(ctx, reason)
	}
	if offline {
		s.Destroy() // nobody reads a stream that could end
	}
}

// BeforeClose lets f know that somebody wants to close the session, while it can still be sent to; once.
func (s *Session) BeforeClose(f func(ctx context.Context, reason *stanza.StreamError)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.before = f
}

// OverrideClose lets f end the session instead of Close, nil undoes it. A session that has ended does not call it.
func (s *Session) OverrideClose(f func(ctx context.Context, reason *stanza.StreamError)) {
	if f == nil {
		s.closes.Store(nil)
		return
	}
	s.closes.Store(&f)
}

// OnClose lets f know that the session is being closed from our side; nil undoes it.
func (s *Session) OnClose(f func(ctx context.Context, reason *stanza.StreamError)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.ended = f
}
