package wire

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"quatrain/sdk/wire/pb"
)

// Frames that are sent for each stanza are read and written here, in the form that plugin.proto describes: what the library does for any message
// took half of the time of both sides. Everything else is left to the library.

// reader reads the batches of one connection, not two at a time.
type reader struct {
	names map[string]string // of methods and events that were read before
}

// maxNames is how many names are remembered, maxName how long one may be.
const (
	maxNames = 1024
	maxName  = 64
)

var errNotUTF8 = errors.New("proto: a name is not UTF-8")

// batch reads a pb.Batch. Nothing of it lies in data, which may be used for something else.
func (r *reader) batch(data []byte) (*pb.Batch, error) {
	b := &pb.Batch{}
	err := fields(data, func(f field) error {
		if f.number != 1 || f.typ != protowire.BytesType {
			return nil
		}
		frame, err := r.frame(bytes.Clone(f.bytes))
		b.Frames = append(b.Frames, frame)
		return err
	})
	return b, err
}

// field is a field of a message.
type field struct {
	number protowire.Number
	typ    protowire.Type
	bytes  []byte // of a BytesType
	varint uint64 // of a VarintType, and the bits of a Fixed64Type
}

// fields calls f with each field of a message, in order.
func fields(data []byte, f func(f field) error) error {
	for len(data) > 0 {
		one, n := next(data)
		if n < 0 {
			return fmt.Errorf("proto: %w", protowire.ParseError(n))
		}
		data = data[n:]
		if err := f(one); err != nil {
			return err
		}
	}
	return nil
}

// badNumber is protowire's error for the number of a field.
const badNumber = -2

// next is the first field, and how long it is; negative for an error of protowire's.
func next(data []byte) (f field, n int) {
	var m int
	if f.number, f.typ, n = protowire.ConsumeTag(data); n < 0 {
		return f, n
	}
	if f.number > protowire.MaxValidNumber {
		return f, badNumber
	}
	switch rest := data[n:]; f.typ {
	case protowire.BytesType:
		f.bytes, m = protowire.ConsumeBytes(rest)
	case protowire.VarintType:
		f.varint, m = protowire.ConsumeVarint(rest)
	case protowire.Fixed64Type:
		f.varint, m = protowire.ConsumeFixed64(rest)
	default:
		m = protowire.ConsumeFieldValue(f.number, f.typ, rest)
	}
	if m < 0 {
		return f, m
	}
	return f, n + m
}

// is tells whether a field is the one of a number, with a type that it may have; one with another type is passed over as an unknown one is.
func (f field) is(number protowire.Number, typ protowire.Type) bool {
	return f.number == number && f.typ == typ
}

// name is a text that comes again and again.
func (r *reader) name(b []byte) (string, error) {
	if s, known := r.names[string(b)]; known {
		return s, nil
	}
	if !utf8.Valid(b) {
		return "", errNotUTF8
	}
	s := string(b)
	if len(s) <= maxName && len(r.names) < maxNames {
		if r.names == nil {
			r.names = map[string]string{}
		}
		r.names[s] = s
	}
	return s, nil
}

// frame reads a pb.Frame, which goes on using data.
func (r *reader) frame(data []byte) (*pb.Frame, error) {
	frame := &pb.Frame{}
	err := fields(data, func(f field) (err error) {
		switch {
		case f.is(1, protowire.VarintType):
			frame.Chain = f.varint
		case f.is(2, protowire.VarintType):
			frame.Id = f.varint
		case f.is(3, protowire.BytesType):
			frame.Lane = f.bytes
		case f.typ != protowire.BytesType:
		case f.number == 5:
			one := &callBody{}
			one.body.Call, frame.Body = &one.call, &one.body
			err = r.call(&one.call, f.bytes)
		case f.number == 6:
			one := &returnBody{}
			one.body.Return, frame.Body = &one.ret, &one.body
			err = r.ret(&one.ret, f.bytes)
		case f.number == 7:
			one := &castBody{}
			one.body.Cast, frame.Body = &one.cast, &one.body
			one.cast.Args = one.args[:0]
			err = r.cast(&one.cast, f.bytes)
		case f.number >= 4 && f.number <= 13:
			err = other(frame, f)
		}
		return err
	})
	return frame, err
}

