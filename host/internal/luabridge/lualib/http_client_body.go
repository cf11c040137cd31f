package lualib

import (
	"io"
	"os"
	"sync/atomic"
	"time"
)

// stalling is the body of an answer whose sender may take its time as long as there is progress.
type stalling struct {
	body    io.ReadCloser
	limit   time.Duration
	timer   *time.Timer
	stalled atomic.Bool
}

// newStalling calls end, which has to end reading, when nothing has come for limit; the error is os.ErrDeadlineExceeded then.
func newStalling(body io.ReadCloser, limit time.Duration, end func()) *stalling {
	s := &stalling{body: body, limit: limit}
	s.timer = time.AfterFunc(limit, func() {
		s.stalled.Store(true)
		end()
	})
	return s
}

func (s *stalling) Read(b []byte) (int, error) {
	s.timer.Reset(s.limit)
	n, err := s.body.Read(b)
	s.timer.Stop()
	if err != nil && err != io.EOF && s.stalled.Load() {
		err = os.ErrDeadlineExceeded
	}
	return n, err
}

func (s *stalling) Close() error {
	s.timer.Stop()
	return s.body.Close()
}
