package wire

import (
	"fmt"

	"quatrain/sdk/wire/pb"
)

// Greet sends a Hello and receives the other side's, with the frames that came behind it.
func Greet(stream Stream, ours *pb.Hello) (theirs *pb.Hello, early []*pb.Frame, err error) {
	ours.Protocol = Protocol
	if err := stream.Send(&pb.Batch{Frames: []*pb.Frame{{Body: &pb.Frame_Hello{Hello: ours}}}}); err != nil {
		return nil, nil, err
	}
	b, err := stream.Recv()
	if err != nil {
		return nil, nil, err
	}
	if len(b.GetFrames()) == 0 || b.GetFrames()[0].GetHello() == nil {
		return nil, nil, fmt.Errorf("the first frame is no Hello")
	}
	theirs = b.GetFrames()[0].GetHello()
	if theirs.GetProtocol() != Protocol {
		return nil, nil, fmt.Errorf("the other side speaks version %d of the protocol, this one %d", theirs.GetProtocol(), Protocol)
	}
	return theirs, b.GetFrames()[1:], nil
}
