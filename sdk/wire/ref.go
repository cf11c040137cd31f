package wire

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"weak"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// target is what a call is for.
func (p *Peer) target(id uint64) (any, error) {
	if id == 0 {
		return p.opts.Root, nil
	}
	v, ok := p.exports.get(id)
	if !ok {
		return nil, fmt.Errorf("%w: nothing has the number %d", sdk.ErrGone, id)
	}
	return v, nil
}

// imports are the other side's things that we have, by number.
type imports struct {
	mu   sync.Mutex // guards the rest
	byID map[uint64]*imported
	recent
}

// imported is one thing, as long as somebody has it.
type imported struct {
	id    uint64
	count uint64         // how often it was received
	alive func() proxied // nil when nobody has it any more
	kept  proxied        // of what its owner drops, and of sessions that were used lately
	used  uint64         // in which period a session was; 0 if it is not kept
}

// proxied is what stands for a thing of the other side.
type proxied interface {
	home() (p *Peer, id uint64)
	// update takes what a reference tells.
	update(ref *pb.Ref, constants map[string]any)
}

func (im *imports) init() { im.byID, im.period = map[uint64]*imported{}, 1 }

// Remote is a thing of the other side.
type Remote struct {
	peer *Peer
	id   uint64
	kind pb.Ref_Kind

	mu        sync.Mutex // guards constants, which is replaced and not changed
	constants map[string]any
}

func (r *Remote) home() (*Peer, uint64) { return r.peer, r.id }

func (r *Remote) update(_ *pb.Ref, constants map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.constants = constants
}

// Constant is something that is known of the thing, nil if it is not.
func (r *Remote) Constant(name string) any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.constants[name]
}

// ID is the number that the other side knows it by; Peer is the other side.
func (r *Remote) ID() uint64  { return r.id }
func (r *Remote) Peer() *Peer { return r.peer }

// letGo keeps nothing any more for its owner's sake: the owner is gone.
func (m *imports) letGo() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.byID {
		e.kept = nil
	}
	m.sessions = nil
}

// track makes ptr, which stands for the thing e, be found as long as somebody has it. Called with mu held.
func track[T any, P interface {
	*T
	proxied
}](p *Peer, e *imported, ptr P) {
	w := weak.Make((*T)(ptr))
	e.alive = func() proxied {
		if v := w.Value(); v != nil {
			return P(v)
		}
		return nil
	}
	peer := weak.Make(p) // whose owner may have the thing
	runtime.AddCleanup((*T)(ptr), func(e *imported) {
		if p := peer.Value(); p != nil {
			p.collected(e)
		}
	}, e)
}

// collected is told when nobody has a thing any more.
func (p *Peer) collected(e *imported) {
	p.imports.mu.Lock()
	if p.imports.byID[e.id] == e {
		delete(p.imports.byID, e.id)
	}
	count := e.count
	p.imports.mu.Unlock()
	_ = p.send(&pb.Frame{Body: &pb.Frame_Release{Release: &pb.Release{Id: e.id, Count: count}}}) // fails if there is nobody to tell
}

// refer is a reference to a value, which stays here, or goes home.
func (p *Peer) refer(ctx context.Context, v any) (*pb.Ref, error) {
	if x, ok := v.(proxied); ok {
		if home, id := x.home(); home == p {
			return &pb.Ref{Id: id, Yours: true}, nil
		}
	}
	ref := &pb.Ref{}
	var constants map[string]any
	switch v := v.(type) {
	case Thing:
		ref.Kind, constants = v.Kind(), v.Constants()
	case sdk.Session:
		ref.Kind, ref.Id = pb.Ref_SESSION, p.exports.give(v, p.tellDropped)
		if p.opts.TakesSessions {
			ref.Session = appendSession(make([]byte, 0, 160), v)
		} else {
			ref.Constants = sessionConstants(v)
		}
		return ref, nil
	case sdk.Object:
		typ, err := p.typeOf(v)
		if err != nil {
			return nil, err
		}
		_, ref.Ranges = v.(sdk.Ranger)
		ref.Kind, ref.Type, constants = pb.Ref_OBJECT, typ, objectConstants(ctx, v)
	case sdk.Function:
		ref.Kind = pb.Ref_FUNCTION
	case sdk.Roster:
		ref.Kind = pb.Ref_ROSTER
	case sdk.Keyval, sdk.Map, sdk.Archive:
		ref.Kind, constants = pb.Ref_STORE, storeConstants(v)
	case sdk.Exporter:
		ref.Kind = pb.Ref_EXPORTER
	}
	var err error
	if ref.Constants, err = encodeMap(ctx, p, constants, 1); err != nil {
		return nil, err
	}
	ref.Id = p.exports.give(v, p.tellDropped)
	return ref, nil
}

