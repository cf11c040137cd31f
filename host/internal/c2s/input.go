package c2s

import (
	"net"

	"quatrain/xmpp/xmlstream"
)

// input is what the decoder reads from: before it waits for the network, what the stanzas so far have sent is let go.
type input struct {
	st   *stream
	conn net.Conn
	rest []byte // filtered input that did not fit
}

// lazyInput is input of a socket, which can be waited for without a buffer.
type lazyInput struct {
	*input
	lazy xmlstream.LazyReader
}

func (st *stream) input(conn net.Conn) interface{ Read([]byte) (int, error) } {
	in := &input{st: st, conn: conn}
	if lazy, ok := xmlstream.Lazy(conn).(xmlstream.LazyReader); ok {
		return lazyInput{in, lazy}
	}
	return in
}

func (in *input) Read(p []byte) (int, error) {
	if len(in.rest) > 0 {
		return in.take(p), nil
	}
	for {
		in.st.await()
		n, err := in.conn.Read(p)
		if !in.st.patient(err) {
			return in.filter(p, in.st.count(n)), err
		}
	}
}

func (in lazyInput) ReadLazy(take func() []byte, drop func()) (int, error) {
	if len(in.rest) > 0 {
		return in.take(take()), nil
	}
	for {
		in.st.await()
		var buf []byte
		n, err := in.lazy.ReadLazy(func() []byte {
			buf = take()
			return buf
		}, drop)
		if !in.st.patient(err) {
			return in.filter(buf, in.st.count(n)), err
		}
	}
}

// filter sends what was read through the session's filters.
func (in *input) filter(p []byte, n int) int {
	if n <= 0 || !in.st.sess().Filtered() {
		return n
	}
	out, _ := in.st.link.Filter(in.st.srv.ctx, "bytes/in", append([]byte(nil), p[:n]...)).([]byte)
	in.rest = out
	return in.take(p)
}

func (in *input) take(p []byte) int {
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n
}
