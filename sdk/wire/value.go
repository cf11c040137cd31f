package wire

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// maxDepth bounds the nesting of values, so that a list that contains itself is an error.
const maxDepth = 100

// encode makes a value ready to be sent. What has no form on the wire stays here and is given away as a reference. ctx is for objects that are
// asked for their constants.
func (p *Peer) encode(ctx context.Context, v any) (*pb.Value, error) { return p.encodeAt(ctx, v, 0) }

func (p *Peer) encodeAt(ctx context.Context, v any, depth int) (*pb.Value, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("a value is nested more than %d deep", maxDepth)
	}
	switch v := v.(type) {
	case nil:
		return &pb.Value{}, nil
	case bool:
		return &pb.Value{Kind: &pb.Value_Bool{Bool: v}}, nil
	case float64:
		return number(v), nil
	case int:
		return number(float64(v)), nil
	case int64:
		return number(float64(v)), nil
	case string:
		return text(v), nil
	case []byte:
		return &pb.Value{Kind: &pb.Value_Bytes{Bytes: v}}, nil
	case *stanza.Element:
		if v == nil {
			return &pb.Value{}, nil
		}
		return &pb.Value{Kind: &pb.Value_Stanza{Stanza: xml(v)}, Open: encodePath(v.Path())}, nil
	case *stanza.Error:
		if v == nil {
			return &pb.Value{}, nil
		}
		return &pb.Value{Kind: &pb.Value_Error{Error: xml(v.Element())}}, nil
	case []string:
		list := make([]*pb.Value, len(v))
		for i, s := range v {
			list[i] = text(s)
		}
		return &pb.Value{Kind: &pb.Value_List{List: &pb.List{Values: list}}}, nil
	case []any:
		list, err := p.encodeList(ctx, v, depth+1)
		return &pb.Value{Kind: &pb.Value_List{List: list}}, err
	case sdk.Rows:
		return p.encodeRows(ctx, v, depth+1)
	case map[string]any:
		entries, err := encodeMap(ctx, p, v, depth+1)
		return &pb.Value{Kind: &pb.Value_Map{Map: &pb.Map{Entries: entries}}}, err
	case map[string]string:
		entries, err := encodeMap(ctx, p, v, depth+1)
		return &pb.Value{Kind: &pb.Value_Map{Map: &pb.Map{Entries: entries}}}, err
	case map[string]bool:
		entries, err := encodeMap(ctx, p, v, depth+1)
		return &pb.Value{Kind: &pb.Value_Map{Map: &pb.Map{Entries: entries}}}, err
	case sdk.Data:
		return p.encodeData(ctx, v, depth+1)
	case *sdk.ObjectSession:
		return p.encodeAt(ctx, v.Object(), depth)
	case sdk.Module: // of another plugin, as the source of an item: there is no more to know of it
		return p.encodeAt(ctx, map[string]string{"name": v.Name(), "host": v.Host()}, depth)
	}
	ref, err := p.refer(ctx, v)
	return &pb.Value{Kind: &pb.Value_Ref{Ref: ref}}, err
}

func number(f float64) *pb.Value { return &pb.Value{Kind: &pb.Value_Number{Number: f}} }
func text(s string) *pb.Value    { return &pb.Value{Kind: &pb.Value_String_{String_: []byte(s)}} }

// streamPrefix is what elements of the stream itself have in their names, as modules know them. It is declared by the stream's tag, which is not here.
const streamPrefix = "stream:"

func xml(e *stanza.Element) []byte {
	if name, prefixed := strings.CutPrefix(e.Name, streamPrefix); prefixed {
		e = &stanza.Element{Name: name, Attrs: slices.Clone(e.Attrs), Tags: e.Tags, Nodes: e.Nodes}
		e.SetAttr("xmlns", stanza.NSStreams)
	}
	return e.AppendXML(make([]byte, 0, 512), "")
}

