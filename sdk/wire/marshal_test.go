package wire

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"quatrain/sdk/wire/pb"
)

// everyValue are values of all kinds.
func everyValue() []*pb.Value {
	plain := []*pb.Value{
		{}, {Kind: &pb.Value_Bool{Bool: true}}, {Kind: &pb.Value_Bool{}}, {Kind: &pb.Value_Number{Number: -1.5}}, {Kind: &pb.Value_Number{Number: math.Inf(1)}},
		text("wherefore"), text(""), text("\xff"), text(strings.Repeat("long ", 100)), {Kind: &pb.Value_Bytes{Bytes: []byte("<a")}},
		{Kind: &pb.Value_Stanza{Stanza: []byte("<message/>")}}, {Kind: &pb.Value_Stanza{Stanza: []byte("<message/>")}, Open: []uint32{0, 300}},
		{Kind: &pb.Value_Error{Error: []byte("<error/>")}}, {Kind: &pb.Value_Recipients{Recipients: &pb.Recipients{Jids: []byte("a@b\x00"), Number: 1024}}},
		{Kind: &pb.Value_Recipients{Recipients: &pb.Recipients{}}},
		{Kind: &pb.Value_Ref{Ref: &pb.Ref{Id: 1 << 40, Yours: true}}},
		{Kind: &pb.Value_Ref{Ref: &pb.Ref{Id: 1, Kind: pb.Ref_OBJECT, Type: 7, Ranges: true, Constants: []*pb.Entry{{Name: []byte("jid"), Value: text("a@b")}, {}, {Name: []byte("n")}}}}},
		{Kind: &pb.Value_Ref{Ref: &pb.Ref{Id: 2, Kind: pb.Ref_SESSION, Session: []byte("c2s\x00\x00a\x00b\x00\x00")}}},
	}
	list := &pb.List{Values: plain}
	return append(plain,
		&pb.Value{Kind: &pb.Value_List{List: list}}, &pb.Value{Kind: &pb.Value_List{List: &pb.List{}}},
		&pb.Value{Kind: &pb.Value_Map{Map: &pb.Map{Entries: []*pb.Entry{{Name: []byte("list"), Value: &pb.Value{Kind: &pb.Value_List{List: list}}}}}}},
		&pb.Value{Kind: &pb.Value_Rows{Rows: &pb.Rows{Rows: []*pb.List{list, {}}}}},
		&pb.Value{Kind: &pb.Value_Data{Data: &pb.Data{Pairs: []*pb.Pair{{Key: text("k"), Value: plain[1]}}}}},
	)
}

// everyFrame are frames of all kinds.
func everyFrame() []*pb.Frame {
	values := everyValue()
	event := &pb.Event{Name: "message/bare", Origin: values[16].GetRef(), Stanza: []byte("<message/>"), ToSelf: proto.Bool(false), Further: values[15].GetRef()}
	for _, v := range values {
		event.Values = append(event.Values, &pb.Entry{Name: []byte("name"), Value: v})
	}
	return []*pb.Frame{
		{},
		{Chain: 1 << 63, Id: 3, Lane: []byte("room@rooms.example"), Body: &pb.Frame_Call{Call: &pb.Call{Target: 300, Method: "Fire", Args: values, Event: event, TimeoutMs: 30000, Deferred: true}}},
		{Id: 3, Body: &pb.Frame_Call{Call: &pb.Call{Event: &pb.Event{Stanza: []byte{}, ToSelf: proto.Bool(true)}}}},
		{Chain: 1, Id: 3, Body: &pb.Frame_Return{Return: &pb.Return{Results: values, Event: event, Error: &pb.Error{Text: "no", Code: pb.Error_GONE, StanzaError: []byte("<error/>"), Stack: "main"}}}},
		{Body: &pb.Frame_Return{Return: &pb.Return{}}},
		{Chain: 1, Lane: []byte("-"), Body: &pb.Frame_Cast{Cast: &pb.Cast{Target: 1, Method: "Broadcast", Args: values}}},
		{Body: &pb.Frame_Hello{Hello: &pb.Hello{Plugin: "bot", Methods: []string{"Save"}}}},
		{Body: &pb.Frame_Type{Type: &pb.TypeDef{Id: 1, Name: "room", Methods: []string{"send"}, Lasting: true}}},
		{Body: &pb.Frame_Release{Release: &pb.Release{Id: 1, Count: 2}}}, {Body: &pb.Frame_Drop{Drop: &pb.Drop{Id: 1}}},
		{Body: &pb.Frame_Ping{Ping: &pb.Ping{Number: 1}}}, {Body: &pb.Frame_Pong{Pong: &pb.Ping{Number: 1}}}, {Body: &pb.Frame_Credit{Credit: &pb.Credit{Bytes: 1 << 22}}},
	}
}

