package compat

import (
	"fmt"
	"time"
)

// ticksPerCheck is how many instructions run between two looks at the clock: about 25 µs.
const ticksPerCheck = 4096

// budget is the time that the outermost call may still use. The interpreter lock guards it.
type budget struct {
	limit time.Duration
	ticks uint32
	start time.Time     // zero until the first look at the clock
	done  chan struct{} // nil, or closed when the call must end
	err   error         // why
}

func (b *budget) reset() {
	b.start, b.done, b.err = time.Time{}, nil, nil
}

// tick counts one instruction. It runs before each instruction, so it may cost next to nothing.
func (b *budget) tick(t *Thread) <-chan struct{} {
	b.ticks++
	if b.ticks%ticksPerCheck == 0 {
		b.check(t)
	}
	return b.done
}

func (b *budget) check(t *Thread) {
	if b.done != nil {
		return
	}
	if err := t.line.chain.Err(); err != nil {
		b.end(err)
		return
	}
	now := time.Now()
	switch {
	case b.start.IsZero():
		b.start = now
	case b.limit > 0 && now.Sub(b.start) > b.limit:
		b.end(fmt.Errorf("time budget of %s exceeded", b.limit))
	}
}

// end makes every further instruction of the call raise err, so that no pcall can go on.
func (b *budget) end(err error) {
	b.done, b.err = closed, err
}

// closed is never written to.
var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()
