package wire

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"

	"quatrain/sdk/wire/pb"
)

const (
	// lengthSize is how long a batch's length is on a socket.
	lengthSize = 4
	// socketBuffer is what is read at once; batches that fit in are decoded there.
	socketBuffer = 64 << 10
	// keptOutput is how long a buffer may be to be used for the next batch.
	keptOutput = 256 << 10
)

// MaxBatch is the greatest size in bytes of a batch of frames of which none is larger than maxFrame; 0 stands for the default.
func MaxBatch(maxFrame int) int {
	if maxFrame <= 0 {
		maxFrame = DefaultMaxFrame
	}
	return maxFrame + 2*maxBatchBytes
}

// socket is a stream on a connection of its own: batches, each after its length.
type socket struct {
	conn net.Conn
	max  int // bytes of a batch that is received
	in   *bufio.Reader
	read reader
	out  []byte       // of the last batch
	room bytes.Buffer // of the last large one that was received
}

func newSocket(conn net.Conn, max int) *socket {
	return &socket{conn: conn, max: max, in: bufio.NewReaderSize(conn, socketBuffer)}
}

// Send writes a batch.
func (s *socket) Send(b *pb.Batch) error {
	out := append(s.out[:0], 0, 0, 0, 0)
	var err error
	for _, f := range b.GetFrames() {
		if out, err = appendFrame(appendHead(out, 1, frameSize(f)), f); err != nil {
			return err
		}
	}
	binary.BigEndian.PutUint32(out, uint32(len(out)-lengthSize))
	s.out = nil
	if cap(out) <= keptOutput {
		s.out = out
	}
	_, err = s.conn.Write(out)
	return err
}

// Recv reads a batch. io.EOF is an end in order.
func (s *socket) Recv() (*pb.Batch, error) {
	head, err := s.in.Peek(lengthSize)
	if err != nil {
		return nil, cutShort(err, len(head))
	}
	n := int(binary.BigEndian.Uint32(head))
	if n > s.max {
		return nil, fmt.Errorf("a batch of %d bytes, of at most %d", n, s.max)
	}
	_, _ = s.in.Discard(lengthSize) // is there
	if n > s.in.Size() {
		return s.recvLarge(n)
	}
	data, err := s.in.Peek(n)
	if err != nil {
		return nil, cutShort(err, 1)
	}
	b, err := s.read.batch(data)
	_, _ = s.in.Discard(n) // is there
	return b, err
}

// recvLarge makes room only for what has arrived.
func (s *socket) recvLarge(n int) (*pb.Batch, error) {
	s.room.Reset()
	if _, err := io.CopyN(&s.room, s.in, int64(n)); err != nil {
		return nil, cutShort(err, 1)
	}
	b, err := s.read.batch(s.room.Bytes())
	if s.room.Cap() > keptOutput {
		s.room = bytes.Buffer{}
	}
	return b, err
}

// cutShort is the error of a read that has got so many bytes of what it wanted.
func cutShort(err error, got int) error {
	if err == io.EOF && got > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}