// What is written here the library reads, and what it writes is read here.
func TestMarshal(t *testing.T) {
	for _, f := range everyFrame() {
		data, err := appendFrame(nil, f)
		if err != nil || len(data) != frameSize(f) || len(data) != proto.Size(f) {
			t.Errorf("%v: %d bytes, expected %d, by the library %d: %v", f, len(data), frameSize(f), proto.Size(f), err)
		}
		theirs := &pb.Frame{}
		if err := proto.Unmarshal(data, theirs); err != nil || !proto.Equal(f, theirs) {
			t.Errorf("the library reads\n%v of\n%v: %v", theirs, f, err)
		}
	}
	want := &pb.Batch{Frames: everyFrame()}
	data, err := proto.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := new(reader).batch(data)
	clear(data)
	if err != nil || !proto.Equal(got, want) {
		t.Errorf("read\n%v of\n%v: %v", got, want, err)
	}
}

// nested is a list in a list, and so on.
func nested(depth int) *pb.Value {
	v := &pb.Value{}
	for range depth {
		v = &pb.Value{Kind: &pb.Value_List{List: &pb.List{Values: []*pb.Value{v}}}}
	}
	return v
}

// A hostile batch is an error, and takes no more room than it has bytes.
func TestUnmarshalHostile(t *testing.T) {
	cast := func(body ...byte) []byte {
		return appendBytes(nil, 1, append([]byte{7<<3 | 2, byte(len(body))}, body...))
	}
	deep, err := proto.Marshal(&pb.Batch{Frames: []*pb.Frame{{Body: &pb.Frame_Cast{Cast: &pb.Cast{Args: []*pb.Value{nested(4000)}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		data []byte
		ok   bool
	}{
		"a name that is not UTF-8":    {cast(2<<3|2, 1, 0xff), false},
		"a length beyond the end":     {cast(3<<3|2, 100), false},
		"a length of 2^63":            {cast(3<<3|2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), false},
		"a varint without end":        {cast(1<<3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), false},
		"a group":                     {cast(1<<3|3, 1<<3|4), true},
		"a group without end":         {cast(1<<3 | 3), false},
		"the number of no field":      {cast(0, 0), false},
		"an unknown field":            {cast(15<<3, 1), true},
		"a field of another type":     {cast(2<<3, 1), true},
		"lists in lists without end":  {deep, false},
		"a value with several kinds":  {cast(3<<3|2, 4, 1<<3, 1, 3<<3|2, 0), true},
		"a value with a broken kind":  {cast(3<<3|2, 2, 13<<3|2, 5), false},
		"garbage in a kind of frames": {appendBytes(nil, 1, []byte{11<<3 | 2, 1, 0xff}), false},
	} {
		if _, err := new(reader).batch(test.data); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Names are shared, but not without end.
func TestReaderNames(t *testing.T) {
	r := &reader{}
	for n := range 2 * maxNames {
		name := strings.Repeat("x", n%100) + string(rune('a'+n%26))
		if got, err := r.name([]byte(name)); got != name || err != nil {
			t.Fatalf("%q: %q, %v", name, got, err)
		}
		_, _ = r.name(protowire.AppendVarint([]byte("n"), uint64(n))) // may be no UTF-8
	}
	if len(r.names) > maxNames {
		t.Errorf("%d names are kept", len(r.names))
	}
}

// FuzzUnmarshal reads what the library reads, and understands it so.
func FuzzUnmarshal(f *testing.F) {
	for _, frame := range everyFrame() {
		data, err := proto.Marshal(&pb.Batch{Frames: []*pb.Frame{frame}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := new(reader).batch(bytes.Clone(data))
		if err != nil {
			return
		}
		for _, frame := range got.GetFrames() {
			written, err := appendFrame(nil, frame)
			again := &pb.Frame{}
			if err != nil || len(written) != frameSize(frame) || proto.Unmarshal(written, again) != nil || !proto.Equal(frame, again) {
				t.Errorf("%v is written as %x, %v: read as %v", frame, written, err, again)
			}
		}
		if proto.Unmarshal(data, &pb.Batch{}) != nil {
			t.Errorf("the library does not read %x", data)
		}
	})
}