// other lets the library read a body that is seldom.
func other(frame *pb.Frame, f field) error {
	body := &pb.Frame{}
	if err := proto.Unmarshal(protowire.AppendBytes(protowire.AppendTag(nil, f.number, f.typ), f.bytes), body); err != nil {
		return err
	}
	frame.Body = body.Body
	return nil
}

// What a frame is made of for each stanza lies in one piece.
type (
	callBody struct {
		body pb.Frame_Call
		call pb.Call
	}
	returnBody struct {
		body pb.Frame_Return
		ret  pb.Return
	}
	castBody struct {
		body pb.Frame_Cast
		cast pb.Cast
		args [2]*pb.Value
	}
	eventFrom struct {
		event  pb.Event
		origin pb.Ref
	}
)

func (r *reader) call(c *pb.Call, data []byte) error {
	return fields(data, func(f field) (err error) {
		switch {
		case f.is(1, protowire.VarintType):
			c.Target = f.varint
		case f.is(2, protowire.BytesType):
			c.Method, err = r.name(f.bytes)
		case f.is(3, protowire.BytesType):
			c.Args, err = appendValue(c.Args, f.bytes, 0)
		case f.is(4, protowire.BytesType):
			c.Event, err = r.event(f.bytes)
		case f.is(5, protowire.VarintType):
			c.TimeoutMs = uint32(f.varint)
		case f.is(6, protowire.VarintType):
			c.Deferred = f.varint != 0
		}
		return err
	})
}

func (r *reader) cast(c *pb.Cast, data []byte) error {
	return fields(data, func(f field) (err error) {
		switch {
		case f.is(1, protowire.VarintType):
			c.Target = f.varint
		case f.is(2, protowire.BytesType):
			c.Method, err = r.name(f.bytes)
		case f.is(3, protowire.BytesType):
			c.Args, err = appendValue(c.Args, f.bytes, 0)
		}
		return err
	})
}

func (r *reader) ret(ret *pb.Return, data []byte) error {
	return fields(data, func(f field) (err error) {
		switch {
		case f.is(1, protowire.BytesType):
			ret.Results, err = appendValue(ret.Results, f.bytes, 0)
		case f.is(2, protowire.BytesType):
			ret.Error = &pb.Error{}
			err = proto.Unmarshal(f.bytes, ret.Error)
		case f.is(3, protowire.BytesType):
			ret.Event, err = r.event(f.bytes)
		}
		return err
	})
}

func (r *reader) event(data []byte) (*pb.Event, error) {
	one := &eventFrom{}
	e := &one.event
	err := fields(data, func(f field) (err error) {
		switch {
		case f.is(1, protowire.BytesType):
			e.Name, err = r.name(f.bytes)
		case f.is(2, protowire.BytesType):
			one.origin.Reset() // the last one counts
			e.Origin = &one.origin
			err = readRefTo(e.Origin, f.bytes, 0)
		case f.is(3, protowire.BytesType):
			e.Stanza = f.bytes
		case f.is(4, protowire.VarintType):
			e.ToSelf = proto.Bool(f.varint != 0)
		case f.is(5, protowire.BytesType):
			e.Values, err = appendEntry(e.Values, f.bytes, 0)
		case f.is(6, protowire.BytesType):
			e.Further, err = readRef(f.bytes, 0)
		}
		return err
	})
	return e, err
}

// Each kind of value lies beside its value, as it is made for nothing else.
type (
	boolValue struct {
		value pb.Value
		kind  pb.Value_Bool
	}
	numberValue struct {
		value pb.Value
		kind  pb.Value_Number
	}
	stringValue struct {
		value pb.Value
		kind  pb.Value_String_
	}
	stanzaValue struct {
		value pb.Value
		kind  pb.Value_Stanza
	}
)

// errTooDeep is what the library says at this depth, too.
var errTooDeep = errors.New("proto: exceeded max recursion depth")

func appendValue(list []*pb.Value, data []byte, depth int) ([]*pb.Value, error) {
	v, err := readValue(data, depth)
	return append(list, v), err
}

