package session

import "sync"

// maxPooled is the size up to which buffers are kept for other sessions.
const maxPooled = 64 << 10

// buffer holds output that waits. Idle sessions have none.
type buffer struct{ bytes []byte }

var buffers = sync.Pool{New: func() any { return new(buffer) }}

func takeBuffer() *buffer { return buffers.Get().(*buffer) }

func giveBuffer(b *buffer) {
	if cap(b.bytes) <= maxPooled {
		b.bytes = b.bytes[:0]
		buffers.Put(b)
	}
}