// Thing is something of ours whose kind does not follow from the contract's interfaces.
type Thing interface {
	Target
	Kind() pb.Ref_Kind
	Constants() map[string]any
}

// deref is what a reference stands for.
func (p *Peer) deref(ref *pb.Ref) (any, error) {
	if ref.GetYours() {
		v, ok := p.exports.get(ref.GetId())
		if !ok {
			return nil, fmt.Errorf("a reference to %d, which was not given", ref.GetId())
		}
		return v, nil
	}
	var constants map[string]any
	if len(ref.GetConstants()) > 0 {
		var err error
		if constants, err = p.decodeMap(ref.GetConstants(), 1); err != nil {
			return nil, err
		}
	}
	typ, err := p.types.known(ref)
	if err != nil {
		return nil, err
	}
	im := &p.imports
	im.mu.Lock()
	defer im.mu.Unlock()
	if e := im.byID[ref.GetId()]; e != nil {
		if x := e.get(); x != nil {
			e.count++
			x.update(ref, constants)
			im.use(e, x)
			return x, nil
		}
	}
	e := &imported{id: ref.GetId(), count: 1}
	im.byID[e.id] = e
	x := p.stand(ref, typ, constants, e)
	im.use(e, x)
	return x, nil
}

// peek is deref for a reference that has been counted already, nil if nobody has it any more.
func (p *Peer) peek(ref *pb.Ref) any {
	if ref.GetYours() {
		v, _ := p.exports.get(ref.GetId())
		return v
	}
	p.imports.mu.Lock()
	defer p.imports.mu.Unlock()
	if e := p.imports.byID[ref.GetId()]; e != nil {
		if x := e.get(); x != nil {
			return x
		}
	}
	return nil
}

// get is what stands for the thing, nil if nobody has it any more. Called with imports.mu held.
func (e *imported) get() proxied {
	if e.kept != nil {
		return e.kept
	}
	return e.alive()
}

// stand makes what stands for a thing of the other side.
func (p *Peer) stand(ref *pb.Ref, typ *sdk.ObjectType, constants map[string]any, e *imported) proxied {
	switch ref.GetKind() {
	case pb.Ref_OBJECT:
		return p.standObject(typ, ref.GetRanges(), constants, e)
	case pb.Ref_FUNCTION:
		f := &function{Remote: Remote{peer: p, id: e.id, kind: ref.GetKind()}}
		track(p, e, f)
		return f
	case pb.Ref_SESSION:
		s := &session{Remote: Remote{peer: p, id: e.id, kind: ref.GetKind()}}
		s.update(ref, constants)
		track(p, e, s)
		return s
	case pb.Ref_STORE:
		return p.standStore(constants, e)
	case pb.Ref_ROSTER:
		r := &roster{Remote: Remote{peer: p, id: e.id, kind: ref.GetKind()}}
		track(p, e, r)
		return r
	case pb.Ref_EXPORTER:
		x := &exporter{Remote: Remote{peer: p, id: e.id, kind: ref.GetKind()}}
		track(p, e, x)
		return x
	}
	r := &Remote{peer: p, id: e.id, kind: ref.GetKind(), constants: constants}
	track(p, e, r)
	return r
}