// readValue reads a pb.Value. Values within values are as deep as the library lets them be.
func readValue(data []byte, depth int) (*pb.Value, error) {
	if depth > protowire.DefaultRecursionLimit/4 {
		return nil, errTooDeep
	}
	if v, ok := readPlain(data); ok {
		return v, nil
	}
	v := &pb.Value{}
	err := fields(data, func(f field) (err error) {
		switch {
		case f.is(5, protowire.BytesType):
			list := &pb.List{}
			v.Kind = &pb.Value_List{List: list}
			err = fields(f.bytes, func(f field) (err error) {
				if f.is(1, protowire.BytesType) {
					list.Values, err = appendValue(list.Values, f.bytes, depth+1)
				}
				return err
			})
		case f.is(6, protowire.BytesType):
			m := &pb.Map{}
			v.Kind = &pb.Value_Map{Map: m}
			err = fields(f.bytes, func(f field) (err error) {
				if f.is(1, protowire.BytesType) {
					m.Entries, err = appendEntry(m.Entries, f.bytes, depth+1)
				}
				return err
			})
		case f.is(10, protowire.BytesType):
			ref := &pb.Value_Ref{}
			v.Kind = ref
			ref.Ref, err = readRef(f.bytes, depth+1)
		default:
			err = otherValue(v, f)
		}
		return err
	})
	return v, err
}

// readPlain reads a value of one field that contains no others, if it is one.
func readPlain(data []byte) (*pb.Value, bool) {
	f, n := next(data)
	if n != len(data) {
		return nil, false
	}
	switch {
	case f.is(1, protowire.VarintType):
		v := &boolValue{kind: pb.Value_Bool{Bool: f.varint != 0}}
		v.value.Kind = &v.kind
		return &v.value, true
	case f.is(2, protowire.Fixed64Type):
		v := &numberValue{kind: pb.Value_Number{Number: math.Float64frombits(f.varint)}}
		v.value.Kind = &v.kind
		return &v.value, true
	case f.is(3, protowire.BytesType):
		v := &stringValue{kind: pb.Value_String_{String_: f.bytes}}
		v.value.Kind = &v.kind
		return &v.value, true
	case f.is(8, protowire.BytesType):
		v := &stanzaValue{kind: pb.Value_Stanza{Stanza: f.bytes}}
		v.value.Kind = &v.kind
		return &v.value, true
	case f.is(13, protowire.BytesType):
		list, err := readRecipients(f.bytes)
		return &pb.Value{Kind: &pb.Value_Recipients{Recipients: list}}, err == nil
	}
	return nil, false
}

// otherValue lets the library read what is seldom, and add it to what was read before.
func otherValue(v *pb.Value, f field) error {
	one := protowire.AppendTag(nil, f.number, f.typ)
	switch f.typ {
	case protowire.BytesType:
		one = protowire.AppendBytes(one, f.bytes)
	case protowire.VarintType:
		one = protowire.AppendVarint(one, f.varint)
	case protowire.Fixed64Type:
		one = protowire.AppendFixed64(one, f.varint)
	default:
		return nil // no value has a field of such a type
	}
	return proto.UnmarshalOptions{Merge: true}.Unmarshal(one, v)
}

func readRecipients(data []byte) (*pb.Recipients, error) {
	list := &pb.Recipients{}
	return list, fields(data, func(f field) error {
		switch {
		case f.is(1, protowire.BytesType):
			list.Jids = f.bytes
		case f.is(2, protowire.VarintType):
			list.Number = uint32(f.varint)
		}
		return nil
	})
}

func appendEntry(list []*pb.Entry, data []byte, depth int) ([]*pb.Entry, error) {
	e := &pb.Entry{}
	err := fields(data, func(f field) (err error) {
		switch {
		case f.is(1, protowire.BytesType):
			e.Name = f.bytes
		case f.is(2, protowire.BytesType):
			e.Value, err = readValue(f.bytes, depth)
		}
		return err
	})
	return append(list, e), err
}

func readRef(data []byte, depth int) (*pb.Ref, error) {
	ref := &pb.Ref{}
	return ref, readRefTo(ref, data, depth)
}

func readRefTo(ref *pb.Ref, data []byte, depth int) error {
	return fields(data, func(f field) (err error) {
		switch {
		case f.is(1, protowire.VarintType):
			ref.Id = f.varint
		case f.is(2, protowire.VarintType):
			ref.Yours = f.varint != 0
		case f.is(3, protowire.VarintType):
			ref.Kind = pb.Ref_Kind(f.varint)
		case f.is(4, protowire.VarintType):
			ref.Type = uint32(f.varint)
		case f.is(5, protowire.BytesType):
			ref.Constants, err = appendEntry(ref.Constants, f.bytes, depth+1)
		case f.is(6, protowire.VarintType):
			ref.Ranges = f.varint != 0
		case f.is(7, protowire.BytesType):
			ref.Session = f.bytes
		}
		return err
	})
}
