package wire

import (
	"testing"

	"quatrain/sdk/wire/pb"
)

// A thing that a waiting frame names is there until the frame has been run, although the other side has released it meanwhile.
func TestFramesPinWhatTheyName(t *testing.T) {
	ref := func(id uint64) *pb.Value { return &pb.Value{Kind: &pb.Value_Ref{Ref: &pb.Ref{Id: id, Yours: true}}} }
	tests := []struct {
		name  string
		frame func(id uint64) *pb.Frame
	}{
		{"target of a cast", func(id uint64) *pb.Frame { return &pb.Frame{Body: &pb.Frame_Cast{Cast: &pb.Cast{Target: id}}} }},
		{"target of a call", func(id uint64) *pb.Frame { return &pb.Frame{Body: &pb.Frame_Call{Call: &pb.Call{Target: id}}} }},
		{"argument", func(id uint64) *pb.Frame {
			return &pb.Frame{Body: &pb.Frame_Cast{Cast: &pb.Cast{Args: []*pb.Value{ref(id)}}}}
		}},
		{"within a list within a map", func(id uint64) *pb.Frame {
			list := &pb.Value{Kind: &pb.Value_List{List: &pb.List{Values: []*pb.Value{{}, ref(id)}}}}
			m := &pb.Value{Kind: &pb.Value_Map{Map: &pb.Map{Entries: []*pb.Entry{{Value: list}}}}}
			return &pb.Frame{Body: &pb.Frame_Call{Call: &pb.Call{Args: []*pb.Value{m}}}}
		}},
		{"value of an event", func(id uint64) *pb.Frame {
			return &pb.Frame{Body: &pb.Frame_Call{Call: &pb.Call{Event: &pb.Event{Values: []*pb.Entry{{Value: ref(id)}}}}}}
		}},
		{"origin", func(id uint64) *pb.Frame {
			return &pb.Frame{Body: &pb.Frame_Call{Call: &pb.Call{Event: &pb.Event{Origin: ref(id).GetRef()}}}}
		}},
		{"result", func(id uint64) *pb.Frame {
			return &pb.Frame{Body: &pb.Frame_Return{Return: &pb.Return{Results: []*pb.Value{ref(id)}}}}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var x exports
			x.init()
			id := x.give(new(int), nil)
			f := test.frame(id)
			x.pin(f, 1)
			if err := x.release(id, 1); err != nil {
				t.Fatal(err)
			}
			if _, ok := x.get(id); !ok {
				t.Error("it is gone before the frame has run")
			}
			x.pin(f, -1)
			if _, ok := x.get(id); ok || len(x.ids) > 0 {
				t.Error("it is not gone after the frame has run")
			}
		})
	}
}
