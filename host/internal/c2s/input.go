package c2s

import (
	"io"
	"net"

	"quatrain/xmpp/xmlstream"
)

// input is what the decoder reads from: before it waits for the network, what the stanzas so far have sent is let go.
type input struct {
	st     *stream
	conn   net.Conn
	rest   []byte // filtered input that did not fit
	failed error  // of waiting while the stream rested
}

// lazyInput is input of a socket, which can be waited for without a buffer.
type lazyInput struct{ *input }

func (st *stream) input(conn net.Conn) io.Reader {
	st.in = input{st: st, conn: conn}
	if st.socket != nil {
		return lazyInput{&st.in}
	}
	return &st.in
}

func (in *input) Read(p []byte) (int, error) {
	if len(in.rest) > 0 {
		return in.take(p), nil
	}
	for {
		in.st.await()
		n, err := in.conn.Read(p)
		if in.st.called(err) {
			continue
		}
		if !in.st.patient(err) {
			return in.filter(p, in.st.count(n)), err
		}
	}
}

func (in lazyInput) ReadLazy(b xmlstream.Buffers) ([]byte, error) {
	if len(in.rest) > 0 {
		p := b.Take()
		return p[:in.take(p)], nil
	}
	for {
		in.st.await()
		data, err := in.read(b)
		if in.st.called(err) {
			return nil, errRest
		}
		if !in.st.patient(err) {
			return in.filterLazily(b, in.st.count(len(data))), err
		}
	}
}

func (in lazyInput) read(b xmlstream.Buffers) ([]byte, error) {
	if err := in.failed; err != nil {
		in.failed = nil
		return nil, err
	}
	data, err := in.st.socket.ReadLazy(b)
	in.st.busy()
	return data, err
}

func (in lazyInput) filterLazily(b xmlstream.Buffers, n int) []byte {
	if n == 0 {
		return nil
	}
	p := b.Take()
	return p[:in.filter(p, n)]
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
