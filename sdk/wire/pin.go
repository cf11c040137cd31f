package wire

import "quatrain/sdk/wire/pb"

// A frame may have to wait for its turn, while a release that has come behind it does not. So what a frame names of ours is pinned from its arrival
// until it has been read.

// pin is called when a frame arrives, unpin when it has been run or read.
func (p *Peer) pin(f *pb.Frame)   { p.exports.pin(f, 1) }
func (p *Peer) unpin(f *pb.Frame) { p.exports.pin(f, -1) }

func (x *exports) pin(f *pb.Frame, by int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	visit := func(id uint64) {
		if e := x.byID[id]; e != nil {
			e.pins += by
			x.drop(e)
		}
	}
	switch {
	case f.GetCall() != nil:
		c := f.GetCall()
		visit(c.GetTarget())
		namedInList(c.GetArgs(), visit)
		namedInEvent(c.GetEvent(), visit)
	case f.GetCast() != nil:
		visit(f.GetCast().GetTarget())
		namedInList(f.GetCast().GetArgs(), visit)
	case f.GetReturn() != nil:
		namedInList(f.GetReturn().GetResults(), visit)
		namedInEvent(f.GetReturn().GetEvent(), visit)
	}
}

// namedIn calls visit with the number of each thing of ours that a value names.
func namedIn(v *pb.Value, visit func(id uint64)) {
	switch k := v.GetKind().(type) {
	case *pb.Value_Ref:
		namedInRef(k.Ref, visit)
	case *pb.Value_List:
		namedInList(k.List.GetValues(), visit)
	case *pb.Value_Map:
		namedInEntries(k.Map.GetEntries(), visit)
	case *pb.Value_Data:
		for _, pair := range k.Data.GetPairs() {
			namedIn(pair.GetKey(), visit)
			namedIn(pair.GetValue(), visit)
		}
	case *pb.Value_Rows:
		for _, row := range k.Rows.GetRows() {
			namedInList(row.GetValues(), visit)
		}
	}
}

func namedInRef(r *pb.Ref, visit func(id uint64)) {
	if r.GetYours() {
		visit(r.GetId())
	}
	namedInEntries(r.GetConstants(), visit)
}

func namedInList(values []*pb.Value, visit func(id uint64)) {
	for _, v := range values {
		namedIn(v, visit)
	}
}

func namedInEntries(entries []*pb.Entry, visit func(id uint64)) {
	for _, e := range entries {
		namedIn(e.GetValue(), visit)
	}
}

func namedInEvent(ev *pb.Event, visit func(id uint64)) {
	if ev == nil {
		return
	}
	namedInRef(ev.GetOrigin(), visit)
	namedInRef(ev.GetFurther(), visit)
	namedInEntries(ev.GetValues(), visit)
}
