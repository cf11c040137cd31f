package wire

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// types are the object types that the two sides have told each other of.
type types struct {
	mu     sync.Mutex // guards the rest; held while a description is queued, so that no use comes before it
	ours   map[*sdk.ObjectType]uint32
	theirs map[uint32]*sdk.ObjectType
}

// maxTypes bounds how many types a program may describe.
const maxTypes = 10000

func (t *types) init() { t.ours, t.theirs = map[*sdk.ObjectType]uint32{}, map[uint32]*sdk.ObjectType{} }

// typeOf is the number of an object's type, which is described if it was not.
func (p *Peer) typeOf(o sdk.Object) (uint32, error) {
	typ := o.Type()
	if typ == nil {
		return 0, fmt.Errorf("an object (%T) has no type", o)
	}
	t := &p.types
	t.mu.Lock()
	defer t.mu.Unlock()
	if id, ok := t.ours[typ]; ok {
		return id, nil
	}
	id := uint32(len(t.ours) + 1)
	def := &pb.TypeDef{Id: id, Name: typ.Name, Methods: typ.Methods, Properties: typ.Properties, Constants: typ.Constants, Lasting: typ.Lasting, Open: typ.Open}
	if err := p.send(&pb.Frame{Body: &pb.Frame_Type{Type: def}}); err != nil {
		return 0, err
	}
	t.ours[typ] = id
	return id, nil
}

func (t *types) learn(def *pb.TypeDef) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.theirs[def.GetId()] != nil || len(t.theirs) >= maxTypes {
		return fmt.Errorf("a type is described twice, or there are too many: %d", def.GetId())
	}
	t.theirs[def.GetId()] = &sdk.ObjectType{
		Name: def.GetName(), Methods: def.GetMethods(), Properties: def.GetProperties(), Constants: def.GetConstants(), Lasting: def.GetLasting(), Open: def.GetOpen(),
	}
	return nil
}

// known is the type of a reference to an object, nil for others.
func (t *types) known(ref *pb.Ref) (*sdk.ObjectType, error) {
	if ref.GetKind() != pb.Ref_OBJECT {
		return nil, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	typ := t.theirs[ref.GetType()]
	if typ == nil {
		return nil, fmt.Errorf("an object of type %d, which was not described", ref.GetType())
	}
	return typ, nil
}

func objectConstants(ctx context.Context, o sdk.Object) map[string]any {
	names := o.Type().Constants
	constants := make(map[string]any, len(names))
	for _, name := range names {
		if v, err := o.Get(ctx, name); err == nil { // otherwise it is asked for when it is needed
			constants[name] = v
		}
	}
	return constants
}

// object is an object of the other side. A rangeObject can be gone through, an openObject has any properties.
type object struct {
	Remote
	sdk.WithFace
	typ *sdk.ObjectType
}

type rangeObject struct{ object }

type openObject struct{ rangeObject }

func (p *Peer) standObject(typ *sdk.ObjectType, ranges bool, constants map[string]any, e *imported) proxied {
	switch {
	case typ.Open:
		o := &openObject{}
		track(p, e, o)
		return o.become(p, e, o, typ, constants)
	case ranges:
		o := &rangeObject{}
		track(p, e, o)
		return o.become(p, e, o, typ, constants)
	}
	o := &object{}
	track(p, e, o)
	return o.become(p, e, o, typ, constants)
}

// become makes o, whose part the object is, stand for e.
func (o *object) become(p *Peer, e *imported, whole proxied, typ *sdk.ObjectType, constants map[string]any) proxied {
	o.peer, o.id, o.kind, o.constants, o.typ = p, e.id, pb.Ref_OBJECT, constants, typ
	if typ.Lasting {
		e.kept = whole
	}
	return whole
}

func (o *object) Type() *sdk.ObjectType { return o.typ }

func (o *object) Get(ctx context.Context, property string) (any, error) {
	if slices.Contains(o.typ.Constants, property) {
		if v := o.Constant(property); v != nil {
			return v, nil
		}
	}
	return first(o.ask(ctx, "Get", property))
}

func (o *object) Set(ctx context.Context, property string, value any) error {
	_, err := o.ask(ctx, "Set", property, value)
	return err
}

func (o *object) Call(ctx context.Context, method string, args ...any) ([]any, error) {
	return o.ask(ctx, "Call", append([]any{method}, args...)...)
}

func (o *openObject) GetKey(ctx context.Context, key any) (any, error) {
	return first(o.ask(ctx, "GetKey", key))
}

func (o *openObject) SetKey(ctx context.Context, key, value any) error {
	_, err := o.ask(ctx, "SetKey", key, value)
	return err
}

// Range gets all keys and values at once.
func (o *rangeObject) Range(ctx context.Context, f func(key, value any) bool) error {
	v, err := first(o.ask(ctx, "Range"))
	if err != nil {
		return err
	}
	rows, _ := v.(sdk.Rows)
	for _, row := range rows {
		if len(row) == 2 && !f(row[0], row[1]) {
			break
		}
	}
	return nil
}

func (o *openObject) Len(ctx context.Context) (int, error) {
	v, err := first(o.ask(ctx, "Len"))
	n, _ := v.(float64)
	return int(n), err
}

// invokeObject is the other end of object's methods.
func invokeObject(ctx context.Context, o sdk.Object, method string, a Args) ([]any, error) {
	switch method {
	case "Len":
		return one(sdk.Len(ctx, o))
	case "Get":
		return one(o.Get(ctx, a.Text(0)))
	case "Set":
		return nil, o.Set(ctx, a.Text(0), a.At(1))
	case "Call":
		return o.Call(ctx, a.Text(0), a.From(1)...)
	}
	if k, ok := o.(sdk.KeyedObject); ok && method == "GetKey" {
		return one(k.GetKey(ctx, a.At(0)))
	} else if ok && method == "SetKey" {
		return nil, k.SetKey(ctx, a.At(0), a.At(1))
	}
	if name, ok := a.At(0).(string); ok && method == "GetKey" {
		return one(o.Get(ctx, name))
	} else if ok && method == "SetKey" {
		return nil, o.Set(ctx, name, a.At(1))
	}
	r, ok := o.(sdk.Ranger)
	if !ok || method != "Range" {
		return nil, fmt.Errorf("%w: %q", sdk.ErrNoMethod, method)
	}
	rows := sdk.Rows{}
	err := r.Range(ctx, func(key, value any) bool {
		rows = append(rows, []any{key, value})
		return true
	})
	return one(rows, err)
}

// function is a function of the other side.
type function struct{ Remote }

func (f *function) Call(ctx context.Context, args ...any) ([]any, error) {
	return f.ask(ctx, "", args...)
}

// exporter is a plugin that the other side knows.
type exporter struct{ Remote }

func (x *exporter) Export(ctx context.Context, name string) (any, error) {
	return first(x.ask(ctx, "Export", name))
}

// Load is nobody's business here (sdk.Plugin).
func (x *exporter) Load(context.Context, sdk.Module) error {
	return fmt.Errorf("a plugin that others depend on is loaded by the server")
}

var (
	_ sdk.Object      = (*object)(nil)
	_ sdk.Ranger      = (*rangeObject)(nil)
	_ sdk.KeyedObject = (*openObject)(nil)
	_ sdk.Lister      = (*openObject)(nil)
	_ sdk.Function    = (*function)(nil)
	_ sdk.Exporter    = (*exporter)(nil)
	_ sdk.Plugin      = (*exporter)(nil)
)