func (p *Peer) encodeList(ctx context.Context, v []any, depth int) (*pb.List, error) {
	list := &pb.List{Values: make([]*pb.Value, len(v))}
	for i, x := range v {
		var err error
		if list.Values[i], err = p.encodeAt(ctx, x, depth); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (p *Peer) encodeRows(ctx context.Context, v sdk.Rows, depth int) (*pb.Value, error) {
	rows := &pb.Rows{Rows: make([]*pb.List, len(v))}
	for i, row := range v {
		var err error
		if rows.Rows[i], err = p.encodeList(ctx, row, depth); err != nil {
			return nil, err
		}
	}
	return &pb.Value{Kind: &pb.Value_Rows{Rows: rows}}, nil
}

func encodeMap[V any](ctx context.Context, p *Peer, v map[string]V, depth int) ([]*pb.Entry, error) {
	entries := make([]*pb.Entry, 0, len(v))
	for name, x := range v {
		value, err := p.encodeAt(ctx, x, depth)
		if err != nil {
			return nil, err
		}
		entries = append(entries, &pb.Entry{Name: []byte(name), Value: value})
	}
	return entries, nil
}

func (p *Peer) encodeData(ctx context.Context, v sdk.Data, depth int) (*pb.Value, error) {
	data := &pb.Data{Pairs: make([]*pb.Pair, 0, len(v))}
	for k, x := range v {
		key, err := p.encodeAt(ctx, k, maxDepth)
		if err != nil {
			return nil, err
		}
		value, err := p.encodeAt(ctx, x, depth)
		if err != nil {
			return nil, err
		}
		data.Pairs = append(data.Pairs, &pb.Pair{Key: key, Value: value})
	}
	return &pb.Value{Kind: &pb.Value_Data{Data: data}}, nil
}

func (p *Peer) encodeAll(ctx context.Context, list []any) ([]*pb.Value, error) {
	if len(list) == 0 {
		return nil, nil
	}
	values := make([]*pb.Value, len(list))
	for i, v := range list {
		var err error
		if values[i], err = p.encode(ctx, v); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// decode is a value that was received. What is wrong with one that an honest sender would not have sent is an error.
func (p *Peer) decode(v *pb.Value) (any, error) { return p.decodeAt(v, 0) }

func (p *Peer) decodeAt(v *pb.Value, depth int) (any, error) {
	if depth > maxDepth+1 {
		return nil, fmt.Errorf("a value is nested more than %d deep", maxDepth)
	}
	switch k := v.GetKind().(type) {
	case *pb.Value_Bool:
		return k.Bool, nil
	case *pb.Value_Number:
		return k.Number, nil
	case *pb.Value_String_:
		return string(k.String_), nil
	case *pb.Value_Bytes:
		return k.Bytes, nil
	case *pb.Value_List:
		return p.decodeList(k.List.GetValues(), depth+1)
	case *pb.Value_Map:
		return p.decodeMap(k.Map.GetEntries(), depth+1)
	case *pb.Value_Data:
		return p.decodeData(k.Data.GetPairs(), depth+1)
	case *pb.Value_Stanza:
		e, err := parse(k.Stanza)
		if err == nil && len(v.GetOpen()) > 0 {
			e.SetPath(decodePath(v.GetOpen()))
		}
		return e, err
	case *pb.Value_Error:
		return parseError(k.Error)
	case *pb.Value_Ref:
		return p.deref(k.Ref)
	case *pb.Value_Recipients:
		return unpack(k.Recipients.GetJids()), nil
	case *givenList:
		return k.jids, nil
	case *pb.Value_Rows:
		rows := make(sdk.Rows, len(k.Rows.GetRows()))
		for i, row := range k.Rows.GetRows() {
			var err error
			if rows[i], err = p.decodeList(row.GetValues(), depth+1); err != nil {
				return nil, err
			}
		}
		return rows, nil
	}
	return nil, nil
}

// encodePath is where a stanza's builder stands.
func encodePath(path []int) (open []uint32) {
	for _, i := range path {
		open = append(open, uint32(i))
	}
	return open
}

func decodePath(open []uint32) []int {
	path := make([]int, len(open))
	for n, i := range open {
		path[n] = int(i)
	}
	return path
}

func parse(data []byte) (*stanza.Element, error) {
	e, err := xmlstream.ParseElement(data)
	if err != nil {
		return nil, fmt.Errorf("a malformed stanza: %w", err)
	}
	if e.Attr("xmlns") == stanza.NSStreams {
		e.Name = streamPrefix + e.Name
		e.DelAttr("xmlns")
	}
	return e, nil
}

func parseError(data []byte) (*stanza.Error, error) {
	e, err := parse(data)
	if err != nil {
		return nil, err
	}
	if e.Name != "error" {
		return nil, fmt.Errorf("a malformed stanza error: <%s/>", e.Name)
	}
	return stanza.ParseError(stanza.New("iq", "").AddChild(e)), nil
}

func (p *Peer) decodeList(values []*pb.Value, depth int) ([]any, error) {
	list := make([]any, len(values))
	for i, v := range values {
		var err error
		if list[i], err = p.decodeAt(v, depth); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (p *Peer) decodeMap(entries []*pb.Entry, depth int) (map[string]any, error) {
	m := make(map[string]any, len(entries))
	for _, e := range entries {
		v, err := p.decodeAt(e.GetValue(), depth)
		if err != nil {
			return nil, err
		}
		m[string(e.GetName())] = v
	}
	return m, nil
}

func (p *Peer) decodeData(pairs []*pb.Pair, depth int) (sdk.Data, error) {
	data := make(sdk.Data, len(pairs))
	for _, pair := range pairs {
		var key any
		switch k := pair.GetKey().GetKind().(type) {
		case *pb.Value_String_:
			key = string(k.String_)
		case *pb.Value_Number:
			key = k.Number
		case *pb.Value_Bool:
			key = k.Bool
		}
		if f, ok := key.(float64); key == nil || ok && math.IsNaN(f) {
			return nil, fmt.Errorf("a key of stored data is %v, want a string or number", key)
		}
		v, err := p.decodeAt(pair.GetValue(), depth)
		if err != nil {
			return nil, err
		}
		data[key] = v
	}
	return data, nil
}
