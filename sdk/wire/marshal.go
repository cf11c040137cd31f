package wire

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"quatrain/sdk/wire/pb"
)

// frameSize is how long appendFrame makes a frame, in bytes.
func frameSize(f *pb.Frame) int {
	n := uintSize(f.GetChain()) + uintSize(f.GetId()) + bytesSize(len(f.GetLane()))
	switch body := f.GetBody().(type) {
	case *pb.Frame_Call:
		return n + within(callSize(body.Call))
	case *pb.Frame_Return:
		return n + within(returnSize(body.Return))
	case *pb.Frame_Cast:
		return n + within(castSize(body.Cast))
	case nil:
		return n
	}
	return n + proto.Size(&pb.Frame{Body: f.GetBody()})
}

// within is how long a message of n bytes is as a field. The numbers of all fields here take one byte.
func within(n int) int { return 1 + protowire.SizeBytes(n) }

// uintSize and bytesSize are for fields that are not there when they are 0 or empty.
func uintSize(n uint64) int {
	if n == 0 {
		return 0
	}
	return 1 + protowire.SizeVarint(n)
}

func bytesSize(n int) int {
	if n == 0 {
		return 0
	}
	return within(n)
}

func boolSize(b bool) int {
	if b {
		return 2
	}
	return 0
}

func callSize(c *pb.Call) int {
	n := uintSize(c.GetTarget()) + bytesSize(len(c.GetMethod())) + valuesSize(c.GetArgs()) + uintSize(uint64(c.GetTimeoutMs())) + boolSize(c.GetDeferred())
	if e := c.GetEvent(); e != nil {
		n += within(eventSize(e))
	}
	return n
}

func castSize(c *pb.Cast) int {
	return uintSize(c.GetTarget()) + bytesSize(len(c.GetMethod())) + valuesSize(c.GetArgs())
}

func returnSize(r *pb.Return) int {
	n := valuesSize(r.GetResults())
	if e := r.GetError(); e != nil {
		n += within(proto.Size(e))
	}
	if e := r.GetEvent(); e != nil {
		n += within(eventSize(e))
	}
	return n
}

func eventSize(e *pb.Event) int {
	n := bytesSize(len(e.GetName())) + entriesSize(e.GetValues())
	if e.GetOrigin() != nil {
		n += within(refSize(e.GetOrigin()))
	}
	if e.Stanza != nil {
		n += within(len(e.Stanza))
	}
	if e.ToSelf != nil {
		n += 2
	}
	if e.GetFurther() != nil {
		n += within(refSize(e.GetFurther()))
	}
	return n
}

func refSize(r *pb.Ref) int {
	return uintSize(r.GetId()) + boolSize(r.GetYours()) + uintSize(uint64(r.GetKind())) + uintSize(uint64(r.GetType())) + entriesSize(r.GetConstants()) + boolSize(r.GetRanges()) + bytesSize(len(r.GetSession()))
}

func valuesSize(list []*pb.Value) (n int) {
	for _, v := range list {
		n += within(valueSize(v))
	}
	return n
}

func entriesSize(list []*pb.Entry) (n int) {
	for _, e := range list {
		n += within(entrySize(e))
	}
	return n
}

func entrySize(e *pb.Entry) int {
	n := bytesSize(len(e.GetName()))
	if e.GetValue() != nil {
		n += within(valueSize(e.GetValue()))
	}
	return n
}

func valueSize(v *pb.Value) int {
	if len(v.GetOpen()) > 0 {
		return proto.Size(v)
	}
	switch k := v.GetKind().(type) {
	case nil:
		return 0
	case *pb.Value_Bool:
		return 2
	case *pb.Value_Number:
		return 9
	case *pb.Value_String_:
		return within(len(k.String_))
	case *pb.Value_Stanza:
		return within(len(k.Stanza))
	case *pb.Value_List:
		return within(valuesSize(k.List.GetValues()))
	case *pb.Value_Map:
		return within(entriesSize(k.Map.GetEntries()))
	case *pb.Value_Ref:
		return within(refSize(k.Ref))
	case *pb.Value_Recipients:
		return recipientsSize(k.Recipients)
	case *givenList:
		return recipientsSize(k.Recipients)
	}
	return proto.Size(v)
}

func recipientsSize(list *pb.Recipients) int {
	return within(bytesSize(len(list.GetJids())) + uintSize(uint64(list.GetNumber())))
}

// appendFrame appends a frame as it is in a pb.Batch but for its tag and length.
func appendFrame(dst []byte, f *pb.Frame) ([]byte, error) {
	dst = appendUint(dst, 1, f.GetChain())
	dst = appendUint(dst, 2, f.GetId())
	dst = appendBytes(dst, 3, f.GetLane())
	switch body := f.GetBody().(type) {
	case *pb.Frame_Call:
		return appendCall(appendHead(dst, 5, callSize(body.Call)), body.Call)
	case *pb.Frame_Return:
		return appendReturn(appendHead(dst, 6, returnSize(body.Return)), body.Return)
	case *pb.Frame_Cast:
		return appendCast(appendHead(dst, 7, castSize(body.Cast)), body.Cast)
	case nil:
		return dst, nil
	}
	return proto.MarshalOptions{}.MarshalAppend(dst, &pb.Frame{Body: f.GetBody()})
}

// appendHead begins a field that is a message of n bytes.
func appendHead(dst []byte, number protowire.Number, n int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(dst, number, protowire.BytesType), uint64(n))
}

func appendUint(dst []byte, number protowire.Number, n uint64) []byte {
	if n == 0 {
		return dst
	}
	return protowire.AppendVarint(protowire.AppendTag(dst, number, protowire.VarintType), n)
}

