package lualib

import (
	"context"
	"net/http"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// maxUnsentReply is how many bytes a handler may have written that the client has not taken yet.
const maxUnsentReply = 32 << 20

// operation is something that a response does to its connection.
type operation struct {
	kind   operationKind
	status int
	header http.Header
	data   string
	file   lua.LValue // whose method read gives the body in pieces
	ticket sdk.Ticket // what must be durable before; may be nil
}

type operationKind int

const (
	reply       operationKind = iota // head and body
	sendFile                         // head and a file
	taken                            // the connection is net/http's no longer
	end                              // of the response
	endAndClose                      // of the connection, too
	returned                         // the handler has returned
)

// output are the operations of an exchange that have not been done yet. Handlers add, the exchange's goroutine takes.
type output struct {
	mu      sync.Mutex
	queue   []operation
	unsent  int
	closed  bool // nothing is taken any more
	flooded bool // more was added than there is room for
	wake    chan struct{}
}

func newOutput() *output { return &output{wake: make(chan struct{}, 1)} }

// add is false if nobody will take the operation.
func (o *output) add(chain *sdk.Chain, op operation) bool {
	if chain != nil {
		op.ticket = chain.Ticket()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flooded = o.flooded || o.unsent+len(op.data) > maxUnsentReply && o.unsent > 0
	if o.closed || o.flooded {
		o.signal()
		return false
	}
	o.unsent += len(op.data)
	o.queue = append(o.queue, op)
	o.signal()
	return true
}

func (o *output) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// next waits for an operation. ok is false when the client is gone, or does not take what is written.
func (o *output) next(ctx context.Context) (op operation, ok bool) {
	for {
		if op, found, flooded := o.take(); found || flooded {
			return op, found
		}
		select {
		case <-o.wake:
		case <-ctx.Done():
			return operation{}, false
		}
	}
}

func (o *output) take() (op operation, found, flooded bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.flooded || len(o.queue) == 0 {
		return op, false, o.flooded
	}
	op = o.queue[0]
	o.queue = o.queue[1:]
	o.unsent -= len(op.data)
	return op, true, false
}

func (o *output) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.queue = true, nil
}
