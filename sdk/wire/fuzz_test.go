package wire_test

import (
	"context"
	"runtime/debug"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

// FuzzFrames: whatever a program sends, the other end answers it or ends the stream.
func FuzzFrames(f *testing.F) {
	ref := &pb.Value{Kind: &pb.Value_Ref{Ref: &pb.Ref{Id: 1, Kind: pb.Ref_SESSION, Constants: []*pb.Entry{{Name: []byte("id"), Value: &pb.Value{}}}}}}
	for _, frames := range [][]*pb.Frame{
		{{Id: 1, Chain: 7, Body: &pb.Frame_Call{Call: &pb.Call{Method: "x", Args: []*pb.Value{ref, ref}}}}},
		{{Id: 1, Body: &pb.Frame_Call{Call: &pb.Call{Event: &pb.Event{Name: "e", Stanza: []byte("<a/>"), Origin: &pb.Ref{Kind: pb.Ref_SESSION, Session: []byte("a\x00b")}, Further: &pb.Ref{}}, Deferred: true}}}},
		{{Lane: []byte("x"), Body: &pb.Frame_Cast{Cast: &pb.Cast{Args: []*pb.Value{{Kind: &pb.Value_Stanza{Stanza: []byte("<a")}}}}}}},
		{{Body: &pb.Frame_Type{Type: &pb.TypeDef{Id: 1, Open: true}}}, {Id: 2, Body: &pb.Frame_Call{Call: &pb.Call{Target: 3, Args: []*pb.Value{
			{Kind: &pb.Value_Ref{Ref: &pb.Ref{Id: 1, Kind: pb.Ref_OBJECT, Type: 1}}}}}}}},
		{{Id: 1, Body: &pb.Frame_Return{Return: &pb.Return{}}}, {Body: &pb.Frame_Release{Release: &pb.Release{}}}, {Body: &pb.Frame_Drop{Drop: &pb.Drop{Id: 4}}}},
	} {
		data, err := proto.Marshal(&pb.Batch{Frames: frames})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := &pb.Batch{}
		if proto.Unmarshal(data, b) != nil {
			return
		}
		watchdog := time.AfterFunc(20*time.Second, func() {
			debug.SetTraceback("all")
			panic("it hangs")
		})
		defer watchdog.Stop()
		gone := make(chan struct{})
		up, down := make(chan []byte, 10000), make(chan []byte)
		r := &root{
			invoke: func(_ context.Context, c *wire.Invocation) ([]any, error) {
				if c.Event != nil {
					c.Event.Set("seen", true)
				}
				return append([]any{sdk.NewTable(nil, nil)}, c.Args...), nil
			},
			cast: func(*wire.Invocation) error { return nil },
		}
		peer := wire.NewPeer(&pipe{out: up, in: down, gone: gone}, wire.Options{Root: r, HandOn: true, Timeout: time.Second, Credit: 1000})
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			peer.Run(b.GetFrames())
		}()
		peer.Flush()
		close(gone)
		<-ended
	})
}