func appendBool(dst []byte, number protowire.Number, b bool) []byte {
	return appendUint(dst, number, protowire.EncodeBool(b))
}

func appendBytes[B []byte | string](dst []byte, number protowire.Number, b B) []byte {
	if len(b) == 0 {
		return dst
	}
	return append(appendHead(dst, number, len(b)), b...)
}

func appendCall(dst []byte, c *pb.Call) (_ []byte, err error) {
	dst = appendUint(dst, 1, c.GetTarget())
	dst = appendBytes(dst, 2, c.GetMethod())
	if dst, err = appendValues(dst, 3, c.GetArgs()); err != nil {
		return dst, err
	}
	if e := c.GetEvent(); e != nil {
		if dst, err = appendEvent(appendHead(dst, 4, eventSize(e)), e); err != nil {
			return dst, err
		}
	}
	dst = appendUint(dst, 5, uint64(c.GetTimeoutMs()))
	return appendBool(dst, 6, c.GetDeferred()), nil
}

func appendCast(dst []byte, c *pb.Cast) ([]byte, error) {
	dst = appendUint(dst, 1, c.GetTarget())
	dst = appendBytes(dst, 2, c.GetMethod())
	return appendValues(dst, 3, c.GetArgs())
}

func appendReturn(dst []byte, r *pb.Return) (_ []byte, err error) {
	if dst, err = appendValues(dst, 1, r.GetResults()); err != nil {
		return dst, err
	}
	if e := r.GetError(); e != nil {
		if dst, err = (proto.MarshalOptions{}).MarshalAppend(appendHead(dst, 2, proto.Size(e)), e); err != nil {
			return dst, err
		}
	}
	if e := r.GetEvent(); e != nil {
		return appendEvent(appendHead(dst, 3, eventSize(e)), e)
	}
	return dst, nil
}

func appendEvent(dst []byte, e *pb.Event) (_ []byte, err error) {
	dst = appendBytes(dst, 1, e.GetName())
	if r := e.GetOrigin(); r != nil {
		if dst, err = appendRef(appendHead(dst, 2, refSize(r)), r); err != nil {
			return dst, err
		}
	}
	if e.Stanza != nil {
		dst = append(appendHead(dst, 3, len(e.Stanza)), e.Stanza...)
	}
	if e.ToSelf != nil {
		dst = append(dst, 4<<3, byte(protowire.EncodeBool(*e.ToSelf)))
	}
	if dst, err = appendEntries(dst, 5, e.GetValues()); err != nil {
		return dst, err
	}
	if r := e.GetFurther(); r != nil {
		return appendRef(appendHead(dst, 6, refSize(r)), r)
	}
	return dst, nil
}

func appendRef(dst []byte, r *pb.Ref) (_ []byte, err error) {
	dst = appendUint(dst, 1, r.GetId())
	dst = appendBool(dst, 2, r.GetYours())
	dst = appendUint(dst, 3, uint64(r.GetKind()))
	dst = appendUint(dst, 4, uint64(r.GetType()))
	if dst, err = appendEntries(dst, 5, r.GetConstants()); err != nil {
		return dst, err
	}
	return appendBytes(appendBool(dst, 6, r.GetRanges()), 7, r.GetSession()), nil
}

func appendValues(dst []byte, number protowire.Number, list []*pb.Value) (_ []byte, err error) {
	for _, v := range list {
		if dst, err = appendValueOf(appendHead(dst, number, valueSize(v)), v); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func appendEntries(dst []byte, number protowire.Number, list []*pb.Entry) (_ []byte, err error) {
	for _, e := range list {
		dst = appendBytes(appendHead(dst, number, entrySize(e)), 1, e.GetName())
		if v := e.GetValue(); v != nil {
			if dst, err = appendValueOf(appendHead(dst, 2, valueSize(v)), v); err != nil {
				return dst, err
			}
		}
	}
	return dst, nil
}

func appendValueOf(dst []byte, v *pb.Value) ([]byte, error) {
	if len(v.GetOpen()) > 0 {
		return proto.MarshalOptions{}.MarshalAppend(dst, v)
	}
	switch k := v.GetKind().(type) {
	case nil:
		return dst, nil
	case *pb.Value_Bool:
		return append(dst, 1<<3, byte(protowire.EncodeBool(k.Bool))), nil
	case *pb.Value_Number:
		return protowire.AppendFixed64(protowire.AppendTag(dst, 2, protowire.Fixed64Type), math.Float64bits(k.Number)), nil
	case *pb.Value_String_:
		return append(appendHead(dst, 3, len(k.String_)), k.String_...), nil
	case *pb.Value_Stanza:
		return append(appendHead(dst, 8, len(k.Stanza)), k.Stanza...), nil
	case *pb.Value_List:
		return appendValues(appendHead(dst, 5, valuesSize(k.List.GetValues())), 1, k.List.GetValues())
	case *pb.Value_Map:
		return appendEntries(appendHead(dst, 6, entriesSize(k.Map.GetEntries())), 1, k.Map.GetEntries())
	case *pb.Value_Ref:
		return appendRef(appendHead(dst, 10, refSize(k.Ref)), k.Ref)
	case *pb.Value_Recipients:
		list := k.Recipients
		dst = appendHead(dst, 13, bytesSize(len(list.GetJids()))+uintSize(uint64(list.GetNumber())))
		return appendUint(appendBytes(dst, 1, list.GetJids()), 2, uint64(list.GetNumber())), nil
	}
	return proto.MarshalOptions{}.MarshalAppend(dst, v)
}
