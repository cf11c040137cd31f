package wire

import (
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"unsafe"
	"weak"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// exports are the things of ours that the other side has, by number.
type exports struct {
	mu   sync.Mutex // guards the rest
	last uint64
	byID map[uint64]*export
	ids  map[any]*export // by export.key
}

// export is one thing. Lasting objects, which the other side keeps until they are dropped here, are not kept by it.
type export struct {
	id    uint64
	key   any // what it is found by: the value, or a weak pointer to it; nil if it cannot be found again
	value any // nil if it is not kept
	weak  weak.Pointer[byte]
	kind  reflect.Type // what the weak pointer points to
	count uint64       // how often it was sent
	pins  int          // how many frames that have not been read name it
}

func (x *exports) init() { x.byID, x.ids = map[uint64]*export{}, map[any]*export{} }

// give is the number of a value that is about to be sent. dropped is told when a lasting object is no more.
func (x *exports) give(v any, dropped func(id uint64)) uint64 {
	e := newExport(v)
	x.mu.Lock()
	defer x.mu.Unlock()
	if e.key != nil {
		if known := x.ids[e.key]; known != nil {
			known.count++
			return known.id
		}
	}
	x.last++
	e.id, e.count = x.last, 1
	x.byID[e.id] = e
	if e.key != nil {
		x.ids[e.key] = e
	}
	if e.kind != nil {
		runtime.AddCleanup((*byte)(pointer(v)), dropped, e.id)
	}
	return e.id
}

func newExport(v any) *export {
	t := reflect.TypeOf(v)
	if o, ok := v.(sdk.Object); ok && t.Kind() == reflect.Pointer && o.Type().Lasting {
		w := weak.Make((*byte)(pointer(v)))
		return &export{key: w, weak: w, kind: t.Elem()}
	}
	if t.Comparable() {
		return &export{key: v, value: v}
	}
	return &export{value: v}
}

// pointer is the pointer that a value is.
func pointer(v any) unsafe.Pointer { return reflect.ValueOf(v).UnsafePointer() }

// get is the value, nil if it is no more.
func (e *export) get() any {
	if e.kind == nil {
		return e.value
	}
	p := e.weak.Value()
	if p == nil {
		return nil
	}
	return reflect.NewAt(e.kind, unsafe.Pointer(p)).Interface()
}

func (x *exports) get(id uint64) (any, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.byID[id]
	if e == nil {
		return nil, false
	}
	v := e.get()
	return v, v != nil
}

func (x *exports) release(id, count uint64) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.byID[id]
	if e == nil || count > e.count {
		return fmt.Errorf("a release of %d, which was not given so often", id)
	}
	e.count -= count
	x.drop(e)
	return nil
}

// drop forgets a thing that the other side does not have any more.
func (x *exports) drop(e *export) {
	if e.count > 0 || e.pins > 0 {
		return
	}
	delete(x.byID, e.id)
	if e.key != nil {
		delete(x.ids, e.key)
	}
}

// dropped tells the other side that a lasting object is no more.
func (p *Peer) dropped(id uint64) {
	_ = p.send(&pb.Frame{Body: &pb.Frame_Drop{Drop: &pb.Drop{Id: id}}}) // fails if there is nobody to tell
}

// drop lets go of a lasting object of the other side's.
func (im *imports) drop(id uint64) {
	im.mu.Lock()
	defer im.mu.Unlock()
	if e := im.byID[id]; e != nil {
		e.kept = nil
	}
}
