package session

// Closing tells whether the stream has been ended from our side: nothing can be sent any more, and what the peer still sends is late.
func (s *Session) Closing() bool {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	return s.out.closing || s.out.dead
}
